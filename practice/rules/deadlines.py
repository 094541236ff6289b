"""When something is due: counted in days, business days, months, or hours, with each skipped day named.

Plain values in, plain values out; ``practice.services.deadlines`` brings calendar, zone and office hours.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from practice.rules import holidays
from practice.rules.holidays import HolidayRule
from practice.rules.units import Unit

DAY = timedelta(days=1)
WEEKEND = frozenset({5, 6})
LONGEST = 36_525  # a hundred years: nothing in a practice is counted further


class Roll(StrEnum):
    """What happens when a deadline lands on a closed day."""

    STAY = "stay"
    FORWARD = "forward"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long: a figure and its unit."""

    amount: int
    unit: Unit = Unit.DAYS

    def __int__(self) -> int:
        return self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days are closed: weekends, holidays by rule, own closed days; ``opened`` ones are open after all."""

    rules: tuple[HolidayRule, ...] = ()
    closed: Mapping[date, str] = field(default_factory=dict)
    opened: frozenset[date] = frozenset()

    def why_closed(self, day: date) -> str:
        """The reason in words, '' for an open day."""
        if day in self.opened:
            return ""
        if day in self.closed:
            return self.closed[day]
        named = holidays.of_year(self.rules, year=day.year).get(day, "") if self.rules else ""
        return named or (f"{day:%A}" if day.weekday() in WEEKEND else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A day that did not count, and why."""

    day: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The answer: the day, which days were skipped on the way, and where it would have been without rolling."""

    day: date
    skipped: tuple[Skipped, ...] = ()
    rolled_from: date | None = None


def due_day(
    start: date,
    *,
    length: Length,
    calendar: Calendar,
    before: bool = False,
    count_start: bool = False,
    month_end: bool = False,
    roll: Roll = Roll.STAY,
) -> Due:
    """The day so long after a start (``before``: ahead of it).

    The day after the start is the first to count; ``count_start`` counts the start itself. ``month_end`` moves the
    answer to the last day of its month. Raises ValueError for a length that is negative, too long or not in days.
    """
    amount = int(length)
    if not 0 <= amount <= LONGEST:
        raise ValueError(f"Enter 0 to {LONGEST:,}")
    step = -DAY if before else DAY
    if length.unit == Unit.BUSINESS_DAYS:
        found = _business(start, days=amount, step=step, calendar=calendar, count_start=count_start)
    elif length.unit == Unit.DAYS:
        found = Due(day=start + step * max(amount - (1 if count_start else 0), 0))
    elif length.unit in (Unit.MONTHS, Unit.YEARS):
        number = amount * (12 if length.unit == Unit.YEARS else 1)
        found = Due(day=add_months(start, number=-number if before else number))
    else:
        raise ValueError(f"A day is not counted in {length.unit}")
    if month_end:
        found = Due(day=end_of_month(found.day), skipped=found.skipped)
    return _rolled(found, roll=roll, calendar=calendar)


def _business(start: date, *, days: int, step: timedelta, calendar: Calendar, count_start: bool) -> Due:
    skipped: list[Skipped] = []
    day, left = start, days
    if count_start and left and not calendar.why_closed(day):
        left -= 1
    while left:
        day += step
        if why := calendar.why_closed(day):
            skipped.append(Skipped(day=day, why=why))
        else:
            left -= 1
    return Due(day=day, skipped=tuple(skipped))


def _rolled(found: Due, *, roll: Roll, calendar: Calendar) -> Due:
    if roll == Roll.STAY or not calendar.why_closed(found.day):
        return found
    step = DAY if roll == Roll.FORWARD else -DAY
    day, skipped = found.day, list(found.skipped)
    while why := calendar.why_closed(day):
        skipped.append(Skipped(day=day, why=why))
        day += step
    return Due(day=day, skipped=tuple(skipped), rolled_from=found.day)


def add_months(start: date, *, number: int) -> date:
    """The same day so many months on; the last one of a month that has no such day (01/31 + 1 is 02/28)."""
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=months.monthrange(day.year, day.month)[1])


def end_of_year(day: date) -> date:
    """December 31 of a day's year."""
    return date(day.year, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """When an open day begins and ends, on the wall clock."""

    opens: time = time(8)
    closes: time = time(17)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("an office opens before it closes")


def after(start: datetime, *, length: timedelta, before: bool = False) -> datetime:
    """Hours that run day and night: elapsed time, so a night of 23 or 25 hours changes the wall clock's answer."""
    moment = start.astimezone(UTC)
    return moment - length if before else moment + length


def business_hours_after(
    start: datetime, *, length: timedelta, zone: tzinfo, calendar: Calendar, office: OfficeHours
) -> datetime:
    """Hours that run only while the office is open; a length of zero is the start itself."""
    moment, left = start.astimezone(UTC), length
    if not left:
        return moment
    for opens, closes in _windows(moment, zone=zone, calendar=calendar, office=office):
        begin = max(moment, opens)
        if begin >= closes:
            continue
        if left <= closes - begin:
            return begin + left
        left -= closes - begin
    raise AssertionError("windows never end")


def _windows(
    moment: datetime, *, zone: tzinfo, calendar: Calendar, office: OfficeHours
) -> Iterator[tuple[datetime, datetime]]:
    day = moment.astimezone(zone).date()
    while True:
        if not calendar.why_closed(day):
            yield wall(day, at=office.opens, zone=zone), wall(day, at=office.closes, zone=zone)
        day += DAY


def wall(day: date, *, at: time, zone: tzinfo) -> datetime:
    """The instant of a wall-clock time, in UTC; the first of two in the night the clocks go back."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
