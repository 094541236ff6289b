"""Letters to a payer about a denial: the claim, what was denied and why, and until when it can be appealed."""

from __future__ import annotations

from billing.models import DenialCase
from billing.permissions import BillingPermission
from billing.selectors.denials import meanings
from patients.letters import PATIENT, patient_values
from practice.actor import Actor
from practice.letter_subjects import Addressee, Facts, MergeField, Subject, address_lines
from practice.rules.letter_markup import Kind

DENIAL = (
    MergeField(name="payer.name", kind=Kind.TEXT, label="Name of the payer", personal=False),
    MergeField(name="payer.address", kind=Kind.ADDRESS, label="Address of the payer", personal=False),
    MergeField(name="coverage.member_id", kind=Kind.TEXT, label="Member ID"),
    MergeField(name="claim.number", kind=Kind.TEXT, label="Our claim number"),
    MergeField(name="claim.payer_number", kind=Kind.TEXT, label="Payer’s claim number"),
    MergeField(name="claim.service_date", kind=Kind.DATE, label="Day of service"),
    MergeField(name="claim.total", kind=Kind.MONEY, label="Charged on the claim"),
    MergeField(name="denial.number", kind=Kind.TEXT, label="Number of the denial"),
    MergeField(name="denial.date", kind=Kind.DATE, label="Day of the denial"),
    MergeField(name="denial.appeal_by", kind=Kind.DATE, label="Last day to appeal"),
    MergeField(name="denial.amount", kind=Kind.MONEY, label="Amount denied"),
    MergeField(name="denial.reason", kind=Kind.TEXT, label="Why it was denied"),
    MergeField(name="denial.codes", kind=Kind.LIST, label="Reason and remark codes"),
    MergeField(name="denial.services", kind=Kind.LIST, label="Services denied"),
)


def denial() -> Subject:
    """A denial; the letter goes to the payer, by post only: it is about a patient."""
    return Subject(
        kind="billing.denialcase",
        label="denial",
        page="billing:denials",
        permission=BillingPermission.VIEW_DENIAL,
        fields=(*DENIAL, *PATIENT),
        read=_read,
        suggest=lambda record: "appeal-cover" if record.closed_on is None else "",
    )


def _read(record: DenialCase, *, actor: Actor) -> Facts:
    claim, payer = record.claim, record.payer
    values = {
        **patient_values(claim.patient),
        "payer.name": payer.name,
        "payer.address": address_lines(payer),
        "coverage.member_id": claim.coverage.member_id if claim.coverage else "",
        "claim.number": claim.control_number,
        "claim.payer_number": claim.payer_control_number,
        "claim.service_date": claim.service_date,
        "claim.total": claim.total,
        "denial.number": str(record.number),
        "denial.date": record.denied_on,
        "denial.appeal_by": record.deadline,
        "denial.amount": record.amount,
        "denial.reason": meanings([record])[record.pk],
        "denial.codes": (f"{record.group_code}-{record.reason_code}", *record.remark_codes.split()),
        "denial.services": _services(record),
    }
    return Facts(
        values=values,
        addressee=Addressee(name=payer.name, lines=address_lines(payer), ways=frozenset({"post"})),
        location=claim.location,
        patient_id=claim.patient_id,
    )


def _services(record: DenialCase) -> tuple[str, ...]:
    """Code and words of the denied line, or of every line of a claim denied as a whole."""
    lines = (
        [record.claim_line]
        if record.claim_line
        else record.claim.lines.select_related("charge__procedure").order_by("id")
    )
    return tuple(f"{line.charge.procedure.code} {line.charge.procedure.name}" for line in lines)
