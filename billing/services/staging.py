"""Write a parsed payment down as rows, exactly as the payer said it. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from billing.models import (
    ProviderAdjustment,
    Remittance,
    RemittanceAdjustment,
    RemittanceClaim,
    RemittanceLine,
)
from billing.services.matching import Found
from billing.x12 import Adjustment, Claim835, Line835, Transaction835
from kit.errors import DomainError
from kit.money import LARGEST, round_cents

ZERO = Decimal("0.00")
REMARK_LIST = "HE"


def money(value: Decimal, *, where: str) -> Decimal:
    """An amount we can keep: whole cents below ten billion dollars. Raises DomainError naming the place."""
    if abs(value) > LARGEST:
        raise DomainError(f"{where}: an amount is too large.")
    if round_cents(value) != value:
        raise DomainError(f"{where}: an amount has parts of a cent.")
    return round_cents(value)


def short(value: str, *, limit: int, what: str, where: str) -> str:
    """A code or number we can keep whole. Raises DomainError naming the place."""
    if len(value) > limit:
        raise DomainError(f"{where}: {what} is longer than {limit} characters.")
    return value


def place_of(transaction: Transaction835, *, claim: Claim835 | None = None, segment: int = 0) -> str:
    """Where in the file, in one phrase: "transaction 0001, claim WR17, segment 12"."""
    parts = [f"transaction {transaction.control_number}"]
    if claim is not None:
        parts.append(f"claim {claim.claim_id[:50]}")
    number = segment or (claim.segment_number if claim else transaction.segment_number)
    return ", ".join([*parts, f"segment {number}"])


def write(transaction: Transaction835, *, remittance: Remittance, found: Sequence[Found]) -> None:
    """The rows of a payment: claims, lines, adjustments, provider adjustments; four inserts for any number."""
    claims, lines, adjustments = [], [], []
    for position, (claim, match) in enumerate(zip(transaction.claims, found, strict=True), start=1):
        where = place_of(transaction, claim=claim)
        row = _claim(claim, position=position, match=match, remittance=remittance, where=where)
        claims.append(row)
        adjustments += _adjustments(claim.adjustments, row=row, line=None, where=where)
        for place, (line, own) in enumerate(zip(claim.lines, match.lines, strict=True), start=1):
            where = place_of(transaction, claim=claim, segment=line.segment_number)
            kept = _line(line, position=place, row=row, where=where)
            kept.claim_line = own
            lines.append(kept)
            adjustments += _adjustments(line.adjustments, row=row, line=kept, where=where)
    RemittanceClaim.objects.bulk_create(claims, batch_size=1000)
    RemittanceLine.objects.bulk_create(lines, batch_size=1000)
    RemittanceAdjustment.objects.bulk_create(adjustments, batch_size=1000)
    ProviderAdjustment.objects.bulk_create(_provider_level(transaction, remittance=remittance))


def _claim(
    claim: Claim835, *, position: int, match: Found, remittance: Remittance, where: str
) -> RemittanceClaim:
    name = claim.name("QC") or claim.name("IL")
    shown = f"{name.last_name}, {name.first_name}".strip(", ") if name else ""
    return RemittanceClaim(
        practice_id=remittance.practice_id,
        remittance=remittance,
        position=position,
        claim=match.claim,
        match=match.match,
        claim_reference=short(claim.claim_id, limit=50, what="the claim number", where=where),
        payer_control_number=short(
            claim.payer_control_number, limit=50, what="the payer's claim number", where=where
        ),
        status_code=short(claim.status, limit=3, what="the claim status", where=where),
        patient_name=shown[:120],
        charge=money(claim.charge, where=where),
        paid=money(claim.paid, where=where),
        patient_share=money(claim.patient_responsibility or ZERO, where=where),
        remarks=_remarks(claim.remark_codes),
    )


def _line(line: Line835, *, position: int, row: RemittanceClaim, where: str) -> RemittanceLine:
    code = " ".join((line.procedure.code or line.revenue_code, *line.procedure.modifiers)).strip()
    return RemittanceLine(
        practice_id=row.practice_id,
        remittance_claim=row,
        position=position,
        procedure_code=short(code, limit=48, what="the procedure", where=where),
        line_control=short(line.control_number, limit=50, what="the line number", where=where),
        service_date=line.service_date,
        charge=money(line.charge, where=where),
        paid=money(line.paid, where=where),
        remarks=_remarks(remark.code for remark in line.remarks if remark.qualifier == REMARK_LIST),
    )


def _adjustments(
    adjustments: Sequence[Adjustment], *, row: RemittanceClaim, line: RemittanceLine | None, where: str
) -> list[RemittanceAdjustment]:
    return [
        RemittanceAdjustment(
            practice_id=row.practice_id,
            remittance_claim=row,
            line=line,
            position=position,
            group_code=short(item.group, limit=2, what="an adjustment group", where=where),
            reason_code=short(item.reason, limit=5, what="an adjustment reason", where=where),
            amount=money(item.amount, where=where),
            quantity=item.quantity if item.quantity is None or abs(item.quantity) < 10**8 else None,
        )
        for position, item in enumerate(adjustments, start=1)
    ]


def _provider_level(transaction: Transaction835, *, remittance: Remittance) -> list[ProviderAdjustment]:
    where = place_of(transaction)
    return [
        ProviderAdjustment(
            practice_id=remittance.practice_id,
            remittance=remittance,
            position=position,
            reason=short(item.reason, limit=5, what="a provider adjustment's reason", where=where),
            reference=item.reference[:60],
            amount=money(item.amount, where=where),
        )
        for position, item in enumerate(transaction.provider_adjustments, start=1)
    ]


def _remarks(codes: Iterable[str]) -> str:
    """Codes separated by blanks, whole ones only."""
    kept = ""
    for code in codes:
        longer = f"{kept} {code}".strip()
        if len(longer) > 80:
            break
        kept = longer
    return kept
