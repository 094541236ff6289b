"""Pure rules: days left, which step of an enrolment may follow which."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

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
