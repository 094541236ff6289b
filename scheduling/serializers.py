"""What the schedule's endpoints take and give."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kit.problem import Problem
from scheduling.models import Appointment
from scheduling.rules import Opening
from scheduling.selectors import openings as free


class AppointmentOut(serializers.ModelSerializer[Appointment]):
    """A visit as read; times are instants."""

    class Meta:
        model = Appointment
        fields = (
            "id", "patient", "provider", "location", "type", "starts_at", "ends_at", "local_day", "status", "reason",
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

    by = serializers.ChoiceField(choices=Appointment.CancelledBy.choices)
    reason = serializers.CharField(max_length=200)


class RoomIn(serializers.Serializer[Any]):
    """Which room (step ``room`` only); ``accept`` room_taken when it is shared on purpose."""

    room = serializers.UUIDField(required=False)
    accept = serializers.ListField(
        child=serializers.RegexField(r"^[a-z_]{1,40}$"), required=False, max_length=8
    )


class WaitIn(serializers.Serializer[Any]):
    """Why somebody waits; no ``reason``: they wait no longer."""

    reason = serializers.UUIDField(required=False, allow_null=True)
    note = serializers.CharField(required=False, max_length=200, allow_blank=True)


class FlowIn(serializers.Serializer[Any]):
    """Query parameters of the flow board; without a location the first one of whoever asks."""

    location = serializers.UUIDField(required=False)
    provider = serializers.UUIDField(required=False)


class FlowCardOut(serializers.Serializer[Any]):
    """A visit on the board. ``since``: when its status began; ``tone``: warn from the amber minute on, bad from red."""

    appointment = serializers.UUIDField(source="visit.pk")
    patient = serializers.UUIDField(source="visit.patient_id")
    provider = serializers.UUIDField(source="visit.provider_id")
    type = serializers.UUIDField(source="visit.type_id")
    starts_at = serializers.DateTimeField(source="visit.starts_at")
    status = serializers.CharField(source="visit.status")
    version = serializers.IntegerField(source="visit.version")
    since = serializers.DateTimeField()
    arrived_at = serializers.DateTimeField(source="stay.arrived_at", allow_null=True)
    room = serializers.UUIDField(source="stay.room_id", allow_null=True)
    wait_reason = serializers.UUIDField(source="stay.reason_id", allow_null=True)
    tone = serializers.CharField()
    amber_minutes = serializers.IntegerField(source="limits.amber")
    red_minutes = serializers.IntegerField(source="limits.red")


class FlowRoomOut(serializers.Serializer[Any]):
    """A room, and in how many visits somebody sits in it now."""

    room = serializers.UUIDField(source="room.pk")
    name = serializers.CharField(source="room.name")
    taken = serializers.SerializerMethodField()

    def get_taken(self, place: Any) -> int:
        """0 when it is free."""
        return len(place.cards)


class FlowOut(serializers.Serializer[Any]):
    """The board of a site's today. Visits of restricted patients the token may not see are left out."""

    location = serializers.UUIDField(source="location.pk")
    day = serializers.DateField()
    cards = serializers.SerializerMethodField()
    rooms = FlowRoomOut(source="places", many=True)
    median_minutes_to_room = serializers.IntegerField(source="to_room", allow_null=True)
    median_minutes_door_to_door = serializers.IntegerField(source="door_to_door", allow_null=True)

    @extend_schema_field(FlowCardOut(many=True))
    def get_cards(self, board: Any) -> Any:
        """Lane by lane."""
        return FlowCardOut([card for card in board.cards if card.open], many=True).data


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
