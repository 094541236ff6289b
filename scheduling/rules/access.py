"""Supply against demand, and what no-shows do to it. Pure.

Visits a week are of one kind of visit; ``no_show`` is a share from 0 to 1. A patient who does not come has used a slot:
booking ``overbook`` more than there are slots lets as many come as there are slots, on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")
MOST_OVERBOOKED = Decimal(1)  # twice the slots: past that no figure is sensible


@dataclass(frozen=True, slots=True)
class Balance:
    """A week: visits asked for, slots there are, how many can be booked, come, and are missing (below 0: too few)."""

    asked: Decimal
    slots: Decimal
    bookable: Decimal
    come: Decimal
    over: Decimal

    @property
    def gap(self) -> Decimal:
        """Slots to book less visits asked for: below 0 the wait grows every week."""
        return self.bookable - self.asked

    @property
    def word(self) -> str:
        """The gap in words."""
        if self.gap >= 0:
            return "Enough"
        return f"{_tenth(-self.gap)} too few a week"


def balance(
    *, asked: Decimal, minutes: Decimal, length: int, no_show: Decimal, overbook: Decimal = Decimal(0)
) -> Balance:
    """A week with ``minutes`` of time for visits of ``length`` minutes (with what is around them).

    ``over`` is how many more than there are slots are expected to come. ValueError for a length of zero or below.
    """
    if length <= 0:
        raise ValueError("a visit takes minutes")
    slots = minutes / length
    bookable = slots * (1 + max(Decimal(0), min(overbook, MOST_OVERBOOKED)))
    booked = min(asked, bookable)
    come = booked * (1 - no_show)
    return Balance(
        asked=_tenth(asked),
        slots=_tenth(slots),
        bookable=_tenth(bookable),
        come=_tenth(come),
        over=_tenth(max(Decimal(0), come - slots)),
    )


def overbooking(no_show: Decimal) -> Decimal:
    """The share to overbook so that, on average, as many come as there are slots: n / (1 - n), at most 1."""
    if no_show >= Decimal("0.5"):
        return MOST_OVERBOOKED
    return max(Decimal(0), no_show) / (1 - no_show)


def minutes_needed(
    *, asked: Decimal, minutes: Decimal, length: int, overbook: Decimal = Decimal(0)
) -> Decimal:
    """Minutes a week that are missing to book all that is asked for; 0 when there are enough."""
    needed = asked / (1 + overbook) * length
    return max(Decimal(0), (needed - minutes).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _tenth(number: Decimal) -> Decimal:
    return number.quantize(TENTH, rounding=ROUND_HALF_UP)
