"""Which of our claims and lines a payer answers. The order is that of X12.md 4.7, the surest first."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from billing.models import Claim, ClaimLine, RemittanceClaim
from billing.x12 import Claim835, Line835, Procedure, Transaction835
from practice.models import Payer

Match = RemittanceClaim.Match


@dataclass(slots=True)
class Found:
    """What was found for one claim of a remittance: our claim, how sure, and our line for each of its lines."""

    claim: Claim | None = None
    match: str = Match.NONE
    lines: list[ClaimLine | None] = field(default_factory=list)


def payer_of(transaction: Transaction835) -> Payer | None:
    """Our payer for a payment: by one of the numbers it gives, else by its name."""
    party = transaction.payer
    numbers = {transaction.trace.originator_id, transaction.payment.originator_id}
    if party is not None:
        numbers |= {party.identifier, *(item.value for item in party.references)}
    numbers.discard("")
    found = Payer.objects.filter(payer_id__in=numbers).order_by("-is_active", "id").first()
    if found is not None or party is None or not party.name:
        return found
    wanted = party.name.casefold()
    return next((payer for payer in Payer.objects.all() if payer.name.casefold() == wanted), None)


def match_claims(claims: Sequence[Claim835], *, payer: Payer | None) -> list[Found]:
    """Our claim and lines for each claim of a payment, in its order. A handful of queries for any number."""
    by_number = _by(_claims().filter(control_number__in={c.claim_id for c in claims}), "control_number")
    missing = [claim for claim in claims if claim.claim_id not in by_number]
    numbers = {claim.payer_control_number for claim in missing} - {""}
    by_payer_number = _by(_claims().filter(payer_control_number__in=numbers), "payer_control_number")
    found = []
    for claim in claims:
        own = by_number.get(claim.claim_id) or by_payer_number.get(claim.payer_control_number, [])
        own = [one for one in own if payer is None or one.payer_id == payer.id] or own
        result = Found(own[0], Match.EXACT) if len(own) == 1 else _by_circumstance(claim)
        result.lines = match_lines(claim.lines, ours=list(result.claim.lines.all()) if result.claim else [])
        found.append(result)
    return found


def _by_circumstance(claim: Claim835) -> Found:
    """Member number, day and charge; with the name instead of the member number it is only a candidate."""
    day, _ = claim.service_dates
    if day is None:
        return Found()
    same = _claims().filter(service_date=day, total=claim.charge)
    if claim.member_id:
        own = list(same.filter(coverage__member_id=claim.member_id)[:2])
        if len(own) == 1:
            return Found(own[0], Match.EXACT)
    name = claim.name("QC") or claim.name("IL")
    if name is None or not name.last_name:
        return Found()
    own = list(same.filter(patient__last_name_key=name.last_name.lower())[:2])
    return Found(own[0], Match.CANDIDATE) if len(own) == 1 else Found()


def match_lines(lines: Sequence[Line835], *, ours: Iterable[ClaimLine]) -> list[ClaimLine | None]:
    """Our line for each of the payer's: by our line number (REF*6R), by code, modifiers, charge and day, by
    code and charge, and by the code we sent when the payer changed it (SVC06). Each of ours is used once.
    """
    free = list(ours)
    found: list[ClaimLine | None] = [None] * len(lines)
    for test in (_same_number, _same_in_all, _same_code_and_charge, _recoded):
        for index, line in enumerate(lines):
            if found[index] is None:
                own = next((one for one in free if test(line, ours=one)), None)
                if own is not None:
                    found[index] = own
                    free.remove(own)
    return found


def _same_number(line: Line835, *, ours: ClaimLine) -> bool:
    return bool(line.control_number) and line.control_number == ours.line_control


def _same_in_all(line: Line835, *, ours: ClaimLine) -> bool:
    day = line.service_date
    return (
        _same_code_and_charge(line, ours=ours)
        and sorted(line.procedure.modifiers) == sorted(ours.charge.modifiers)
        and day in (None, ours.charge.service_date)
    )


def _same_code_and_charge(line: Line835, *, ours: ClaimLine) -> bool:
    return _is_code(line.procedure, ours=ours) and line.charge == ours.charge.amount


def _recoded(line: Line835, *, ours: ClaimLine) -> bool:
    original = line.original_procedure
    return original is not None and _is_code(original, ours=ours) and line.charge == ours.charge.amount


def _is_code(procedure: Procedure, *, ours: ClaimLine) -> bool:
    return bool(procedure.code == ours.charge.procedure.claim_code)


def _claims() -> QuerySet[Claim]:
    return Claim.objects.select_related("patient").prefetch_related("lines__charge__procedure")


def _by(claims: Iterable[Claim], name: str) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[getattr(claim, name)].append(claim)
    return found


def lines_of(claim_id: uuid.UUID) -> list[ClaimLine]:
    """A claim's lines with what matching compares."""
    return list(ClaimLine.objects.filter(claim_id=claim_id).select_related("charge__procedure"))
