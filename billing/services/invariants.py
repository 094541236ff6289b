"""Do the sums come out? The ledger is the truth; whatever is derived from it must say the same, to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection

from billing.models import Remittance
from billing.selectors.remittances import visible_to
from billing.services.posting import deposit_of
from kit.words import dollars
from practice.actor import Actor

ZERO = Decimal("0.00")

# A full join: an entry without an open item and an item without an entry are both differences.
ITEMS: Final = """
SELECT coalesce(l.charge_id, o.charge_id), coalesce(l.payer_id, o.payer_id),
       coalesce(l.total, 0), coalesce(o.balance, 0)
FROM (SELECT charge_id, payer_id, sum(amount) AS total FROM billing_ledgerentry
      WHERE practice_id = %(practice)s AND charge_id IS NOT NULL GROUP BY charge_id, payer_id) l
FULL JOIN (SELECT charge_id, payer_id, balance FROM billing_openitem WHERE practice_id = %(practice)s) o
  ON o.charge_id = l.charge_id AND coalesce(o.payer_id, o.charge_id) = coalesce(l.payer_id, l.charge_id)
WHERE coalesce(l.total, 0) <> coalesce(o.balance, 0)
ORDER BY 1, 2 LIMIT 20
"""
TOTALS: Final = """
SELECT (SELECT coalesce(sum(amount), 0) FROM billing_ledgerentry WHERE practice_id = %(practice)s),
       (SELECT coalesce(sum(amount), 0) FROM billing_ledgerentry
        WHERE practice_id = %(practice)s AND charge_id IS NULL),
       (SELECT coalesce(sum(balance), 0) FROM billing_openitem WHERE practice_id = %(practice)s)
"""
TRANSFERS: Final = """
SELECT coalesce(sum(amount), 0) FROM billing_ledgerentry entry WHERE practice_id = %(practice)s
AND (kind = 'transfer' OR (kind = 'reversal' AND EXISTS (
  SELECT FROM billing_ledgerentry first WHERE first.practice_id = entry.practice_id
  AND first.id = entry.reverses_id AND first.kind = 'transfer')))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A sum that does not come out."""

    what: str
    expected: Decimal
    found: Decimal

    def __str__(self) -> str:
        return f"{self.what}: {dollars(self.found)} instead of {dollars(self.expected)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The receivable of a practice in dollars, and every difference."""

    receivable: Decimal
    unapplied: Decimal
    findings: tuple[Finding, ...]


def check(*, actor: Actor) -> Report:
    """Compare the ledger with open items, receivable total, transfers and posted payments. Writes nothing."""
    given = {"practice": str(actor.practice_id)}
    findings: list[Finding] = []
    with connection.cursor() as cursor:
        cursor.execute(ITEMS, given)
        for charge, payer, total, balance in cursor.fetchall():
            what = f"open item of charge {charge}, {f'payer {payer}' if payer else 'patient'}"
            findings.append(Finding(what=what, expected=total, found=balance))
        cursor.execute(TOTALS, given)
        ledger, loose, items = cursor.fetchone()
        cursor.execute(TRANSFERS, given)
        moved = cursor.fetchone()[0]
    if items + loose != ledger:
        what = "receivable: open items and unapplied money"
        findings.append(Finding(what=what, expected=ledger, found=items + loose))
    if moved:
        findings.append(Finding(what="transfers of responsibility", expected=ZERO, found=moved))
    findings += _deposits(actor)
    return Report(receivable=ledger, unapplied=loose, findings=tuple(findings))


def _deposits(actor: Actor) -> list[Finding]:
    found = []
    for remittance in visible_to(actor).filter(state=Remittance.State.POSTED).iterator(chunk_size=500):
        deposit = deposit_of(remittance)
        if deposit.difference:
            booked = deposit.posted + deposit.unapplied
            what = f"payment {remittance.trace_number} of {remittance.payer_name}"
            found.append(Finding(what=what, expected=deposit.claims_paid, found=booked))
    return found
