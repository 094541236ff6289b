"""The days of a series: wall-clock days, so that no clock change moves an hour. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from scheduling.rules import instant

WEEK, MONTH, WEEKDAY = "week", "month", "weekday"


def days(first: date, *, every: int, unit: str, count: int) -> list[date]:
    """The days of ``count`` visits from the first on, each reckoned from the first and not from the one before.

    ``week``: every so many weeks. ``month``: the same date, the last day of a shorter month. ``weekday``: the same
    weekday of the month (the second Tuesday); of a fifth one that a month lacks, its last.
    """
    if unit == WEEK:
        return [first + timedelta(weeks=every * number) for number in range(count)]
    found = []
    for number in range(count):
        year, month = divmod(first.year * 12 + first.month - 1 + every * number, 12)
        length = monthrange(year, month + 1)[1]
        start = date(year, month + 1, 1)
        day = min(first.day, length) if unit == MONTH else _nth(start, like=first, length=length)
        found.append(start.replace(day=day))
    return found


def _nth(start: date, *, like: date, length: int) -> int:
    """The day of a month that is the same weekday, the same time in its month, as another day."""
    day = 1 + (like.weekday() - start.weekday()) % 7 + 7 * ((like.day - 1) // 7)
    return day if day <= length else day - 7


def instants(when: Sequence[date], *, at: time, zone: tzinfo) -> list[datetime]:
    """The moments at which a wall clock shows a time on these days (see ``rules.instant`` for the nights it jumps)."""
    return [instant(day, at=at, zone=zone) for day in when]
