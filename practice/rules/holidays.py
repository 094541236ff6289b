"""Holidays by rule: a fixed day or "the third Monday", from one year to another, and the day on which they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

SATURDAY, SUNDAY = 5, 6
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayRule:
    """A day of each year: ``day`` of the month, or the ``week``-th ``weekday`` (Monday 0; week -1 is the last)."""

    name: str
    month: int
    day: int | None = None
    weekday: int | None = None
    week: int | None = None
    first_day: date
    last_day: date | None = None
    citation: str = ""


def falls_on(rule: HolidayRule, *, year: int) -> date | None:
    """The holiday itself in a year, None when it was none then."""
    if rule.day is not None:
        found = date(year, rule.month, rule.day)
    else:
        found = nth_weekday(year, month=rule.month, weekday=rule.weekday or 0, week=rule.week or 1)
    inside = rule.first_day <= found and (rule.last_day is None or found <= rule.last_day)
    return found if inside else None


def nth_weekday(year: int, *, month: int, weekday: int, week: int) -> date:
    """The so-many-th weekday of a month; week -1 is the last one."""
    if week < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - DAY
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7) + (week - 1) * WEEK


def kept_on(day: date) -> date:
    """The day off for a holiday: Friday for a Saturday's (5 USC 6103(b)), Monday for a Sunday's (EO 11582)."""
    if day.weekday() == SATURDAY:
        return day - DAY
    return day + DAY if day.weekday() == SUNDAY else day


@lru_cache(maxsize=256)
def of_year(rules: tuple[HolidayRule, ...], *, year: int) -> dict[date, str]:
    """Days of a year that are holidays or kept in place of one, with the words for each."""
    found: dict[date, str] = {}
    for rule in rules:
        for holiday in (falls_on(rule, year=year), falls_on(rule, year=year + 1)):
            if holiday is not None:  # New Year's Day of the next year may be kept on December 31
                found |= {kept_on(holiday): f"{rule.name} (kept)", holiday: rule.name}
    return {day: found[day] for day in sorted(found) if day.year == year}
