"""What the endpoints of the flow board and the desk take and give."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.models import CheckIn, CheckInItem


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


class CheckInIn(serializers.Serializer[Any]):
    """What the patient confirmed, telephone and address where they differ; ``reason`` when something is missing."""

    identity = serializers.BooleanField()
    contact = serializers.BooleanField()
    phone = serializers.CharField(required=False, max_length=30, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    address_line = serializers.CharField(required=False, max_length=120, allow_blank=True)
    city = serializers.CharField(required=False, max_length=60, allow_blank=True)
    state = serializers.RegexField(r"^([A-Z]{2})?$", required=False, allow_blank=True)
    postal_code = serializers.CharField(required=False, max_length=10, allow_blank=True)
    reason = serializers.CharField(required=False, max_length=200, allow_blank=True)


class CheckInItemOut(serializers.ModelSerializer[CheckInItem]):
    """One thing that was looked at."""

    class Meta:
        model = CheckInItem
        fields = ("code", "title", "state", "detail")


class CheckInOut(serializers.ModelSerializer[CheckIn]):
    """A check-in as it was made."""

    items = CheckInItemOut(many=True)

    class Meta:
        model = CheckIn
        fields = ("id", "appointment", "at", "by", "missing", "reason", "items")


class LookItemOut(serializers.Serializer[Any]):
    """One thing to look at: ``missing`` asks for a reason, ``warn`` is only said."""

    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=CheckInItem.State.choices)
    detail = serializers.CharField()
    todo = serializers.CharField()


class LookOut(serializers.Serializer[Any]):
    """A visit at the desk."""

    items = LookItemOut(many=True)
    check_in = CheckInOut(allow_null=True)


class FlowFactsIn(serializers.Serializer[Any]):
    """Query parameters of the flow figures; without days the last 28 up to yesterday, at most a year."""

    first = serializers.DateField(required=False)
    last = serializers.DateField(required=False)
    location = serializers.UUIDField(required=False)


class SpreadOut(serializers.Serializer[Any]):
    """Minutes: how many visits, the middle one, and what nine of ten stay within."""

    visits = serializers.IntegerField()
    median = serializers.DecimalField(max_digits=8, decimal_places=1, allow_null=True)
    ninetieth = serializers.DecimalField(max_digits=8, decimal_places=1, allow_null=True)


class ShareOut(serializers.Serializer[Any]):
    """So many of so many."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()


class FlowLineOut(serializers.Serializer[Any]):
    """A provider, an hour (0 to 23), or all of them (no key)."""

    name = serializers.CharField()
    key = serializers.CharField(allow_null=True)
    arrivals = serializers.IntegerField()
    door_to_room = SpreadOut(source="waits.door_to_room")
    room_to_provider = SpreadOut(source="waits.room_to_provider")
    cycle = SpreadOut(source="waits.cycle")
    on_time_start = ShareOut(source="shares.on_time")
    late_arrival = ShareOut(source="shares.late")
    left_unseen = ShareOut(source="shares.left")


class FlowFactsOut(serializers.Serializer[Any]):
    """The flow figures of some days."""

    first = serializers.DateField()
    last = serializers.DateField()
    on_time_minutes = serializers.IntegerField()
    late_minutes = serializers.IntegerField()
    everyone = FlowLineOut()
    providers = FlowLineOut(many=True)
    hours = FlowLineOut(many=True)
