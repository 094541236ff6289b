"""What the schedule's endpoints take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kit.problem import Problem
from kit.serializers import Written
from scheduling.models import Appointment
from scheduling.rules import Opening
from scheduling.selectors import openings as free


class AppointmentOut(Written):
    """A visit as read; times are instants."""

    class Meta:
        model = Appointment
        fields = (
            "id", "patient", "provider", "location", "type", "starts_at", "ends_at", "local_day", "status", "reason",
            "hold_expires_at",
            "cancelled_by", "cancel_reason", "is_new_patient", "version", "updated_at",
        )  # fmt: skip


class OpeningOut(serializers.Serializer[Any]):
    """A free time."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    provider = serializers.UUIDField(source="provider_id")
    location = serializers.UUIDField(source="location_id")
    sentence = serializers.SerializerMethodField()

    def get_sentence(self, opening: Opening) -> str:
        """The opening in words."""
        return free.sentence(opening)


class Full(Problem):
    """409 of a full slot: the nearest openings as sentences and as data."""

    openings = OpeningOut(many=True, required=False)


class Unusual(Problem):
    """422 of something unusual: repeat with ``warning`` in ``accept`` when it is meant."""

    warning = serializers.CharField(required=False)


class AcceptIn(serializers.Serializer[Any]):
    """Warnings that are meant (``warning`` of the 422s before it), and why."""

    accept = serializers.ListField(
        child=serializers.RegexField(r"^[a-z_]{1,40}$"), required=False, max_length=8
    )
    override_reason = serializers.CharField(required=False, max_length=200, allow_blank=True)


class BookIn(AcceptIn):
    """A booking."""

    patient = serializers.UUIDField()
    provider = serializers.UUIDField()
    location = serializers.UUIDField()
    type = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    room = serializers.UUIDField(required=False, allow_null=True)
    reason = serializers.CharField(required=False, max_length=200, allow_blank=True)


class MoveIn(AcceptIn):
    """Another time."""

    starts_at = serializers.DateTimeField()
    provider = serializers.UUIDField(required=False)
    location = serializers.UUIDField(required=False)


class CancelIn(serializers.Serializer[Any]):
    """Who cancels and why."""

    by = serializers.ChoiceField(
        choices=[("patient", "Patient, late or in time by the rule"), *Appointment.CancelledBy.choices]
    )
    reason = serializers.CharField(max_length=200)


class RoomIn(serializers.Serializer[Any]):
    """Which room (step ``room`` only); ``accept`` room_taken when it is shared on purpose."""

    room = serializers.UUIDField(required=False)
    accept = serializers.ListField(
        child=serializers.RegexField(r"^[a-z_]{1,40}$"), required=False, max_length=8
    )


class ListIn(serializers.Serializer[Any]):
    """Query parameters of the list."""

    day = serializers.DateField(required=False)
    provider = serializers.UUIDField(required=False)
    patient = serializers.UUIDField(required=False)
    location = serializers.UUIDField(required=False)
    updated_since = serializers.DateTimeField(required=False)


class OpeningsIn(serializers.Serializer[Any]):
    """Query parameters of the search for openings."""

    type = serializers.UUIDField()
    provider = serializers.UUIDField(required=False)
    location = serializers.UUIDField(required=False)
    from_day = serializers.DateField(required=False)
    part = serializers.ChoiceField(choices=("am", "pm"), required=False)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=50, default=9)
