"""What a key figure is worth, where it lies against its target, and how it moved. Plain values only."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

Tone = Literal["muted", "info", "ok", "warn", "bad"]
FAR = Decimal("0.25")  # beyond an edge by a quarter of it: bad, not just off


@dataclass(frozen=True, slots=True)
class Target:
    """The band a figure should lie in, in the figure's own unit (8 means 8 percent or 8 days)."""

    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure against its target: one word and its tone."""

    word: str
    tone: Tone


def value(
    numerator: Decimal | None, *, denominator: Decimal | None, unit: str, scale: Decimal = Decimal(1)
) -> Decimal | None:
    """The figure in its unit (percent: 8.6, not 0.086). None is "n/a": nothing to divide by, never 0.

    ``unit`` "count" is the numerator itself. A denominator of zero or below has no ratio.
    """
    if unit == "count":
        return numerator or Decimal(0)
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return numerator * scale / denominator * (100 if unit == "percent" else 1)


def standing(found: Decimal | None, *, target: Target, direction: str) -> Standing | None:
    """In band, Above or Below; None without a figure or a target. Off on the good side is not bad."""
    if found is None or (target.low is None and target.high is None):
        return None
    if target.high is not None and found > target.high:
        off, word, good = found - target.high, "Above", direction == "higher"
        edge = target.high
    elif target.low is not None and found < target.low:
        off, word, good = target.low - found, "Below", direction == "lower"
        edge = target.low
    else:
        return Standing("In band", "ok")
    if good:
        return Standing(word, "ok")
    return Standing(word, "bad" if off > abs(edge) * FAR else "warn")


def judged(change: Decimal, *, direction: str) -> str:
    """``favorable`` or ``unfavorable``; '' when nothing moved or neither way is better."""
    if change == 0 or direction == "none":
        return ""
    return "favorable" if (change > 0) == (direction == "higher") else "unfavorable"


def month_start(day: date) -> date:
    """The first of a day's month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def shift(month: date, *, months: int) -> date:
    """The first of the month that many months later (earlier when negative)."""
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def trailing(month: date, *, count: int = 13) -> list[date]:
    """The firsts of ``count`` months that end with this one, oldest first."""
    return [shift(month, months=back) for back in range(1 - count, 1)]


def steps(first: date, *, last: date, cuts: frozenset[date] = frozenset()) -> list[tuple[date, date]]:
    """The days from first to last in stretches of at most a calendar year, also cut where a rule changes."""
    starts = {first} | {date(year, 1, 1) for year in range(first.year + 1, last.year + 1)} | set(cuts)
    ordered = sorted(day for day in starts if first <= day <= last)
    ends = [day - timedelta(days=1) for day in ordered[1:]] + [last]
    return list(zip(ordered, ends, strict=True))
