"""Where a text gateway hands in replies and what became of texts, by a token of its own (scheduling.receive_texts)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.endpoint import Endpoint
from kit.problem import Problem
from scheduling.models import VisitReply
from scheduling.permissions import SchedulingPermission
from scheduling.services import reminders, replies

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
