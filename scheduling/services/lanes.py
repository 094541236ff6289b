"""Take and free lanes of resources: advisory locks in one order first, the exclusion constraint as the truth."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from practice.actor import Actor
from scheduling.models import Appointment, Resource, ResourceBooking
from scheduling.rules import Stretch, free_lane

LONGEST = timedelta(hours=24)
KIND_ORDER = {Resource.Kind.PROVIDER: 0, Resource.Kind.ROOM: 1, Resource.Kind.DEVICE: 2}


def lock(resources: Iterable[Resource]) -> None:
    """Wait for the sole right to change what is booked of these, until the transaction ends.

    Always provider, room, device and then by id: two bookings can wait for each other but never in a circle
    (exclusion constraints alone deadlock: SECURITY.md fact 11).
    """
    unique = {resource.pk: resource for resource in resources}
    in_order = sorted(unique.values(), key=lambda each: (KIND_ORDER[Resource.Kind(each.kind)], each.pk))
    with connection.cursor() as cursor:
        for resource in in_order:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 0))", [str(resource.pk)])


def taken(resource: Resource, *, start: datetime, end: datetime) -> list[Stretch]:
    """What holds a lane of a resource somewhere between two moments."""
    return [
        Stretch(start=starts_at, end=ends_at, lane=lane)
        for starts_at, ends_at, lane in ResourceBooking.objects.filter(
            resource=resource,
            active=True,
            starts_at__gt=start - LONGEST,
            starts_at__lt=end,
            ends_at__gt=start,
        ).values_list("starts_at", "ends_at", "lane")
    ]


def lane_for(resource: Resource, *, start: datetime, end: datetime, overbook: bool = False) -> int | None:
    """The lowest free lane, with ``overbook`` one of the extra ones; None when there is none. Lock first."""
    ordinary = range(resource.capacity)
    extra = range(resource.capacity, resource.capacity + resource.overbook_max)
    held = taken(resource, start=start, end=end)
    lane = free_lane(held, start=start, end=end, lanes=ordinary)
    return free_lane(held, start=start, end=end, lanes=extra) if lane is None and overbook else lane


def take(
    appointment: Appointment, *, resource: Resource, lane: int, ends_at: datetime, reason: str, actor: Actor
) -> ResourceBooking:
    """Write that a visit holds a lane until ``ends_at`` (its end and the buffer)."""
    over = lane >= resource.capacity
    return ResourceBooking.objects.create(
        practice_id=actor.practice_id,
        appointment=appointment,
        resource=resource,
        lane=lane,
        starts_at=appointment.starts_at,
        ends_at=ends_at,
        overbooked_by=str(actor) if over else "",
        overbook_reason=reason if over else "",
    )


def free(appointment: Appointment) -> None:
    """Give back everything a visit holds."""
    ResourceBooking.objects.filter(appointment=appointment, active=True).update(active=False)


def held_by(appointment: Appointment) -> list[Resource]:
    """The resources a visit holds or held last, for locking."""
    return list(Resource.objects.filter(bookings__appointment=appointment).distinct())
