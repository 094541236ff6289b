"""On which days something that comes again is due: plain values in, plain values out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from practice.rules.deadlines import Calendar

DAY = timedelta(days=1)
LONGEST_CLOSURE = 60  # an office that is shut for longer starts anew


class Recurrence(StrEnum):
    """How often."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


def falls_on(
    day: date,
    *,
    recurrence: str,
    calendar: Calendar,
    weekday: int | None = None,
    month_day: int | None = None,
    once_on: date | None = None,
) -> bool:
    """Whether it is due that day. A weekly or monthly one moves from a closed day to the next open one; one that is
    done once keeps its day, closed or not.
    """
    if recurrence == Recurrence.ONCE:
        return day == once_on
    if calendar.why_closed(day):
        return False
    if recurrence == Recurrence.DAILY:
        return True
    for _ in range(LONGEST_CLOSURE):
        anchor = day.weekday() == weekday if recurrence == Recurrence.WEEKLY else day.day == month_day
        if anchor:
            return True
        day -= DAY
        if not calendar.why_closed(day):
            return False  # whatever came before was done on that open day
    return False


def moment(day: date, *, at: time, zone: tzinfo) -> datetime:
    """A local time of a day as a moment; an hour that comes twice is the first, one that is skipped counts on."""
    return datetime.combine(day, at, tzinfo=zone)
