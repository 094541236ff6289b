"""Free times: open time minus what is booked, of every provider asked about in the same few queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count

from kit import clock, words
from practice.actor import Actor
from practice.services.rules import rule
from scheduling.models import Appointment, AppointmentType, Resource, TypeNeed
from scheduling.rules import STANDING, Opening, instant
from scheduling.rules.fits import Taken, Terms, Window, free_starts
from scheduling.selectors import openings_sql
from scheduling.selectors.appointments import zone_of
from scheduling.selectors.supply import Supply, supply_of, taken_between
from scheduling.selectors.terms import needs_of, owner_of, terms_for

LOOKAHEAD = 60  # days that are looked at
SPAN = timedelta(days=7)  # so many of them at a time
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for: a kind of visit, with whom, from when, how many, in which half of the day."""

    visit_type: AppointmentType
    resources: Sequence[Resource]
    terms: dict[UUID, Terms]
    needs: Sequence[TypeNeed]
    helpers: Sequence[Resource]
    begin: datetime
    grid: int
    limit: int
    part: str


def openings(
    visit_type: AppointmentType,
    *,
    resources: Sequence[Resource],
    actor: Actor,
    from_day: date,
    limit: int = 9,
    days: int = LOOKAHEAD,
    not_before: datetime | None = None,
    part: str = "",
) -> list[Opening]:
    """The first free times of these providers from a day on, earliest first.

    ``part`` "am" or "pm" keeps mornings or afternoons at the site. Held time counts from its release on; what the type
    needs besides (rooms, devices) is free too; a provider's own rules hold.
    """
    search = _search(
        visit_type, resources=resources, from_day=from_day, limit=limit, not_before=not_before, part=part
    )
    found: list[Opening] = []
    last = from_day + (days - 1) * DAY
    for first in _spans(search, first=from_day, last=last):
        found += _within(search, first=first, last=min(first + SPAN - DAY, last))
        if len(found) >= limit:
            break
    return sorted(found, key=lambda each: (each.starts_at, each.provider))[:limit]


def _spans(search: Search, *, first: date, last: date) -> Iterator[date]:
    """First days of the spans to look at: the very next one, then those with room (a booked-up month costs a look)."""
    if not search.resources or last < first:
        return
    yield first
    reached = first + SPAN
    if reached > last:
        return
    given: dict[str, Any] = {
        "practice": str(search.visit_type.practice_id),
        "resources": [str(each.pk) for each in search.resources],
        "minutes": [search.terms[owner_of(each)].minutes for each in search.resources],
        "first": reached,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(openings_sql.ROOMY, given)
        roomy = [day for (day,) in cursor.fetchall()]
    for day in roomy:
        if day >= reached:
            yield day
            reached = day + SPAN


def _search(
    visit_type: AppointmentType,
    *,
    resources: Sequence[Resource],
    from_day: date,
    limit: int,
    not_before: datetime | None,
    part: str,
) -> Search:
    terms = terms_for(visit_type, providers=[each.provider_id for each in resources])
    asked = [
        each
        for each in resources
        if each.provider_id is not None and terms[each.provider_id].at_site(each.location_id)
    ]
    needs = needs_of(visit_type)
    return Search(
        visit_type=visit_type,
        resources=asked,
        terms=terms,
        needs=needs,
        helpers=helpers_of(needs, locations={each.location_id for each in asked}),
        begin=max(not_before or clock.now(), clock.now()),
        grid=int(rule("scheduling.grid_minutes", on=from_day)),
        limit=limit,
        part=part,
    )


def helpers_of(needs: Sequence[TypeNeed], *, locations: set[UUID]) -> list[Resource]:
    """The rooms and devices at these sites that could serve what a type needs."""
    if not needs or not locations:
        return []
    found = Resource.objects.filter(
        kind__in={need.kind for need in needs}, location_id__in=sorted(locations), is_active=True
    ).order_by("name", "id")
    return [each for each in found if any(serves(each, need=need) for need in needs)]


def serves(resource: Resource, *, need: TypeNeed) -> bool:
    """Whether a room or device is of the kind, and of the group, that is needed."""
    return resource.kind == need.kind and (not need.group or resource.group.lower() == need.group.lower())


def _within(search: Search, *, first: date, last: date) -> list[Opening]:
    everything = [*search.resources, *search.helpers]
    supply = supply_of(everything, first=first, last=last)
    bounds = [piece for each in search.resources for piece in supply.pieces.get(each.pk, ())]
    if not bounds:
        return []
    taken = taken_between(
        everything,
        start=min(each.start for each in bounds) - timedelta(hours=4),
        end=max(each.end for each in bounds) + timedelta(hours=4),
    )
    full = _full_days(search, first=first, last=last)
    found: list[Opening] = []
    for resource in search.resources:
        terms = search.terms[owner_of(resource)]
        windows = supply.windows(resource.pk, type_id=search.visit_type.pk, now=clock.now())
        starts = free_starts(
            _parts(windows, resource=resource, part=search.part),
            taken=taken[resource.pk],
            terms=terms,
            grid=search.grid,
            not_before=search.begin,
            fits=_also(search, resource=resource, supply=supply, taken=taken, full=full),
        )
        for _, start in zip(range(search.limit), starts, strict=False):
            found.append(_opening(resource, start=start, minutes=terms.minutes))
    return found


def _also(
    search: Search,
    *,
    resource: Resource,
    supply: Supply,
    taken: dict[UUID, Taken],
    full: set[tuple[UUID, date]],
) -> Callable[[datetime], bool]:
    """What is asked of a start that fits the provider: the day is not full, and rooms and devices are free."""
    zone, terms = zone_of(resource.location), search.terms[owner_of(resource)]
    near = [each for each in search.helpers if each.location_id == resource.location_id]

    def fits(start: datetime) -> bool:
        if full and (owner_of(resource), start.astimezone(zone).date()) in full:
            return False
        begin, end = terms.held(start)
        chosen = chosen_helpers(search.needs, helpers=near, supply=supply, taken=taken, start=begin, end=end)
        return chosen is not None

    return fits


def chosen_helpers(
    needs: Sequence[TypeNeed],
    *,
    helpers: Sequence[Resource],
    supply: Supply,
    taken: dict[UUID, Taken],
    start: datetime,
    end: datetime,
    given: Sequence[Resource] = (),
) -> list[Resource] | None:
    """Rooms and devices that are free for all that is needed, or None: all or none. ``given`` are chosen already."""
    chosen: list[Resource] = list(given)
    counted: set[UUID] = set()
    for need in sorted(needs, key=lambda each: not each.group):  # what is asked for by name first
        missing = need.count
        for each in chosen:
            if missing and each.pk not in counted and serves(each, need=need):
                counted.add(each.pk)
                missing -= 1
        for each in helpers:
            if not missing:
                break
            if each in chosen or not serves(each, need=need):
                continue
            if not supply.free_room(each, start=start, end=end):
                continue
            if taken[each.pk].depth(start, end, all_lanes=each.capacity) < each.capacity:
                chosen.append(each)
                counted.add(each.pk)
                missing -= 1
        if missing:
            return None
    return chosen


def _full_days(search: Search, *, first: date, last: date) -> set[tuple[UUID, date]]:
    """Days on which a provider has all the visits of the type they take; nothing is asked when nobody has a limit."""
    limits = {key: terms.max_per_day for key, terms in search.terms.items() if terms.max_per_day is not None}
    if not limits:
        return set()
    rows = (
        Appointment.objects.filter(
            provider_id__in=sorted(limits),
            local_day__gte=first,
            local_day__lte=last,
            type=search.visit_type,
            status__in=STANDING,
        )
        .values_list("provider_id", "local_day")
        .annotate(many=Count("id"))
        .order_by()
    )
    found = {(provider_id, day) for provider_id, day, many in rows if many >= limits[provider_id]}
    never = [key for key, most in limits.items() if most == 0]
    return found | {(key, first + n * DAY) for key in never for n in range((last - first).days + 1)}


def _parts(windows: Sequence[Window], *, resource: Resource, part: str) -> list[Window]:
    """Open time cut at noon of the site when only one half of the day is wanted."""
    if part not in ("am", "pm"):
        return list(windows)
    zone = zone_of(resource.location)
    kept = []
    for window in windows:
        noon = instant(window.start.astimezone(zone).date(), at=time(12), zone=zone)
        start, end = (
            (window.start, min(window.end, noon)) if part == "am" else (max(window.start, noon), window.end)
        )
        if start < end:
            kept.append(Window(start, end, window.capacity))
    return kept


def _opening(resource: Resource, *, start: datetime, minutes: int) -> Opening:
    provider = resource.provider
    return Opening(
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        resource_id=resource.pk,
        provider_id=provider.pk,
        provider=str(provider),
        location_id=resource.location_id,
        location=resource.location.name,
        zone=resource.location.timezone,
    )


def nearest(
    visit_type: AppointmentType,
    *,
    resource: Resource,
    others: Sequence[Resource],
    start: datetime,
    actor: Actor,
) -> list[Opening]:
    """The few openings closest to a wanted time (parameter scheduling.alternatives), the same provider's first.

    That day alone answers when nothing of a later one could be closer; else a week is looked at, else all there is.
    """
    zone = zone_of(resource.location)
    day = start.astimezone(zone).date()
    wanted = int(rule("scheduling.alternatives", on=day))
    midnight = instant(day + DAY, at=time(), zone=zone)
    near: list[Opening] = []
    for days, reach in ((1, midnight - start), (7, None)):
        near = openings(visit_type, resources=others, actor=actor, from_day=day, limit=200, days=days)
        near.sort(
            key=lambda each: (abs(each.starts_at - start), each.resource_id != resource.pk, each.provider)
        )
        if len(near) >= wanted and (reach is None or abs(near[wanted - 1].starts_at - start) <= reach):
            break
    if not near:
        near = openings(visit_type, resources=others, actor=actor, from_day=day, limit=wanted)
    return near[:wanted]


def sentence(opening: Opening) -> str:
    """ "Monday, March 9, 10:40 AM with E. Vasquez, MD at Main Street"."""
    local = opening.starts_at.astimezone(ZoneInfo(opening.zone))
    day = f"{local:%A, %B} {local.day}"
    return f"{day}, {words.us_time(local)} with {opening.provider} at {opening.location}"
