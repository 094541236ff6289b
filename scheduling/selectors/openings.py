"""Free times: open blocks minus what is booked, read by resource and start so that indexes serve it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kit import clock, words
from practice.actor import Actor
from practice.services.rules import rule
from scheduling.models import AppointmentType, AvailabilityBlock, Resource, ResourceBooking, TemplateBlock
from scheduling.rules import Opening, Stretch, free_starts, inside, instant
from scheduling.selectors.appointments import zone_of

WINDOWS = (7, 14, 39)  # days looked at in turn, until enough is found: 60 in all
Booked = dict[UUID, list[Stretch]]


def openings(
    visit_type: AppointmentType,
    *,
    resources: Sequence[Resource],
    actor: Actor,
    from_day: date,
    limit: int = 9,
    days: int = sum(WINDOWS),
    not_before: datetime | None = None,
    part: str = "",
) -> list[Opening]:
    """The first free times of these providers from a day on, earliest first.

    ``part`` "am" or "pm" keeps mornings or afternoons at the site. Held blocks open on their own day only.
    """
    begin = max(not_before or clock.now(), clock.now())
    grid = int(rule("scheduling.grid_minutes", on=from_day))
    found: list[Opening] = []
    first, left = from_day, days
    for window in WINDOWS:
        length = min(window, left)
        if length <= 0:
            break
        last = first + timedelta(days=length - 1)
        found += _within(
            visit_type,
            resources=resources,
            first=first,
            last=last,
            begin=begin,
            grid=grid,
            limit=limit,
            part=part,
        )
        if len(found) >= limit:
            break
        first, left = last + timedelta(days=1), left - length
    return sorted(found, key=lambda each: (each.starts_at, each.provider))[:limit]


def _within(
    visit_type: AppointmentType,
    *,
    resources: Sequence[Resource],
    first: date,
    last: date,
    begin: datetime,
    grid: int,
    limit: int,
    part: str,
) -> list[Opening]:
    blocks = open_blocks(resources, first=first, last=last)
    if not blocks:
        return []
    booked = bookings_between(
        resources,
        start=min(each.start for row in blocks.values() for each in row),
        end=max(each.end for row in blocks.values() for each in row) + timedelta(hours=4),
    )
    found: list[Opening] = []
    for resource in resources:
        starts = free_starts(
            _parts(blocks.get(resource.pk, []), resource=resource, part=part),
            taken=booked.get(resource.pk, []),
            minutes=visit_type.minutes,
            buffer=visit_type.buffer_after,
            grid=grid,
            capacity=resource.capacity,
            not_before=begin,
            limit=limit,
        )
        found += [_opening(resource, start=start, visit_type=visit_type) for start in starts]
    return found


def _parts(blocks: Sequence[Stretch], *, resource: Resource, part: str) -> list[Stretch]:
    """Blocks cut at noon of the site when only one half of the day is wanted."""
    if part not in ("am", "pm"):
        return list(blocks)
    zone = zone_of(resource.location)
    kept = []
    for block in blocks:
        noon = instant(block.start.astimezone(zone).date(), at=time(12), zone=zone)
        start, end = (
            (block.start, min(block.end, noon)) if part == "am" else (max(block.start, noon), block.end)
        )
        if start < end:
            kept.append(Stretch(start, end))
    return kept


def _opening(resource: Resource, *, start: datetime, visit_type: AppointmentType) -> Opening:
    provider = resource.provider
    return Opening(
        starts_at=start,
        ends_at=start + timedelta(minutes=visit_type.minutes),
        resource_id=resource.pk,
        provider_id=provider.pk,
        provider=str(provider),
        location_id=resource.location_id,
        location=resource.location.name,
        zone=resource.location.timezone,
    )


def open_blocks(resources: Iterable[Resource], *, first: date, last: date) -> Booked:
    """Bookable stretches by resource: open ones, and those held for the same day on that day."""
    by_id = {resource.pk: resource for resource in resources}
    rows = AvailabilityBlock.objects.filter(
        resource_id__in=list(by_id), local_day__gte=first, local_day__lte=last
    ).exclude(kind=TemplateBlock.Kind.ADMIN)
    found: Booked = defaultdict(list)
    today = {pk: clock.today(zone_of(resource.location)) for pk, resource in by_id.items()}
    for row in rows:
        if row.kind == TemplateBlock.Kind.OPEN or row.local_day == today[row.resource_id]:
            found[row.resource_id].append(Stretch(row.starts_at, row.ends_at))
    return dict(found)


def bookings_between(resources: Iterable[Resource], *, start: datetime, end: datetime) -> Booked:
    """What is booked by resource between two moments."""
    rows = ResourceBooking.objects.filter(
        resource_id__in=[resource.pk for resource in resources],
        active=True,
        starts_at__gt=start - timedelta(hours=24),
        starts_at__lt=end,
    ).values_list("resource_id", "starts_at", "ends_at", "lane")
    found: Booked = defaultdict(list)
    for resource_id, starts_at, ends_at, lane in rows:
        found[resource_id].append(Stretch(starts_at, ends_at, lane))
    return dict(found)


def is_open(resource: Resource, *, start: datetime, end: datetime) -> bool:
    """Whether the provider's hours cover a whole visit."""
    day = start.astimezone(zone_of(resource.location)).date()
    blocks = open_blocks([resource], first=day - timedelta(days=1), last=day + timedelta(days=1))
    return inside(blocks.get(resource.pk, []), start=start, end=end)


def nearest(
    visit_type: AppointmentType,
    *,
    resource: Resource,
    others: Sequence[Resource],
    start: datetime,
    actor: Actor,
) -> list[Opening]:
    """The few openings closest to a wanted time (parameter scheduling.alternatives), the same provider's first."""
    zone = zone_of(resource.location)
    day = start.astimezone(zone).date()
    wanted = int(rule("scheduling.alternatives", on=day))
    near = openings(visit_type, resources=others, actor=actor, from_day=day, limit=200, days=7)
    near.sort(key=lambda each: (abs(each.starts_at - start), each.resource_id != resource.pk, each.provider))
    if not near:
        near = openings(visit_type, resources=others, actor=actor, from_day=day, limit=wanted)
    return near[:wanted]


def sentence(opening: Opening) -> str:
    """ "Monday, March 9, 10:40 AM with E. Vasquez, MD at Main Street"."""
    local = opening.starts_at.astimezone(ZoneInfo(opening.zone))
    day = f"{local:%A, %B} {local.day}"
    return f"{day}, {words.us_time(local)} with {opening.provider} at {opening.location}"
