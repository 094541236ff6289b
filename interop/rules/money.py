"""Synthea's claims_transactions: which charge a row belongs to, who owes it then, and what it moves.

A CHARGE row opens a charge; the rows after it with the same claim (in CHARGEID order) pay it, adjust it or hand
it on. TRANSFERTYPE says who owes: "1" the primary insurance, "2" the secondary, "p" the patient. What is left of
a charge is charge − payments − adjustments. The OUTSTANDING column agrees, but shows 0 where a copay is larger
than the charge: that credit is real money of the patient and stands here as such.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from interop.rules.values import amount, number, reference, required_amount, text
from kit.money import ZERO
from kit.sheet_reader.rows import BadField, Row

PATIENT = "p"
HOLDERS = ("1", "2", PATIENT)
TYPES = ("CHARGE", "PAYMENT", "ADJUSTMENT", "TRANSFEROUT", "TRANSFERIN")
# METHOD: who pays and what we call it. ECHECK is the insurer's transfer.
METHODS = {
    "COPAY": ("patient_payment", "copay"),
    "CASH": ("patient_payment", "cash"),
    "CHECK": ("patient_payment", "check"),
    "CC": ("patient_payment", "card"),
    "ECHECK": ("insurance_payment", "eft"),
}
# What must not change once it is in the ledger.
MONEY_FIELDS = (
    "CLAIMID", "CHARGEID", "PATIENTID", "TYPE", "AMOUNT", "METHOD", "FROMDATE", "PROCEDURECODE", "UNITS",
    "TRANSFEROUTID", "TRANSFERTYPE", "PAYMENTS", "ADJUSTMENTS", "TRANSFERS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transaction:
    """A row of claims_transactions in plain values. ``number`` is CHARGEID, the row's place in its patient's books."""

    row: Row
    id: str
    claim: str
    number: int
    type: str
    code: str
    charge: Decimal = ZERO
    payment: Decimal = ZERO
    adjustment: Decimal = ZERO
    transfer: Decimal = ZERO
    method: str = ""
    holder: str = ""
    transfer_out: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry to come: signed dollars, the source's key, and whose balance it moves."""

    kind: str
    amount: Decimal
    holder: str
    key: str
    method: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """What a row does: the charge it belongs to (id of its CHARGE row), its line number, its entries.

    ``settles`` are the rows it completes (the row itself and, for a TRANSFERIN, its TRANSFEROUT); empty for a
    TRANSFEROUT, which waits for its other half.
    """

    charge: str
    line: int
    entries: tuple[Entry, ...] = ()
    settles: tuple[Transaction, ...] = ()


@dataclass
class _Standing:
    """A claim's open charge while its rows are read."""

    charge: str
    code: str
    line: int
    holder: str
    owed: dict[str, Decimal]
    last: int
    out: Transaction | None = None


@dataclass
class Tracker:
    """Follows the rows of a file in order. Feeding it the same good rows again brings it to the same point."""

    claims: dict[str, _Standing | None] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    unmatched: list[Transaction] = field(default_factory=list)

    def feed(self, transaction: Transaction) -> Move:
        """What this row moves. Raises BadField when it does not fit the rows before it."""
        if transaction.type == "CHARGE":
            return self._open(transaction)
        standing = self.claims.get(transaction.claim)
        if standing is None:
            raise BadField("CHARGEID", "no accepted CHARGE row of this claim comes before it")
        if transaction.number <= standing.last:
            raise BadField(
                "CHARGEID", f"comes after {standing.last}: the file must be in the order of CHARGEID"
            )
        if transaction.code != standing.code:
            raise BadField("PROCEDURECODE", f"differs from {standing.code}, the charge before it")
        move = self._transfer(transaction, standing) if transaction.type.startswith("TRANSFER") else None
        move = move or self._reduce(transaction, standing)
        standing.last = transaction.number
        return move

    def lose(self, claim: str) -> None:
        """A charge of this claim was refused: what follows until the next charge has no place to go."""
        self.claims[claim] = None
        self.lines[claim] = self.lines.get(claim, 0) + 1

    def waiting(self) -> list[Transaction]:
        """TRANSFEROUT rows whose other half never came; call at the end of the file."""
        return self.unmatched + [
            one.out for one in self.claims.values() if one is not None and one.out is not None
        ]

    def _open(self, transaction: Transaction) -> Move:
        before = self.claims.get(transaction.claim)
        if before is not None and before.out is not None:
            self.unmatched.append(before.out)
        line = self.lines[transaction.claim] = self.lines.get(transaction.claim, 0) + 1
        standing = self.claims[transaction.claim] = _Standing(
            charge=transaction.id,
            code=transaction.code,
            line=line,
            holder=transaction.holder,
            owed={transaction.holder: transaction.charge},
            last=transaction.number,
        )
        entry = Entry(kind="charge", amount=transaction.charge, holder=transaction.holder, key=transaction.id)
        entries = (entry, *_adjust(transaction, standing))
        return Move(charge=transaction.id, line=line, entries=entries, settles=(transaction,))

    def _reduce(self, transaction: Transaction, standing: _Standing) -> Move:
        paid = self._payment(transaction, standing) if transaction.payment else []
        entries = (*paid, *_adjust(transaction, standing))
        return Move(charge=standing.charge, line=standing.line, entries=entries, settles=(transaction,))

    def _payment(self, transaction: Transaction, standing: _Standing) -> list[Entry]:
        """A payment takes from who owes; what a patient pays beyond that is the patient's own credit."""
        kind, method = METHODS[transaction.method]
        holder, rest = standing.holder, ZERO
        if kind == "patient_payment" and holder != PATIENT:
            rest = max(ZERO, transaction.payment - max(ZERO, standing.owed[holder]))
        parts = [
            (holder, transaction.payment - rest, transaction.id),
            (PATIENT, rest, f"{transaction.id}/credit"),
        ]
        entries = []
        for who, paid, key in parts:
            standing.owed[who] = standing.owed.get(who, ZERO) - paid
            if paid:
                entries.append(Entry(kind=kind, amount=-paid, holder=who, key=key, method=method))
        return entries

    def _transfer(self, transaction: Transaction, standing: _Standing) -> Move:
        if transaction.type == "TRANSFEROUT":
            if standing.out is not None:
                self.unmatched.append(standing.out)
            standing.out = transaction
            return Move(charge=standing.charge, line=standing.line, entries=_adjust(transaction, standing))
        out = standing.out
        if out is None or out.number != transaction.transfer_out:
            raise BadField("TRANSFEROUTID", "names no TRANSFEROUT row of this charge")
        if out.transfer != transaction.transfer:
            raise BadField("TRANSFERS", f"differs from its TRANSFEROUT row ({out.transfer})")
        entries: tuple[Entry, ...] = (
            Entry(kind="transfer", amount=-out.transfer, holder=standing.holder, key=out.id),
            Entry(
                kind="transfer", amount=transaction.transfer, holder=transaction.holder, key=transaction.id
            ),
        )
        for entry in entries:
            standing.owed[entry.holder] = standing.owed.get(entry.holder, ZERO) + entry.amount
        standing.holder, standing.out = transaction.holder, None
        entries += _adjust(transaction, standing)
        return Move(charge=standing.charge, line=standing.line, entries=entries, settles=(out, transaction))


def _adjust(transaction: Transaction, standing: _Standing) -> tuple[Entry, ...]:
    """The ADJUSTMENTS column may stand on any row: it takes from who owes then."""
    if not transaction.adjustment:
        return ()
    standing.owed[standing.holder] = standing.owed.get(standing.holder, ZERO) - transaction.adjustment
    key = f"{transaction.id}/adjustment"
    return (Entry(kind="adjustment", amount=-transaction.adjustment, holder=standing.holder, key=key),)


def parse(row: Row) -> Transaction:
    """Read a row. Raises BadField for an unknown type or method, a missing or bad amount, a bad CHARGEID."""
    kind = text(row, "TYPE", limit=20, required=True)
    if kind not in TYPES:
        raise BadField("TYPE", f"“{kind}” is not one of {', '.join(TYPES)}")
    given = {
        "row": row,
        "id": reference(row, "ID"),
        "claim": reference(row, "CLAIMID"),
        "number": number(row, "CHARGEID"),
        "type": kind,
        "code": text(row, "PROCEDURECODE", limit=30, required=True),
        "adjustment": amount(row, "ADJUSTMENTS") or ZERO,
    }
    if kind == "CHARGE":
        return Transaction(**given, charge=required_amount(row, "AMOUNT"), holder=_holder(row))  # type: ignore[arg-type]
    if kind == "TRANSFEROUT":
        return Transaction(**given, transfer=required_amount(row, "TRANSFERS"))  # type: ignore[arg-type]
    if kind == "TRANSFERIN":
        out = number(row, "TRANSFEROUTID")
        moved = required_amount(row, "TRANSFERS")
        return Transaction(**given, transfer=moved, holder=_holder(row), transfer_out=out)  # type: ignore[arg-type]
    if kind == "ADJUSTMENT":
        return Transaction(**{**given, "adjustment": required_amount(row, "ADJUSTMENTS")})  # type: ignore[arg-type]
    method = text(row, "METHOD", limit=20, required=True)
    if method not in METHODS:
        raise BadField("METHOD", f"“{method}” is not one of {', '.join(METHODS)}")
    return Transaction(**given, payment=required_amount(row, "PAYMENTS"), method=method)  # type: ignore[arg-type]


def _holder(row: Row) -> str:
    holder = text(row, "TRANSFERTYPE", limit=10, required=True)
    if holder not in HOLDERS:
        raise BadField("TRANSFERTYPE", f"“{holder}” is not one of 1, 2 and p")
    return holder
