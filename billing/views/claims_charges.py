"""What was done at a visit: the charges entered, and a form for more."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from billing.forms import ROWS, ChargeRow
from billing.models import Claim
from billing.permissions import BillingPermission
from billing.selectors import charges as found
from billing.selectors import claims as claim_selectors
from billing.selectors import restrictions
from billing.services import charges
from kit import links
from kit.errors import DomainError
from kit.views import gate
from practice.audit import note_read
from scheduling.models import Appointment

Rows = formset_factory(ChargeRow, extra=ROWS, max_num=50, absolute_max=50)


@require_http_methods(["GET", "POST"])
def visit_charges(request: Any, appointment_id: uuid.UUID) -> HttpResponse:
    """Charges of a visit; a post enters the rows that have a code."""
    actor = request.actor
    actor.require(BillingPermission.VIEW_CHARGE)
    visit = found.get_visit(appointment_id, actor=actor)
    note_read(request, what="Charges", patient_ids=[visit.patient_id])
    if request.method != "POST":
        return _page(request, visit=visit, rows=Rows())
    actor.require(BillingPermission.CAPTURE_CHARGE)

    def run() -> HttpResponse:
        rows = Rows(request.POST)
        if not rows.is_valid():
            return _page(request, visit=visit, rows=rows, problem="Correct the marked fields.", status=422)
        try:
            lines = [line for form in rows for line in [form.line()] if line]
            made = charges.capture(visit, lines=lines, actor=actor)
        except DomainError as error:
            return _page(request, visit=visit, rows=rows, problem=error.message, status=error.status)
        messages.success(request, f"{len(made)} charges entered.")
        return redirect(links.to(request, name="billing:charges", appointment_id=visit.pk))

    return gate.once(request, run=run)


def _page(
    request: Any, *, visit: Appointment, rows: Any, problem: str = "", status: int = 200
) -> HttpResponse:
    actor = request.actor
    entered = found.of_visit(visit)
    claims = claim_selectors.visible_to(actor).filter(appointment=visit).order_by("part", "created_at")
    context = {
        "visit": visit,
        "charges": entered,
        "total": sum((charge.amount for charge in entered), Decimal(0)),
        "claims": [claim for claim in claims if claim.state != Claim.State.VOIDED],
        "coverage": found.primary_coverage(visit),
        "rows": rows,
        "kept": [row for row in restrictions.of_visit(visit) if row.is_open],
        "problem": problem,
        "may_capture": visit.status in charges.CHARGEABLE and actor.may(BillingPermission.CAPTURE_CHARGE),
        "nonce": gate.nonce(request),
    }
    return render(request, "billing/claim_charges.html", context, status=status)


@require_POST
def void(request: Any, charge_id: uuid.UUID) -> HttpResponse:
    """Take back a charge."""
    charge = found.get_charge(charge_id, actor=request.actor)

    def run() -> HttpResponse:
        try:
            charges.void(charge, actor=request.actor)
        except DomainError as error:
            return gate.declined(request, error=error)
        messages.success(request, f"{charge.procedure} taken back.")
        return redirect(links.to(request, name="billing:charges", appointment_id=charge.appointment_id))

    return gate.once(request, run=run)
