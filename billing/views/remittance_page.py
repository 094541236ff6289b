"""The page of one payment: the payer's file beside our books, its exceptions, what posting would do."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from billing.forms_remittances import MatchForm, ReleaseForm
from billing.models import Remittance, RemittanceAdjustment, RemittanceLine
from billing.permissions import BillingPermission
from billing.rules.balance import Deposit
from billing.selectors import remittances as found
from billing.services import posting
from billing.services.posting_plan import ClaimPlan, Plan
from kit import links
from kit.status import Status
from patients.rules import HIDDEN_NAME
from patients.selectors import restricted
from practice.audit import note_read

ZERO = Decimal("0.00")
ROWS = 200
State = Remittance.State


@dataclass(frozen=True, kw_only=True, slots=True)
class LineRow:
    """A line of the payer: what it allows, its patient share, the codes of its adjustments."""

    line: RemittanceLine
    allowed: Decimal
    patient: Decimal
    codes: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A claim of the payment beside ours: who, what, and how it stands."""

    plan: ClaimPlan
    name: str
    url: str
    result: Status
    allowed: Decimal
    patient: Decimal
    codes: str
    lines: list[LineRow]
    written_off: Decimal
    denied: Decimal


def remittance_page(
    request: Any,
    *,
    row: Remittance,
    form: MatchForm | None = None,
    bad: uuid.UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a payment; ``form`` is a refused match of the claim ``bad``."""
    actor = request.actor
    plan = posting.preview(row, actor=actor)
    shown, waiting = plan.claims[:ROWS], plan.exceptions[:ROWS]
    patients = [one.row.claim.patient for one in [*shown, *waiting] if one.row.claim]
    named = [patient.pk for patient in patients if restricted.sees(patient, actor=actor)]
    note_read(request, what=f"Remittance {row.trace_number}", patient_ids=named)
    names = restricted.hidden_names(actor)
    plbs = list(found.provider_adjustments(row))
    booked = found.booked(row) if row.state == State.POSTED else {}
    context = {
        "remittance": row,
        "plan": plan,
        "rows": [_row(request, plan=one, booked=booked, names=names) for one in shown],
        "hidden": len(plan.claims) - len(shown),
        "exceptions": [_row(request, plan=one, booked=booked, names=names) for one in waiting],
        "plbs": plbs,
        "equation": _equation(row, plan=plan, kept=sum((one.amount for one in plbs), ZERO)),
        "deposit": posting.deposit_of(row) if row.state == State.POSTED else None,
        "postable": _postable(row, plan=plan),
        "may_post": actor.may(BillingPermission.POST_REMITTANCE),
        "form": form,
        "bad": bad,
        "release_form": ReleaseForm(actor=actor) if row.state == State.QUARANTINED else None,
    }
    return render(request, "billing/remittance.html", context, status=status)


def _postable(row: Remittance, *, plan: Plan) -> bool:
    """Whether there is anything posting would do: the first time always, later only for resolved claims."""
    return row.state in (State.STAGED, State.REVIEW) or (row.state == State.POSTED and bool(plan.ready))


def _equation(row: Remittance, *, plan: Plan, kept: Decimal) -> Deposit:
    """Claims of the file against its total: zero difference unless the file was refused."""
    paid = sum((one.row.paid for one in plan.claims), ZERO)
    return Deposit(deposited=row.amount, provider_adjusted=kept, posted=paid, unapplied=ZERO)


def _row(request: Any, *, plan: ClaimPlan, booked: dict[int, found.Booked], names: restricted.Names) -> Row:
    row, claim = plan.row, plan.row.claim
    adjustments = list(row.adjustments.all())
    patient = _share(adjustments)
    unseen = claim is not None and not restricted.sees(claim.patient, actor=request.actor)
    # The payer's own name for the patient counts too: an exception has no claim of ours, or a wrong one.
    if unseen or restricted.mentions(row.patient_name, names=names):
        name, url = HIDDEN_NAME, ""
    else:
        name = row.patient_name or (claim.patient.name if claim else "Not named")
        url = links.to(request, name="billing:account", pk=claim.patient_id) if claim else ""
    done = booked.get(row.position) if row.posted else None
    return Row(
        plan=plan,
        name=name,
        url=url,
        result=_result(plan),
        allowed=row.paid + patient,
        patient=patient,
        codes=_codes([one for one in adjustments if one.line_id is None]),
        lines=[_line(line, adjustments=adjustments) for line in plan.lines],
        written_off=done.written_off if done else plan.written_off,
        denied=done.denied if done else plan.denied,
    )


def _line(line: RemittanceLine, *, adjustments: Sequence[RemittanceAdjustment]) -> LineRow:
    own = [one for one in adjustments if one.line_id == line.pk]
    patient = _share(own)
    codes = f"{_codes(own)} {line.remarks}".strip()
    return LineRow(line=line, allowed=line.paid + patient, patient=patient, codes=codes)


def _share(adjustments: Sequence[RemittanceAdjustment]) -> Decimal:
    return sum((one.amount for one in adjustments if one.group_code == "PR"), ZERO)


def _codes(adjustments: Sequence[RemittanceAdjustment]) -> str:
    return ", ".join(f"{one.group_code}-{one.reason_code}" for one in adjustments)


def _result(plan: ClaimPlan) -> Status:
    if plan.row.posted:
        return Status("Posted", "ok")
    if plan.problem:
        unmatched = plan.row.claim is None
        return Status("Unmatched" if unmatched else "To decide", "bad" if unmatched else "warn")
    if plan.reversed_row is not None:
        return Status("Reversal", "warn")
    if plan.denied:
        return Status("Partly denied" if plan.paid or plan.patient else "Denied", "bad")
    return Status("Ready", "ok")
