"""Sums that must come out: what a posted remittance adds up to, and what a charge still owes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ZERO: Final = Decimal("0.00")


@dataclass(frozen=True, kw_only=True, slots=True)
class Deposit:
    """One payment in dollars: posted + unapplied = deposited + kept by the payer (PLB, positive = kept)."""

    deposited: Decimal
    provider_adjusted: Decimal
    posted: Decimal
    unapplied: Decimal

    @property
    def claims_paid(self) -> Decimal:
        """What the claims of the file were paid (sum of CLP04)."""
        return self.deposited + self.provider_adjusted

    @property
    def difference(self) -> Decimal:
        """Zero when every cent has a place."""
        return self.claims_paid - self.posted - self.unapplied


def running_balances(amounts: Iterable[Decimal]) -> list[Decimal]:
    """The balance after each amount."""
    total, found = ZERO, []
    for amount in amounts:
        total += amount
        found.append(total)
    return found
