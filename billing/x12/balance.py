"""Does an 835 add up? The rules and a worked table: docs/algorithms/remittance-balancing.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from billing.x12.errors import X12Warning
from billing.x12.model import ZERO, Adjustment, Claim835, Transaction835


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A sum that is not what it should be. `line` counts from 1 within the claim."""

    level: Literal["line", "claim", "transaction"]
    transaction: str
    claim: str
    line: int | None
    segment_number: int
    expected: Decimal
    found: Decimal
    message: str


def imbalances(transaction: Transaction835) -> list[Imbalance]:
    """Every line, claim and transaction sum that does not come out, in file order; [] = balanced."""
    found = []
    for claim in transaction.claims:
        found += _line_imbalances(claim, transaction=transaction.control_number)
        found += _claim_imbalance(claim, transaction=transaction.control_number)
    expected = transaction.claims_paid - transaction.provider_adjusted
    if transaction.payment.net != expected:
        found.append(
            Imbalance(
                "transaction",
                transaction.control_number,
                "",
                None,
                transaction.segment_number,
                expected,
                transaction.payment.net,
                "payment differs from claims paid less provider adjustments",
            )
        )
    return found


def balance_warnings(transaction: Transaction835) -> list[X12Warning]:
    """Oddities that do not stop a posting: patient share, charges of the lines, negative payment."""
    control = transaction.control_number
    found = []
    for claim in transaction.claims:
        where = (claim.segment_number, "CLP")
        every = [*claim.adjustments, *(item for line in claim.lines for item in line.adjustments)]
        share = _total(item for item in every if item.group == "PR")
        if claim.patient_responsibility is not None and claim.patient_responsibility != share:
            message = "patient responsibility differs from the PR adjustments"
            found.append(X12Warning(message, *where, 5, control, claim.claim_id))
        if claim.lines and sum((line.charge for line in claim.lines), ZERO) != claim.charge:
            message = "claim charge differs from the charges of its lines"
            found.append(X12Warning(message, *where, 3, control, claim.claim_id))
    if transaction.payment.amount < 0:
        message = "negative payment: should be carried forward by a provider adjustment"
        found.append(X12Warning(message, transaction.segment_number, "BPR", 2, control))
    return found


def _line_imbalances(claim: Claim835, *, transaction: str) -> list[Imbalance]:
    found = []
    for number, line in enumerate(claim.lines, start=1):
        expected = line.charge - _total(line.adjustments)
        if line.paid != expected:
            message = "line paid differs from charge less adjustments"
            found.append(
                Imbalance(
                    "line",
                    transaction,
                    claim.claim_id,
                    number,
                    line.segment_number,
                    expected,
                    line.paid,
                    message,
                )
            )
    return found


def _claim_imbalance(claim: Claim835, *, transaction: str) -> list[Imbalance]:
    adjusted = _total(claim.adjustments) + sum((_total(line.adjustments) for line in claim.lines), ZERO)
    expected = claim.charge - adjusted
    if claim.paid == expected:
        return []
    message = "claim paid differs from charge less all adjustments"
    number = claim.segment_number
    return [Imbalance("claim", transaction, claim.claim_id, None, number, expected, claim.paid, message)]


def _total(adjustments: Iterable[Adjustment]) -> Decimal:
    return sum((item.amount for item in adjustments), ZERO)
