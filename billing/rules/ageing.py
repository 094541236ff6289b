"""How old a receivable is: days since it was first billed, in the buckets every practice reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

ZERO: Final = Decimal("0.00")
# Label and last day of each bucket; the last one is open.
BUCKETS: Final[tuple[tuple[str, int | None], ...]] = (
    ("0–30", 30),
    ("31–60", 60),
    ("61–90", 90),
    ("91–120", 120),
    ("121+", None),
)
LABELS: Final = tuple(label for label, _ in BUCKETS)


def bucket_of(first_billed_on: date | None, *, day: date) -> str:
    """The bucket's label on ``day``. Not billed yet, or billed later than ``day``, counts as 0 days old."""
    age = 0 if first_billed_on is None else (day - first_billed_on).days
    for label, last in BUCKETS:
        if last is None or age <= last:
            return label
    raise AssertionError("the last bucket is open")


@dataclass(frozen=True, slots=True)
class OpenAmount:
    """What one party owes on one charge. ``payer`` empty is the patient."""

    payer: str
    balance: Decimal
    first_billed_on: date | None


@dataclass(slots=True)
class Aged:
    """One party's balance in total and by bucket, in dollars."""

    party: str
    total: Decimal = ZERO
    buckets: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(LABELS, ZERO))

    def add(self, item: OpenAmount, *, day: date) -> None:
        """Count one open amount."""
        self.total += item.balance
        self.buckets[bucket_of(item.first_billed_on, day=day)] += item.balance


def age(items: Iterable[OpenAmount], *, day: date) -> list[Aged]:
    """Each party's balance by bucket, parties in order of first appearance."""
    parties: dict[str, Aged] = {}
    for item in items:
        parties.setdefault(item.payer, Aged(item.payer)).add(item, day=day)
    return list(parties.values())
