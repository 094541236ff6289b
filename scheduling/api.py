"""REST endpoints of the schedule: the same services as the pages; visits are contested, so writes need If-Match."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework.request import Request
from rest_framework.response import Response

from kit import clock, problem
from kit.endpoint import Endpoint
from kit.errors import DomainError
from kit.etags import PreconditionFailed
from kit.paging import page_of
from kit.problem import Problem
from patients.selectors.patients import get_patient
from practice.audit import note_read
from practice.models import Location, Room
from scheduling.errors import SlotTaken, Stale, Warned
from scheduling.models import Appointment, AppointmentType
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import openings as free
from scheduling.selectors.appointments import (
    get_appointment,
    locations_for,
    provider_resources,
    types_for,
    visible_to,
    zone_of,
)
from scheduling.serializers import (
    AppointmentOut,
    BookIn,
    CancelIn,
    Full,
    ListIn,
    MoveIn,
    OpeningOut,
    OpeningsIn,
    RoomIn,
    Unusual,
)
from scheduling.services import appointments
from scheduling.views.steps import STEPS
from staff.models import Provider

TAG = re.compile(r'^"v(\d+)"$')


REFUSED = {403: Problem, 404: Problem, 409: Full, 422: Unusual, 428: Problem}
CONTESTED = {200: AppointmentOut, **REFUSED, 412: Problem}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """The kit's problem+json, with the structured openings and the warning's name beside the words."""
    if isinstance(error, SlotTaken):
        return problem.problem(
            409,
            detail=error.message,
            errors=[{"field": error.field or "", "message": error.message}],
            alternatives=list(error.alternatives),
            openings=OpeningOut(error.openings, many=True).data,
        )
    if isinstance(error, Warned):
        errors = [{"field": error.field or "", "message": error.message}]
        return problem.problem(422, detail=error.message, errors=errors, warning=error.warning)
    if isinstance(error, Stale):
        error = PreconditionFailed(error.message)
    return problem.handle(error, context)


class ScheduleEndpoint(Endpoint):
    """What the schedule's endpoints share."""

    def get_exception_handler(self) -> Any:
        """See ``handle``."""
        return handle

    def answer(self, visit: Appointment, *, status: int = 200) -> Response:
        """A visit with its ETag; noted as read."""
        note_read(self.request._request, what="Visit", patient_ids=[visit.patient_id])
        return Response(AppointmentOut(visit).data, status=status, headers={"ETag": f'"v{visit.version}"'})

    def version(self) -> int | None:
        """The version If-Match names; 412 when it cannot be one of ours."""
        header = self.request.headers.get("If-Match", "").strip()
        if header == "*":
            return None
        tag = TAG.match(header)
        if tag is None:
            raise PreconditionFailed(
                "That is no ETag of a visit. Read the visit again, then repeat the change"
            )
        return int(tag[1])

    def site(self, key: uuid.UUID) -> Location:
        """A site in the actor's scope."""
        found = next((site for site in locations_for(self.actor) if site.pk == key), None)
        if found is None:
            raise DomainError("There is no such location.", field="location")
        return found

    def one(self, queryset: Any, *, field: str, key: uuid.UUID) -> Any:
        """A referenced row of this practice; a DomainError names the field when there is none."""
        found = queryset.filter(practice_id=self.actor.practice_id, pk=key).first()
        if found is None:
            raise DomainError(f"There is no such {field}.", field=field)
        return found


class Openings(ScheduleEndpoint):
    """Free times."""

    query = OpeningsIn

    @extend_schema(
        operation_id="openings_list",
        tags=["scheduling"],
        responses={
            200: inline_serializer("openings", {"results": OpeningOut(many=True)}),
            403: Problem,
            422: Problem,
        },
    )
    def get(self, request: Request) -> Response:
        """The first free times for a visit type, from a day on, of one provider or of all."""
        self.actor.require(SchedulingPermission.VIEW_SCHEDULE)
        asked = self.asked()
        visit_type = self.one(AppointmentType.objects.all(), field="type", key=asked["type"])
        resources = [
            each
            for each in provider_resources(self.actor)
            if asked.get("provider") in (None, each.provider_id)
            and asked.get("location") in (None, each.location_id)
        ]
        first = asked.get("from_day") or (
            clock.today(zone_of(resources[0].location)) if resources else clock.now().date()
        )
        found = free.openings(
            visit_type,
            resources=resources,
            actor=self.actor,
            from_day=first,
            limit=asked["limit"],
            part=asked.get("part", ""),
        )
        return Response({"results": OpeningOut(found, many=True).data})


class Appointments(ScheduleEndpoint):
    """The list and booking."""

    keyed = True
    query = ListIn
    paged = True

    @extend_schema(
        operation_id="appointments_list",
        tags=["scheduling"],
        responses={200: page_of("appointments_page", row=AppointmentOut(many=True)), 422: Problem},
    )
    def get(self, request: Request) -> Response:
        """Visits in the order they were booked."""
        self.actor.require(SchedulingPermission.VIEW_SCHEDULE)
        names = {"day": "local_day", "updated_since": "updated_at__gte"}
        given = {names.get(name, name): value for name, value in self.asked().items()}
        answer, rows = self.page(visible_to(self.actor).filter(**given), row=AppointmentOut)
        note_read(request._request, what="Visits", patient_ids=[row.patient_id for row in rows])
        return answer

    @extend_schema(
        operation_id="appointments_book",
        tags=["scheduling"],
        request=BookIn,
        responses={201: AppointmentOut, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Book a visit; a full slot answers 409 with the nearest openings."""
        self.actor.require(SchedulingPermission.BOOK_VISIT)
        asked = self.read(BookIn)
        room = asked.get("room")
        visit = appointments.book(
            get_patient(asked["patient"], actor=self.actor),
            visit_type=next((t for t in types_for(self.actor) if t.pk == asked["type"]), None)
            or self.one(AppointmentType.objects.all(), field="type", key=asked["type"]),
            provider=self.one(Provider.objects.all(), field="provider", key=asked["provider"]),
            location=self.site(asked["location"]),
            starts_at=asked["starts_at"],
            room=self.one(Room.objects.all(), field="room", key=room) if room else None,
            reason=asked.get("reason", ""),
            accept=asked.get("accept", ()),
            override_reason=asked.get("override_reason", ""),
            actor=self.actor,
            via="api",
        )
        return self.answer(visit, status=201)


class OneAppointment(ScheduleEndpoint):
    """One visit."""

    @extend_schema(
        operation_id="appointments_retrieve",
        tags=["scheduling"],
        responses={200: AppointmentOut, 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """A visit and its ETag."""
        self.actor.require(SchedulingPermission.VIEW_SCHEDULE)
        return self.answer(get_appointment(pk, actor=self.actor))


class Move(ScheduleEndpoint):
    """Another time for a visit."""

    contested = True

    @extend_schema(
        operation_id="appointments_move",
        tags=["scheduling"],
        request=MoveIn,
        responses=CONTESTED,
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Move a visit; refusals as for booking."""
        self.actor.require(SchedulingPermission.BOOK_VISIT)
        visit = get_appointment(pk, actor=self.actor)
        asked, version = self.read(MoveIn), self.version()
        provider, site = asked.get("provider"), asked.get("location")
        moved = appointments.move(
            visit,
            starts_at=asked["starts_at"],
            provider=self.one(Provider.objects.all(), field="provider", key=provider) if provider else None,
            location=self.one(Location.objects.all(), field="location", key=site) if site else None,
            accept=asked.get("accept", ()),
            override_reason=asked.get("override_reason", ""),
            version=version,
            actor=self.actor,
        )
        return self.answer(moved)


class Cancel(ScheduleEndpoint):
    """The end of a visit before it began."""

    contested = True

    @extend_schema(
        operation_id="appointments_cancel",
        tags=["scheduling"],
        request=CancelIn,
        responses=CONTESTED,
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Cancel a visit."""
        self.actor.require(SchedulingPermission.BOOK_VISIT)
        visit = get_appointment(pk, actor=self.actor)
        asked, version = self.read(CancelIn), self.version()
        return self.answer(appointments.cancel(visit, version=version, actor=self.actor, **asked))


class Step(ScheduleEndpoint):
    """A visit's way through the day."""

    contested = True

    @extend_schema(
        operation_id="appointments_step",
        tags=["scheduling"],
        request=RoomIn,
        responses=CONTESTED,
        parameters=[OpenApiParameter("step", str, OpenApiParameter.PATH, enum=sorted(STEPS))],
    )
    def post(self, request: Request, pk: uuid.UUID, step: str) -> Response:
        """confirm, arrive, room, with_provider, check_out, complete, no_show or leave; checking in is its own endpoint.

        A hold: book_held or release.
        """
        button = STEPS.get(step)
        if button is None:
            raise Http404
        needed = SchedulingPermission.BOOK_VISIT if button.books else SchedulingPermission.CHANGE_FLOW
        self.actor.require(needed)
        visit = get_appointment(pk, actor=self.actor)
        asked, version = self.read(RoomIn), self.version()
        extra: dict[str, Any] = {}
        if asked and step != "room":
            raise DomainError("Only the step “room” takes a room.", field="room")
        if asked.get("room"):
            extra["room"] = self.one(Room.objects.all(), field="room", key=asked["room"])
        if step == "room":
            extra["accept"] = asked.get("accept", ())
        done: Appointment = getattr(appointments, step)(visit, actor=self.actor, version=version, **extra)
        return self.answer(done)
