"""Missed visits: what is late, what counts, which step follows, what may be charged. Plain values only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

MEDICAID, MEDICARE = "medicaid", frozenset({"medicare", "medicare_advantage"})
NO_FEE = "No fee: patients with Medicaid are not charged for missed visits (42 CFR 447.15)."
SAME_FEE = "Medicare allows it because everybody is charged the same (Claims Processing Manual 100-04, ch. 1, 30.3.13)."
Step = TypeVar("Step")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What is due (0.00 for nothing) and what whoever charges it must know."""

    amount: Decimal
    note: str = ""


def is_late(starts_at: datetime, *, told_at: datetime, hours: int) -> bool:
    """Whether a patient who says so now says so too late: less than that many hours before the visit begins."""
    return starts_at - told_at < timedelta(hours=hours)


def months_before(day: date, *, months: int) -> date:
    """The same day so many months ago; the last day of a shorter month (March 31 less one month is February 28)."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def step_after(steps: Iterable[Step], *, count: int) -> Step | None:
    """The step for exactly so many; past the last one, that one again. None between steps and without any."""
    every: list[Any] = sorted((each for each in steps if each.is_active), key=lambda each: each.misses)  # type: ignore[attr-defined]
    if not every:
        return None
    last = every[-1]
    return last if count > last.misses else next((each for each in every if each.misses == count), None)


def fee_of(amount: Decimal, *, payers: Collection[str], medicaid_may: bool) -> Fee:
    """The fee for a patient whose visit these kinds of payers would have covered. One amount for everybody.

    Medicare lets a practice charge its patients only what all others are charged; Medicaid's payment is payment in
    full, and a visit that did not happen is no service to bill (the rule says where a state sees it otherwise).
    """
    if not amount:
        return Fee(amount=Decimal(0))
    if MEDICAID in payers and not medicaid_may:
        return Fee(amount=Decimal(0), note=NO_FEE)
    return Fee(amount=amount, note=SAME_FEE if MEDICARE & set(payers) else "")
