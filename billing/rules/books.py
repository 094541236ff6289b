"""How an entry of the patient ledger stands in the general ledger, in both books.

Accrual: charges and adjustments are revenue when they are posted. Cash: what is collected is revenue. Whatever
the kind, an entry moves accounts receivable (1100, accrual) by its own amount, so that 1100 is the sum of the
patient ledger.
"""

from __future__ import annotations

from decimal import Decimal

BOTH, ACCRUAL, CASH = "both", "accrual", "cash"
RECEIVABLE, BANK = 1100, 1010
CHARGES, COLLECTED, CONTRACTUAL, COURTESY, BAD_DEBT, REFUNDS = 4100, 4150, 4200, 4250, 4280, 4800
COURTESY_REASONS = frozenset({"charity", "courtesy", "chrty", "crtsy", "hard"})
# Kinds that bring nothing into the books: two entries that sum to zero.
SILENT = frozenset({"transfer"})

# (account, basis, amount signed: debit above zero)
Move = tuple[int, str, Decimal]


def moves(kind: str, *, reason: str = "", amount: Decimal) -> tuple[Move, ...]:
    """The lines of ``amount`` of ledger entries of one kind, which sum to zero in either book.

    ``kind`` of a reversal is the kind of what it reverses; one whose origin is unknown counts as adjustment.
    ``amount`` is signed as in the patient ledger: above zero raises what is owed.
    """
    if kind in SILENT:
        return ()
    if kind in ("insurance_payment", "patient_payment"):
        return ((BANK, BOTH, -amount), (RECEIVABLE, ACCRUAL, amount), (COLLECTED, CASH, amount))
    if kind == "refund":
        return ((BANK, BOTH, -amount), (RECEIVABLE, ACCRUAL, amount), (REFUNDS, CASH, amount))
    if kind == "charge":
        return ((RECEIVABLE, ACCRUAL, amount), (CHARGES, ACCRUAL, -amount))
    account = CONTRACTUAL
    if kind == "write_off":
        account = COURTESY if reason.lower() in COURTESY_REASONS else BAD_DEBT
    return ((account, ACCRUAL, -amount), (RECEIVABLE, ACCRUAL, amount))
