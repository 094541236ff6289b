"""A key figure in words: its value, its target, how it moved. Plain text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kit.words import MINUS, dollars
from reports.rules.kpi import Target, judged

NOT_THERE = "n/a"


def written(value: Decimal | None, *, unit: str) -> str:
    """`36.4 days`, `12.0 minutes`, `95.8%`, `3,084`, `$461,208`; None is `n/a`."""
    if value is None:
        return NOT_THERE
    if unit == "money":
        return dollars(value, whole=True)
    if unit == "count":
        return f"{value:,.0f}"
    return f"{_minus(value)}{abs(value):,.1f}{'%' if unit == 'percent' else f' {unit}'}"


def part(value: Decimal | None, *, unit: str) -> str:
    """A numerator or denominator to the cent, the day or the piece; None is `n/a`."""
    if value is None:
        return NOT_THERE
    return dollars(value) if unit == "money" else f"{_minus(value)}{abs(value):,.0f}"


def target(found: Target, *, unit: str) -> str:
    """`Target 95.0% to 99.0%`, `Target up to 8.0%`, or that there is none."""
    low, high = written(found.low, unit=unit), written(found.high, unit=unit)
    if found.low is not None and found.high is not None:
        return f"Target {low.removesuffix(f' {unit}')} to {high}"
    if found.high is not None:
        return f"Target up to {high}"
    return f"Target at least {low}" if found.low is not None else "No target, a trend"


def moved(now: Decimal | None, *, then: Decimal | None, month: date, unit: str, direction: str) -> str:
    """`+0.3 pts on Feb 2025, favorable`: the change against the same month of the year before."""
    name = f"{month:%b %Y}"
    if then is None:
        return f"No figure for {name}"
    if now is None:
        return "No figure to compare"
    places = Decimal(1) if unit in ("count", "money") else Decimal("0.1")
    change = (now - then).quantize(places)
    if not change:
        return f"As in {name}"
    sign = "+" if change > 0 else MINUS
    amount = f"${abs(change):,}" if unit == "money" else f"{abs(change):,}"
    kind = {"percent": " pts", "days": " days", "minutes": " minutes"}.get(unit, "")
    verdict = judged(change, direction=direction)
    return f"{sign}{amount}{kind} on {name}" + (f", {verdict}" if verdict else "")


def _minus(value: Decimal) -> str:
    return MINUS if value < 0 else ""
