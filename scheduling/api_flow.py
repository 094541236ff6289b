"""REST endpoints of the flow board: the board itself, and why somebody waits. Rooms are given by the step ``room``."""

from __future__ import annotations

import uuid
from datetime import timedelta

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kit.errors import DomainError
from kit.problem import Problem
from practice.audit import note_read
from practice.selectors.days import practice_today
from scheduling.api import CONTESTED, ScheduleEndpoint
from scheduling.models import WaitReason
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import flow as found
from scheduling.selectors.appointments import get_appointment, get_location, locations_for
from scheduling.selectors.check_in import check_in_of, to_look_at
from scheduling.selectors.flow_facts import flow_of
from scheduling.serializers_flow import (
    CheckInIn,
    CheckInOut,
    FlowFactsIn,
    FlowFactsOut,
    FlowIn,
    FlowOut,
    LookOut,
    WaitIn,
)
from scheduling.services import check_in, flow
from staff.models import Provider


class FlowBoard(ScheduleEndpoint):
    """Today of one site by status."""

    query = FlowIn

    @extend_schema(
        operation_id="flow_retrieve",
        tags=["scheduling"],
        responses={200: FlowOut, 304: None, 403: Problem, 404: Problem, 422: Problem},
    )
    def get(self, request: Request) -> Response:
        """The board with its ETag; 304 for a reader that sends it as If-None-Match while nothing has changed."""
        self.actor.require(SchedulingPermission.VIEW_SCHEDULE)
        asked = self.asked()
        sites = locations_for(self.actor)
        if asked.get("location") or not sites:
            site = get_location(asked.get("location") or uuid.UUID(int=0), actor=self.actor)
        else:
            site = sites[0]
        provider = asked.get("provider")
        if provider:
            self.one(Provider.objects.all(), field="provider", key=provider)
        tag = f'"{found.tag_of(site, actor=self.actor, provider=provider)}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        board = found.board_of(site, actor=self.actor, provider=provider)
        shown = [card.visit.patient_id for card in board.cards if card.open]
        note_read(request._request, what=f"Flow board of {site.name}", patient_ids=shown)
        return Response(FlowOut(board).data, headers={"ETag": tag})


class Wait(ScheduleEndpoint):
    """Why somebody waits."""

    contested = True

    @extend_schema(operation_id="appointments_wait", tags=["scheduling"], request=WaitIn, responses=CONTESTED)
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Give a reason of the practice's list, or none: they wait no longer. The status and its clock go on."""
        self.actor.require(SchedulingPermission.CHANGE_FLOW)
        visit = get_appointment(pk, actor=self.actor)
        asked, version = self.read(WaitIn), self.version()
        key = asked.get("reason")
        reason = self.one(WaitReason.objects.all(), field="reason", key=key) if key else None
        done = flow.wait(visit, reason=reason, note=asked.get("note", ""), version=version, actor=self.actor)
        return self.answer(done)


class CheckIn(ScheduleEndpoint):
    """A visit at the desk."""

    contested = True

    @extend_schema(
        operation_id="appointments_check_in_retrieve",
        tags=["scheduling"],
        responses={200: LookOut, 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """What there is to look at before the check-in, and the check-in once it is made."""
        self.actor.require(SchedulingPermission.CHANGE_FLOW)
        visit = get_appointment(pk, actor=self.actor)
        note_read(request._request, what="Visit", patient_ids=[visit.patient_id])
        items = to_look_at(visit, identity=True, contact=True, actor=self.actor)[2:]
        answer = LookOut({"items": items, "check_in": check_in_of(visit)}).data
        return Response(answer, headers={"ETag": f'"v{visit.version}"'})

    @extend_schema(
        operation_id="appointments_check_in",
        tags=["scheduling"],
        request=CheckInIn,
        responses={**CONTESTED, 200: CheckInOut},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Confirm who came, correct telephone and address, check in. What is missing asks for a reason (422)."""
        self.actor.require(SchedulingPermission.CHANGE_FLOW)
        visit = get_appointment(pk, actor=self.actor)
        asked, version = self.read(CheckInIn), self.version()
        made = check_in.check_in(
            visit,
            identity=asked.pop("identity"),
            contact=asked.pop("contact"),
            reason=asked.pop("reason", ""),
            details=asked,
            version=version,
            actor=self.actor,
        )
        note_read(request._request, what="Visit", patient_ids=[visit.patient_id])
        return Response(CheckInOut(made).data, headers={"ETag": f'"v{made.appointment.version}"'})


class FlowFacts(ScheduleEndpoint):
    """Waits and shares of some days."""

    query = FlowFactsIn

    @extend_schema(
        operation_id="flow_facts_retrieve",
        tags=["scheduling"],
        responses={200: FlowFactsOut, 403: Problem, 404: Problem, 422: Problem},
    )
    def get(self, request: Request) -> Response:
        """Door to room, room to provider, cycle time, on-time start, late arrivals, left: by provider and hour."""
        asked = self.asked()
        site = get_location(asked["location"], actor=self.actor).pk if asked.get("location") else None
        last = asked.get("last") or practice_today(self.actor) - timedelta(days=1)
        first = asked.get("first") or last - timedelta(days=27)
        if first > last:
            raise DomainError("The first day comes after the last.", field="first")
        found_ = flow_of(self.actor, first=first, last=last, location=site)
        return Response(FlowFactsOut(found_).data)
