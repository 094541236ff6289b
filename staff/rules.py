"""Pure rules: check digits, days left, which step of an enrolment may follow which."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

# 80840, the prefix of US health identifiers, adds 24 to the Luhn sum of an NPI (45 CFR 162.406; CMS check digit).
NPI_PREFIX_SUM = 24
NPI_DIGITS = 10

# What an enrolment may become next (DOMAIN.md 5). Denied and ended ones start again by collecting papers.
ENROLMENT_STEPS: dict[str, tuple[str, ...]] = {
    "not_started": ("collecting",),
    "collecting": ("submitted",),
    "submitted": ("review", "info_requested", "approved", "denied"),
    "review": ("info_requested", "approved", "denied"),
    "info_requested": ("submitted", "review", "denied"),
    "approved": ("effective", "terminated"),
    "effective": ("revalidating", "terminated"),
    "revalidating": ("effective", "terminated"),
    "terminated": ("collecting",),
    "denied": ("collecting",),
}


def npi_is_valid(npi: str) -> bool:
    """Ten digits, the first 1 or 2, and the Luhn check digit over 80840 + NPI."""
    if len(npi) != NPI_DIGITS or not npi.isascii() or not npi.isdigit() or npi[0] not in "12":
        return False
    total = NPI_PREFIX_SUM
    for place, digit in enumerate(reversed(npi)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def covers(day: date, *, starts_on: date | None, ends_on: date | None) -> bool:
    """Whether a paper is in force on a day; both ends count, an unknown end never limits."""
    return (starts_on is None or starts_on <= day) and (ends_on is None or day <= ends_on)


def expiry_words(days_left: int) -> str:
    """ "expires in 24 days", "expires today", "expired 3 days ago"."""
    if days_left == 0:
        return "expires today"
    number = abs(days_left)
    days = f"{number} day{'' if number == 1 else 's'}"
    return f"expires in {days}" if days_left > 0 else f"expired {days} ago"


def step_of(days_left: int, *, steps: Iterable[int]) -> int | None:
    """The narrowest alert step (days before expiry) that has been reached, None before the widest."""
    reached = [step for step in steps if days_left <= step]
    return min(reached) if reached else None
