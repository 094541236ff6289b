"""Where a text gateway hands in replies and what became of texts; how a visit takes place."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.problem import Problem
from practice.audit import note_read
from scheduling.models import Telehealth, VisitReply
from scheduling.models.kinds import Modality
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import get_appointment
from scheduling.selectors.telehealth import details_of, unlicensed
from scheduling.services import reminders, replies
from scheduling.services.telehealth import set_details

DETAILS = ("modality", "join_link", "state", "timezone", "phone")
REFUSED = {400: Problem, 403: Problem, 422: Problem}


class TextReplyIn(serializers.Serializer[Any]):
    """A text that came in. ``reference`` is the gateway's own name for it: the same twice is one reply."""

    phone = serializers.CharField(max_length=30)
    text = serializers.CharField(max_length=1600, allow_blank=True)
    reference = serializers.RegexField(r"^[\x21-\x7e]{1,80}$")


class TextReplyOut(serializers.ModelSerializer[VisitReply]):
    """How it was understood. Nothing of a patient: a gateway learns no more than it said."""

    class Meta:
        model = VisitReply
        fields = ("id", "reference", "meaning", "received_at")


class DeliveryIn(serializers.Serializer[Any]):
    """What became of a text that the gateway took."""

    reference = serializers.RegexField(r"^[\x21-\x7e]{1,80}$")
    delivered = serializers.BooleanField()
    why = serializers.CharField(max_length=160, required=False, allow_blank=True)


class DeliveryOut(serializers.Serializer[Any]):
    """How many reminders that was: 0 for a text we do not know, or know the end of."""

    reminders = serializers.IntegerField()


class TextReplies(Endpoint):
    """Replies to texts."""

    @extend_schema(
        operation_id="text_replies_take",
        tags=["scheduling"],
        request=TextReplyIn,
        responses={201: TextReplyOut, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Take a reply: YES confirms the visit, NO waits for the desk, STOP ends texts, the rest is read."""
        self.actor.require(SchedulingPermission.RECEIVE_TEXTS)
        asked = self.read(TextReplyIn)
        reply = replies.take_text(
            phone=asked["phone"], words=asked["text"], reference=asked["reference"], actor=self.actor
        )
        return Response(TextReplyOut(reply).data, status=201)


class TextDeliveries(Endpoint):
    """What became of texts."""

    @extend_schema(
        operation_id="text_deliveries_note",
        tags=["scheduling"],
        request=DeliveryIn,
        responses={200: DeliveryOut, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """Keep that a text arrived or did not; one that did not is work for the desk."""
        self.actor.require(SchedulingPermission.RECEIVE_TEXTS)
        found = reminders.note_delivery(actor=self.actor, **self.read(DeliveryIn))
        return Response({"reminders": found})


class TelehealthIn(serializers.Serializer[Any]):
    """How a visit takes place; what is left out is emptied."""

    modality = serializers.ChoiceField(choices=Modality.choices)
    join_link = serializers.CharField(max_length=300, required=False, allow_blank=True)
    state = serializers.CharField(max_length=2, required=False, allow_blank=True)
    timezone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)


class TelehealthOut(serializers.Serializer[Any]):
    """How a visit takes place, and what is to be known about it: "" when nothing is wrong."""

    modality = serializers.CharField()
    join_link = serializers.CharField()
    state = serializers.CharField()
    timezone = serializers.CharField()
    phone = serializers.CharField()
    warning = serializers.CharField()


class TelehealthOf(Endpoint):
    """How one visit takes place."""

    @extend_schema(
        operation_id="appointments_telehealth_retrieve",
        tags=["scheduling"],
        responses={200: TelehealthOut, 403: Problem, 404: Problem},
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """As its kind says, until something was entered."""
        self.actor.require(SchedulingPermission.VIEW_SCHEDULE)
        return self._answer(pk)

    @extend_schema(
        operation_id="appointments_telehealth_update",
        tags=["scheduling"],
        request=TelehealthIn,
        responses={200: TelehealthOut, 404: Problem, 409: Problem, **REFUSED},
    )
    def put(self, request: Request, pk: uuid.UUID) -> Response:
        """Say how it takes place. A missing licence is a warning in the answer and stops nothing."""
        self.actor.require(SchedulingPermission.BOOK_VISIT)
        visit = get_appointment(pk, actor=self.actor)
        set_details(visit, actor=self.actor, **self.read(TelehealthIn))
        return self._answer(pk)

    def _answer(self, pk: uuid.UUID) -> Response:
        visit = get_appointment(pk, actor=self.actor)
        note_read(self.request._request, what="Visit", patient_ids=[visit.patient_id])
        details = details_of(visit) or Telehealth(modality=visit.type.modality)
        warning = unlicensed(
            visit.provider, kind=visit.type, patient=visit.patient, day=visit.local_day, details=details
        )
        said = {name: getattr(details, name) for name in DETAILS} | {"warning": warning}
        return Response(TelehealthOut(said).data)
