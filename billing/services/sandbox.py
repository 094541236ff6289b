"""The sandbox payer: answers the 837P files of training payers with balanced 835s, so that a practice can try
everything to the posted cent without a real payer. It reads files, never our claims.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from billing import x12
from billing.models import ClaimBatch
from billing.services.submission import outgoing_folder
from kit.money import round_cents
from practice.models import Practice

ZERO = Decimal("0.00")
CONTRACT = Decimal("0.72")  # what the training payers allow of a charge
COPAY = Decimal("25.00")
ORIGINATOR = "1999999999"
# Outcome of a claim by the hash of its id, in hundredths: up to 78 pays, up to 90 pays in part, the rest is denied.
PAYS, PAYS_IN_PART = 78, 90
DENIALS = (("CO", "197", "M62"), ("CO", "29", ""), ("CO", "50", "N115"))
LINE_DENIALS = (("CO", "16", "M76"), ("CO", "97", "M15"))


def answer_name(batch: ClaimBatch) -> str:
    """The name of the one 835 that answers a batch."""
    return f"835-{batch.interchange_number:09d}.txt"


def answer(batch: ClaimBatch, *, practice: Practice, paid_on: date | None = None) -> Path | None:
    """Answer a batch's file in the incoming folder, once; returns the 835's path.

    None when there is nothing to answer: the payer is a real one, the file is not marked as a test, it does
    not lie there, or it was answered. ``paid_on`` dates the payment (otherwise the day the file was written).
    The same file always gets the same bytes, so an importer that saw them knows them again.
    """
    path = outgoing_folder(practice) / batch.file_name
    if batch.payer is None or not batch.payer.is_sandbox or batch.written_at is None or not path.is_file():
        return None
    text = path.read_text(encoding="ascii")
    claims, usage = _claims(text)
    if usage != "T" or not claims:
        return None
    incoming = Path(settings.INCOMING) / practice.slug
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    target, half = incoming / answer_name(batch), incoming / f".{answer_name(batch)}.part"
    day = paid_on or batch.written_at.astimezone(UTC).date()
    half.write_text(_remittance(batch, text=text, claims=claims, day=day), encoding="ascii", newline="")
    half.chmod(0o600)
    half.replace(target)
    path.replace(path.with_suffix(".done"))
    return target


def _claims(text: str) -> tuple[list[x12.ClaimData], str]:
    """The claims of an 837P and how its interchange is marked."""
    usages = {raw.usage for raw in x12.read_transactions(text, warnings=[])}
    found = [claim for batch in x12.parse_837p(text).batches for claim in batch.claims]
    return found, usages.pop() if len(usages) == 1 else ""


def _remittance(batch: ClaimBatch, *, text: str, claims: Iterable[x12.ClaimData], day: date) -> str:
    sent = x12.parse_837p(text).batches[0]
    payer = next(iter(claims)).payer
    answered = tuple(decide(claim) for claim in claims)
    total = sum((each.paid for each in answered), ZERO)
    transaction = x12.Transaction835(
        control_number="0001",
        payment=x12.Payment(
            amount=total, method="ACH" if total else "NON", day=day, handling="I" if total else "H"
        ),
        trace=x12.Trace(number=f"SBX{batch.interchange_number:09d}", originator_id=ORIGINATOR),
        payer=x12.Party(
            entity="PR",
            name=payer.name,
            address=("1 Training Way",),
            city="Albany",
            state="NY",
            zip_code="12201",
            references=(x12.Reference("2U", payer.identifier),),
            contacts=(x12.Contact("BL", "Training payer", (("TE", "9145550199"),)),),
        ),
        payee=x12.Party(
            entity="PE",
            name=sent.billing_provider.name,
            id_qualifier="XX",
            identifier=sent.billing_provider.npi,
        ),
        dates=(x12.DatedEvent("405", day),),
        groups=(x12.HeaderGroup("1"),),
        claims=answered,
    )
    there_and_back = x12.Addressing("ZZ", sent.addressing.receiver_id, "ZZ", sent.addressing.sender_id)
    return x12.write_835(
        [transaction],
        addressing=there_and_back,
        interchange_control=batch.interchange_number,
        group_control=batch.group_number,
        when=datetime.combine(day, time(6, 0), tzinfo=UTC),
        usage="T",
    )


def decide(claim: x12.ClaimData) -> x12.Claim835:
    """What the training payer says to a claim: paid, paid in part or denied, by a stable hash of CLM01."""
    digest = hashlib.sha256(claim.claim_id.encode()).digest()
    roll, pick = int.from_bytes(digest[:4]) % 100, digest[4]
    if roll >= PAYS_IN_PART:
        lines = [_denied(line, reason=DENIALS[pick % len(DENIALS)]) for line in claim.lines]
    elif roll >= PAYS and len(claim.lines) > 1:
        last = _denied(claim.lines[-1], reason=LINE_DENIALS[pick % len(LINE_DENIALS)])
        lines = [*_paid(claim.lines[:-1], digest=digest), last]
    else:
        lines = _paid(claim.lines, digest=digest)
    paid = sum((line.paid for line in lines), ZERO)
    patient = sum((each.amount for line in lines for each in line.adjustments if each.group == "PR"), ZERO)
    return x12.Claim835(
        claim_id=claim.claim_id,
        status="4" if roll >= PAYS_IN_PART else "1",
        charge=claim.charge,
        paid=paid,
        patient_responsibility=patient,
        filing_code="12",
        payer_control_number=f"SBX{digest.hex()[:12].upper()}",
        facility_code=claim.place_of_service,
        frequency=claim.frequency,
        header_number="1",
        names=(_name(claim),),
        lines=tuple(lines),
    )


def _name(claim: x12.ClaimData) -> x12.Name:
    person = claim.patient or claim.subscriber
    return x12.Name(
        entity="QC",
        last_name=person.last_name,
        first_name=person.first_name,
        id_qualifier="MI",
        identifier=claim.subscriber.member_id,
    )


def _paid(lines: Iterable[x12.ServiceLine], *, digest: bytes) -> list[x12.Line835]:
    """Allowed at a share of the charge; the copay, or now and then a deductible, comes off the first lines."""
    copay_left = COPAY
    deductible = digest[5] % 10 == 0
    found = []
    for line in lines:
        allowed = round_cents(line.charge * CONTRACT)
        share = allowed if deductible else min(allowed, copay_left)
        copay_left -= ZERO if deductible else share
        adjustments = [x12.Adjustment("CO", "45", line.charge - allowed)]
        if share:
            adjustments.append(x12.Adjustment("PR", "1" if deductible else "3", share))
        found.append(_answered(line, paid=allowed - share, allowed=allowed, adjustments=adjustments))
    return found


def _denied(line: x12.ServiceLine, *, reason: tuple[str, str, str]) -> x12.Line835:
    group, code, remark = reason
    remarks = (x12.Remark("HE", remark),) if remark else ()
    adjustments = [x12.Adjustment(group, code, line.charge)]
    return _answered(line, paid=ZERO, allowed=None, adjustments=adjustments, remarks=remarks)


def _answered(
    line: x12.ServiceLine,
    *,
    paid: Decimal,
    allowed: Decimal | None,
    adjustments: Iterable[x12.Adjustment],
    remarks: tuple[x12.Remark, ...] = (),
) -> x12.Line835:
    return x12.Line835(
        procedure=x12.Procedure("HC", line.procedure, line.modifiers),
        charge=line.charge,
        paid=paid,
        units=line.units,
        dates=(x12.DatedEvent("472", line.service_date),),
        adjustments=tuple(each for each in adjustments if each.amount),
        references=(x12.Reference("6R", line.control_number),),
        amounts=(x12.Amount("B6", allowed),) if allowed is not None else (),
        remarks=remarks,
    )
