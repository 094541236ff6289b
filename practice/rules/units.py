"""What a rule's value is counted in, and how it is read, checked and written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from kit.words import dollars, us_time

Value = Decimal | bool | str | time


class Unit(StrEnum):
    """The first words of a rule's unit in ``practice/data/rule_values.csv``; what follows says of what."""

    DAYS = "calendar days"
    BUSINESS_DAYS = "business days"
    HOURS = "hours"
    BUSINESS_HOURS = "business hours"
    MINUTES = "minutes"
    MONTHS = "months"
    YEARS = "years"
    PERCENT = "percent"
    MONEY = "USD"
    COUNT = "count"
    YES_NO = "yes/no"
    CHOICE = "choice"
    TIME = "time of day"


WHOLE = frozenset(
    {
        Unit.DAYS, Unit.BUSINESS_DAYS, Unit.HOURS, Unit.BUSINESS_HOURS, Unit.MINUTES, Unit.MONTHS, Unit.YEARS,
        Unit.COUNT,
    }
)  # fmt: skip
NUMBERS = WHOLE | {Unit.PERCENT, Unit.MONEY}
# A deadline can be counted in these.
DAYLIKE = frozenset({Unit.DAYS, Unit.BUSINESS_DAYS, Unit.MONTHS, Unit.YEARS})
HOURLIKE = frozenset({Unit.HOURS, Unit.BUSINESS_HOURS, Unit.MINUTES})
MOST = Decimal(1_000_000_000)
ANY_DAY = date(2000, 1, 1)


def measure(text: str) -> tuple[Unit, str]:
    """The unit at the beginning of a text and what it is of: "calendar days before expiry". ValueError for none."""
    words = f"calendar {text}" if text.split(" ")[0] == "days" else text
    for unit in sorted(Unit, key=len, reverse=True):
        if words == unit or words.startswith(f"{unit} "):
            return unit, words.removeprefix(unit).strip()
    raise ValueError(f"“{text}” begins with no unit of practice.rules.units")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a value may be: from, up to, or one of some words. Values are written as in the data file."""

    least: Decimal | None = None
    most: Decimal | None = None
    choices: tuple[str, ...] = ()


def parse(text: str, *, unit: Unit, limits: Limits | None = None) -> Value:
    """A text as a value of a unit, within its limits. ValueError with a sentence that says what to enter."""
    value = _read(" ".join(text.split()), unit=unit, choices=limits.choices if limits else ())
    if limits is not None and isinstance(value, Decimal):
        if limits.least is not None and value < limits.least:
            raise ValueError(f"Enter at least {words(limits.least, unit=unit)}")
        if limits.most is not None and value > limits.most:
            raise ValueError(f"Enter at most {words(limits.most, unit=unit)}")
    return value


def within(value: Value, *, limits: Limits) -> Value:
    """A number moved to the nearest limit when it lies beyond one."""
    if not isinstance(value, Decimal):
        return value
    raised = value if limits.least is None else max(value, limits.least)
    return raised if limits.most is None else min(raised, limits.most)


def _read(text: str, *, unit: Unit, choices: tuple[str, ...]) -> Value:
    if unit in NUMBERS:
        return _number(text, unit=unit)
    if unit == Unit.YES_NO:
        if text.lower() not in ("yes", "no"):
            raise ValueError("Enter yes or no")
        return text.lower() == "yes"
    if unit == Unit.TIME:
        try:
            return time.fromisoformat(text.zfill(5))
        except ValueError:
            raise ValueError("Enter a time like 08:00 or 17:30") from None
    if text not in choices:
        raise ValueError(f"Choose one of: {', '.join(choices)}")
    return text


def _number(text: str, *, unit: Unit) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").strip("$%").strip())
    except InvalidOperation:
        raise ValueError("Enter a number") from None
    if not number.is_finite() or not 0 <= number < MOST:
        raise ValueError("Enter a number that is not negative")
    if unit in WHOLE and number != number.to_integral_value():
        raise ValueError("Enter a whole number")
    if number != round(number, 2):
        raise ValueError("Enter at most two digits after the point")
    return number


def written(value: Value) -> str:
    """A value as it is stored: ``45``, ``yes``, ``08:00``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def words(value: Value, *, unit: Unit, of: str = "") -> str:
    """A value as people read it: "60 calendar days", "$5,000.00", "10%", "Yes", "8:00 AM"."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, time):
        return _clock(value)
    if not isinstance(value, Decimal):
        return value
    if unit == Unit.MONEY:
        return dollars(value)
    figure = f"{value.normalize():,f}"
    if unit == Unit.PERCENT:
        return f"{figure}%"
    if unit == Unit.COUNT:
        return f"{figure} {of.removeprefix('of ')}".strip()
    return f"{figure} {unit.removesuffix('s') if value == 1 else unit}"


def _clock(value: time) -> str:
    return us_time(datetime.combine(ANY_DAY, value))
