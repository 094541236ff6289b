"""Rooms of a site as the flow board knows them: which there are, and who sits in one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from practice.models import Location, Room
from scheduling.models import Appointment, StatusEvent
from scheduling.rules.flow import IN_ROOM


def rooms_at(location: Location) -> list[Room]:
    """The rooms in use, by name."""
    return sorted(
        Room.objects.filter(location=location, is_active=True), key=lambda room: _natural(room.name)
    )


def _natural(name: str) -> tuple[object, ...]:
    """ "Room 2" before "Room 10"."""
    head = name.rstrip("0123456789")
    return (head, int(name[len(head) :] or 0), name)


def sitting_in(room: Room, *, day: date, but: UUID) -> QuerySet[Appointment]:
    """Visits of a day, other than one, whose patient sits in a room now."""
    named = StatusEvent.objects.filter(appointment=OuterRef("pk"), room__isnull=False)
    latest = Subquery(named.order_by("-at", "-created_at", "-id").values("room_id")[:1])
    here = Appointment.objects.filter(location_id=room.location_id, local_day=day, status__in=sorted(IN_ROOM))
    found = here.exclude(pk=but).annotate(room_now=latest).filter(room_now=room.pk)
    return found.select_related("patient", "location").order_by("starts_at", "id")
