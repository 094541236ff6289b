"""What a piece of work is worth doing now: money at stake x chance ÷ root of the days left.

docs/algorithms/my-work.md works it out by hand and is the fixture of its test. The list is ranked by the same formula
in SQL (practice/selectors/work.py); a test holds the two together.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum

WITHOUT_MONEY = Decimal("100.00")  # what has no price still has a deadline
WITHOUT_DAY = Decimal(90)  # days that something without a deadline is taken to have
TODAY_LEFT, OVERDUE_LEFT = Decimal("0.5"), Decimal("0.25")
WEEK = 7


class Urgency(IntEnum):
    """The groups of My work, most urgent first."""

    OVERDUE = 0
    TODAY = 1
    WEEK = 2
    LATER = 3
    UNDATED = 4

    @property
    def label(self) -> str:
        """Its heading."""
        return ("Overdue", "Due today", "Due within 7 days", "Later", "No deadline")[self]


def days_left(due_on: date | None, *, today: date) -> Decimal:
    """Days until the deadline: today counts half a day, what is late a quarter, no deadline ninety days."""
    if due_on is None:
        return WITHOUT_DAY
    left = (due_on - today).days
    if left < 0:
        return OVERDUE_LEFT
    return Decimal(left) if left else TODAY_LEFT


def worth(*, amount: Decimal | None, chance: int, due_on: date | None, today: date) -> Decimal:
    """The score that ranks work, in dollars per root-day. ``chance`` is in percent."""
    value = amount * chance / 100 if amount is not None and amount > 0 else WITHOUT_MONEY
    return (value / days_left(due_on, today=today).sqrt()).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def urgency(due_on: date | None, *, today: date) -> Urgency:
    """Which group a deadline falls into."""
    if due_on is None:
        return Urgency.UNDATED
    left = (due_on - today).days
    if left < 0:
        return Urgency.OVERDUE
    if left == 0:
        return Urgency.TODAY
    return Urgency.WEEK if left <= WEEK else Urgency.LATER


def levels_up(due_on: date | None, *, today: date, every: int) -> int:
    """How many levels of roles something late has climbed: one for each ``every`` days past its deadline."""
    if due_on is None or every < 1:
        return 0
    return max((today - due_on).days, 0) // every
