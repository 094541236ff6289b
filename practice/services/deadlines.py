"""When something is due: a rule or a length counted from a day or a moment, on the practice's own calendar.

``due(rule("complaint.acknowledge_days", on=day), start=day)`` is the day. Counting itself is pure
(``practice.rules.deadlines``); here are calendar, office hours and zone of the practice or a location.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from kit.errors import DomainError
from practice import memo
from practice.actor import Actor
from practice.models import Holiday, Location
from practice.rules import deadlines as counting
from practice.rules.deadlines import Calendar, Due, Length, OfficeHours, Roll
from practice.rules.holidays import HolidayRule
from practice.rules.units import Unit
from practice.selectors.days import practice_zone
from practice.services.rule_catalogue import DATA
from practice.services.rules import rule

HOLIDAYS = "holidays"
OPENS, CLOSES = "office.opens", "office.closes"


class Measured(Protocol):
    """A rule, or a ``Length``: a figure with its unit."""

    @property
    def unit(self) -> Unit: ...

    def __int__(self) -> int: ...


@lru_cache(maxsize=1)
def federal() -> tuple[HolidayRule, ...]:
    """The federal holidays of practice/data/federal_holidays.csv."""
    with (DATA / "federal_holidays.csv").open(newline="", encoding="utf-8") as file:
        return tuple(
            HolidayRule(
                name=row["name"],
                month=int(row["month"]),
                day=int(row["day"]) if row["day"] else None,
                weekday=int(row["weekday"]) if row["weekday"] else None,
                week=int(row["week"]) if row["week"] else None,
                first_day=date.fromisoformat(row["first_day"]),
                last_day=date.fromisoformat(row["last_day"]) if row["last_day"] else None,
                citation=row["citation"],
            )
            for row in csv.DictReader(file)
        )


def calendar_of(*, location: Location | None = None, by_law: bool = False) -> Calendar:
    """Weekends, federal holidays, and the closed days of the practice and of a location. One query a transaction.

    ``by_law``: without own days, for a limit that the law sets in business days: closing the office stretches none.
    """
    if by_law:
        return Calendar(rules=federal())
    rows = memo.remember(HOLIDAYS, _own_days)
    closed: dict[date, str] = {}
    opened: set[date] = set()
    # Every location first, then this one: a site's own word on a day goes before the practice's.
    here = location.pk if location is not None else None
    for site, day, status, name in sorted(rows, key=lambda row: row[0] is not None):
        if site not in (None, here):
            continue
        if status == Holiday.Status.OPEN:
            closed.pop(day, None)
            opened.add(day)
        else:
            opened.discard(day)
            closed[day] = name
    return Calendar(rules=federal(), closed=closed, opened=frozenset(opened))


def _own_days() -> list[tuple[object, date, str, str]]:
    return list(Holiday.objects.order_by("day").values_list("location_id", "day", "status", "name"))


def due(
    length: Measured,
    *,
    start: date,
    location: Location | None = None,
    by_law: bool = False,
    before: bool = False,
    roll: Roll = Roll.STAY,
) -> date:
    """The day something is due. For a length in hours ask ``due_at``."""
    return explain(length, start=start, location=location, by_law=by_law, before=before, roll=roll).day


def explain(
    length: Measured,
    *,
    start: date,
    location: Location | None = None,
    by_law: bool = False,
    before: bool = False,
    count_start: bool = False,
    month_end: bool = False,
    roll: Roll = Roll.STAY,
) -> Due:
    """The same with every day that was skipped. Raises DomainError for a length no day can be counted by."""
    needed = length.unit == Unit.BUSINESS_DAYS or roll != Roll.STAY
    try:
        return counting.due_day(
            start,
            length=Length(amount=int(length), unit=length.unit),
            calendar=calendar_of(location=location, by_law=by_law) if needed else Calendar(),
            before=before,
            count_start=count_start,
            month_end=month_end,
            roll=roll,
        )
    except (ValueError, OverflowError) as error:
        raise DomainError(f"{error}.", field="length") from error


def due_at(length: Measured, *, start: datetime, location: Location | None = None, actor: Actor) -> datetime:
    """The moment something is due, in UTC: minutes and hours run day and night, business hours while it is open."""
    if length.unit == Unit.MINUTES:
        return counting.after(start, length=timedelta(minutes=int(length)))
    if length.unit == Unit.HOURS:
        return counting.after(start, length=timedelta(hours=int(length)))
    if length.unit != Unit.BUSINESS_HOURS:
        raise ValueError(f"a moment is not counted in {length.unit}")
    zone = zone_of(location, actor=actor)
    return counting.business_hours_after(
        start,
        length=timedelta(hours=int(length)),
        zone=zone,
        calendar=calendar_of(location=location),
        office=office_hours(
            on=start.astimezone(zone).date(), jurisdiction=location.state if location else None
        ),
    )


def zone_of(location: Location | None, *, actor: Actor) -> ZoneInfo:
    """The zone of a location, else the practice's."""
    if location is not None:
        return ZoneInfo(location.timezone)
    return practice_zone(actor)


def office_hours(*, on: date, jurisdiction: str | None = None) -> OfficeHours:
    """When the office opens and closes (rules office.*)."""
    opens = rule(OPENS, on=on, jurisdiction=jurisdiction).value
    closes = rule(CLOSES, on=on, jurisdiction=jurisdiction).value
    if not isinstance(opens, time) or not isinstance(closes, time):
        raise TypeError("office hours are times of day")
    if opens >= closes:
        raise DomainError("By its rules the office opens after it closes: correct the office hours first.")
    return OfficeHours(opens=opens, closes=closes)
