"""Who on the wait list fits a free time, in which order, and why. Pure (SCHEDULING.md: type, mask, priority, days)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduling.rules import Opening

WORDS = {1: "Urgent", 2: "Soon", 3: "Routine"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """What somebody who waits asks of a time; an empty set of providers or sites means any. ``priority``: 1 first."""

    id: uuid.UUID
    type_id: uuid.UUID
    priority: int
    since: date
    earliest: date
    latest: date
    weekdays: frozenset[int]
    starts_from: time | None = None
    ends_by: time | None = None
    notice: timedelta = timedelta()
    providers: frozenset[uuid.UUID] = frozenset()
    locations: frozenset[uuid.UUID] = frozenset()


def suits(want: Want, opening: Opening, *, now: datetime) -> bool:
    """Whether a free time of the right length is one this person asked for, with time enough to tell them."""
    zone = ZoneInfo(opening.zone)
    start, end = opening.starts_at.astimezone(zone), opening.ends_at.astimezone(zone)
    return (
        opening.starts_at - now >= want.notice
        and want.earliest <= start.date() <= want.latest
        and start.weekday() in want.weekdays
        and (want.starts_from is None or start.time() >= want.starts_from)
        and (want.ends_by is None or (end.date() == start.date() and end.time() <= want.ends_by))
        and (not want.providers or opening.provider_id in want.providers)
        and (not want.locations or opening.location_id in want.locations)
    )


def ranked(wants: Iterable[Want]) -> list[Want]:
    """Most urgent first, then who has waited longest; ties by id, so that the order never changes by itself."""
    return sorted(wants, key=lambda each: (each.priority, each.since, each.id))


def best(
    want: Want, openings: Iterable[Opening], *, now: datetime, near: datetime | None = None
) -> Opening | None:
    """The first of these times that suits, or the one closest to a moment."""
    fitting = [each for each in openings if suits(want, each, now=now)]
    return min(
        fitting,
        key=lambda each: (abs(each.starts_at - near) if near else timedelta(), each.starts_at, each.provider),
        default=None,
    )


def why(want: Want, *, after: Want | None, today: date) -> str:
    """Why somebody stands where they stand: ``after`` is whoever comes next.

    "Urgent, waiting 12 days: more urgent than the next", "Routine, waiting 30 days: 5 days longer than the next".
    """
    days = (today - want.since).days
    said = f"{WORDS[want.priority]}, waiting {days} day{'' if days == 1 else 's'}"
    if after is None:
        return said
    if want.priority < after.priority:
        return f"{said}: more urgent than the next"
    longer = (after.since - want.since).days
    if longer > 0:
        return f"{said}: {longer} day{'' if longer == 1 else 's'} longer than the next"
    return f"{said}: as long as the next"
