"""Take and free lanes of resources: advisory locks in one order first, the exclusion constraint as the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Case, Exists, OuterRef, PositiveSmallIntegerField, Value, When

from kit import clock
from practice.actor import Actor
from scheduling.models import Appointment, Resource, ResourceBooking
from scheduling.rules import free_lane
from scheduling.rules.fits import Lane, coloured_anew
from scheduling.selectors.supply import taken_between

LONGEST = timedelta(hours=24)
# A queue of desks at one provider moves on and is no lock that is stuck: it may take longer than the role's
# lock_timeout, which the same statement puts back (its last columns are evaluated last).
LOCK = """
WITH kept AS MATERIALIZED (SELECT current_setting('lock_timeout') AS value)
SELECT set_config('lock_timeout', '12s', true), pg_advisory_xact_lock(hashtextextended(%s::text, 0)),
       set_config('lock_timeout', kept.value, true) FROM kept
"""
KIND_ORDER = {Resource.Kind.PROVIDER: 0, Resource.Kind.ROOM: 1, Resource.Kind.DEVICE: 2}


def lock(resources: Iterable[Resource]) -> None:
    """Wait for the sole right to change what is booked of these, until the transaction ends.

    Always provider, room, device and then by id: two bookings can wait for each other but never in a circle
    (exclusion constraints alone deadlock: SECURITY.md fact 11). A provider's resources at all sites share one lock.
    """
    keys = {(KIND_ORDER[Resource.Kind(each.kind)], each.provider_id or each.pk) for each in resources}
    with connection.cursor() as cursor:
        for _, key in sorted(keys):
            cursor.execute(LOCK, [str(key)])


def room_left(
    resource: Resource, *, start: datetime, end: datetime, capacity: int, but: UUID | None = None
) -> bool:
    """Whether one more visit fits: fewer at once than ``capacity``, and the provider at no other site. Lock first."""
    taken = taken_between([resource], start=start, end=end, but=but)[resource.pk]
    return taken.depth(start, end, all_lanes=max(1, capacity)) < capacity


def lane_for(
    resource: Resource,
    *,
    start: datetime,
    end: datetime,
    capacity: int | None = None,
    overbook: bool = False,
) -> int | None:
    """The lane a visit gets, None when there is none; ``overbook`` also one of the extra lanes. Lock first.

    When it fits by count but in no lane, the bookings around it change lanes, so that one is free.
    """
    most = resource.capacity if capacity is None else capacity
    taken = taken_between([resource], start=start, end=end)[resource.pk]
    here = taken.between(start, end)
    if taken.depth(start, end, all_lanes=max(1, most)) < most:
        lane = free_lane(here, start=start, end=end, lanes=range(most))
        return _made_free(resource, start=start, end=end, capacity=most) if lane is None else lane
    most_at_all = most + resource.overbook_max
    if not overbook or taken.depth(start, end, all_lanes=max(1, most_at_all)) >= most_at_all:
        return None
    return free_lane(here, start=start, end=end, lanes=range(most, most_at_all))


def _made_free(resource: Resource, *, start: datetime, end: datetime, capacity: int) -> int | None:
    anew = coloured_anew(_around(resource, start=start, end=end), start=start, end=end, capacity=capacity)
    if anew is None:
        return None
    lane, moves = anew
    _recolour(moves)
    return lane


def _around(resource: Resource, *, start: datetime, end: datetime) -> list[Lane]:
    """The bookings of a resource within a day of a time: enough for all that hangs together with it."""
    rows = ResourceBooking.objects.filter(
        resource=resource, active=True, starts_at__gt=start - LONGEST, starts_at__lt=end + LONGEST
    ).values_list("id", "starts_at", "ends_at", "lane")
    return [Lane(*row) for row in rows]


def _recolour(moves: Mapping[UUID, int]) -> None:
    """Give bookings other lanes. They let go of the old ones first: the constraint looks at every row by itself."""
    if not moves:
        return
    changed = ResourceBooking.objects.filter(pk__in=sorted(moves))
    changed.update(active=False)
    lanes = [When(pk=pk, then=Value(lane)) for pk, lane in sorted(moves.items())]
    changed.update(lane=Case(*lanes, output_field=PositiveSmallIntegerField()), active=True)


def take(
    appointment: Appointment,
    *,
    resource: Resource,
    lane: int,
    ends_at: datetime,
    reason: str,
    actor: Actor,
    starts_at: datetime | None = None,
    capacity: int | None = None,
) -> ResourceBooking:
    """Write that a visit holds a lane until ``ends_at``; both ends with the minutes around it.

    A lane at or past ``capacity`` (default: the resource's) is overbooked: by whom and why is kept.
    """
    over = lane >= (resource.capacity if capacity is None else capacity)
    return ResourceBooking.objects.create(
        practice_id=actor.practice_id,
        appointment=appointment,
        resource=resource,
        provider_id=resource.provider_id if resource.kind == Resource.Kind.PROVIDER else None,
        lane=lane,
        starts_at=starts_at or appointment.starts_at,
        ends_at=ends_at,
        overbooked_by=str(actor) if over else "",
        overbook_reason=reason if over else "",
    )


def free(appointment: Appointment) -> None:
    """Give back everything a visit holds."""
    ResourceBooking.objects.filter(appointment=appointment, active=True).update(active=False)


def held_by(*appointments: Appointment) -> list[Resource]:
    """The resources visits hold or held last, for locking; nothing is asked about none."""
    if not appointments:
        return []
    return list(Resource.objects.filter(bookings__appointment__in=appointments).distinct())


def run_out(resources: Iterable[Resource]) -> list[Appointment]:
    """Held visits on these resources whose time is over. Lock what they hold, look again, then let them go."""
    theirs = ResourceBooking.objects.filter(
        resource_id__in=sorted({each.pk for each in resources}), appointment=OuterRef("pk"), active=True
    )
    found = Appointment.objects.filter(
        Exists(theirs), status=Appointment.Status.HELD, hold_expires_at__lte=clock.now()
    )
    return list(found.order_by("id"))
