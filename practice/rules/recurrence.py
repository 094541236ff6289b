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
    closed_days: bool = False,
) -> bool:
    """Whether it is due that day. A weekly or monthly one moves from a closed day to the next open one, unless it is
    due on ``closed_days`` too; one that is done once keeps its day, closed or not.
    """
    if recurrence == Recurrence.ONCE:
        return day == once_on
    if closed_days:
        return _is_its_day(day, recurrence=recurrence, weekday=weekday, month_day=month_day)
    if calendar.why_closed(day):
        return False
    for _ in range(LONGEST_CLOSURE):
        if _is_its_day(day, recurrence=recurrence, weekday=weekday, month_day=month_day):
            return True
        day -= DAY
        if not calendar.why_closed(day):
            return False  # whatever came before was done on that open day
    return False


def _is_its_day(day: date, *, recurrence: str, weekday: int | None, month_day: int | None) -> bool:
    if recurrence == Recurrence.DAILY:
        return True
    return day.weekday() == weekday if recurrence == Recurrence.WEEKLY else day.day == month_day


def moment(day: date, *, at: time, zone: tzinfo) -> datetime:
    """A local time of a day as a moment; an hour that comes twice is the first, one that is skipped counts on."""
    return datetime.combine(day, at, tzinfo=zone)
