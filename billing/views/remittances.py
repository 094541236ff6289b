"""Pages of remittances: one payment beside our books, posting it, its exceptions. The lists are Resources."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing.forms_remittances import MatchForm
from billing.permissions import BillingPermission
from billing.selectors import remittances as found
from billing.services import posting, remittances
from billing.views.answers import refusing
from billing.views.remittance_page import remittance_page
from kit import links
from kit.errors import DomainError, Forbidden
from kit.ids import uuid7
from patients.permissions import PatientPermission
from practice import jobs
from practice.audit import note_read
from practice.encrypted import reveal


@require_POST
def look(request: Any) -> HttpResponse:
    """Queue a look into the incoming folder and show its progress."""
    request.actor.require(BillingPermission.IMPORT_REMITTANCE)
    job = jobs.enqueue("billing.incoming", actor=request.actor, key=f"asked:{uuid7()}")
    back = links.to(request, name="kit:billing_remittance_list")
    return redirect(f"{links.to(request, name='practice:job', job_id=job.pk)}?next={back}")


@require_GET
def download(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The file as it came."""
    request.actor.require(BillingPermission.VIEW_REMITTANCE)
    file = found.get_file(pk, actor=request.actor)
    if found.file_names_hidden(file, actor=request.actor):
        raise Forbidden(PatientPermission.VIEW_RESTRICTED)
    note_read(request, what="Remittance file", action="export")
    response = HttpResponse(reveal(file, "content").encode(), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="remittance-{file.sha256[:12]}.835"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
def remittance(request: Any, pk: uuid.UUID) -> HttpResponse:
    """One payment: does it balance, what does each claim say, what would posting do."""
    actor = request.actor
    actor.require(BillingPermission.VIEW_REMITTANCE)
    return remittance_page(request, row=found.get_remittance(pk, actor=actor))


@require_http_methods(["GET", "POST"])
@refusing
def post(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Say what posting will do (GET), and do it (POST)."""
    actor = request.actor
    actor.require(BillingPermission.POST_REMITTANCE)
    row = found.get_remittance(pk, actor=actor)
    if request.method == "POST":
        done = posting.post(row, actor=actor)
        (messages.info if done.already else messages.success)(request, done.message)
        return redirect(links.to(request, name="billing:remittance", pk=pk))
    plan = posting.preview(row, actor=actor)
    note_read(request, what=f"Remittance {row.trace_number}")
    totals = {
        name: sum((getattr(one, name) for one in plan.ready), Decimal("0.00"))
        for name in ("paid", "written_off", "patient", "denied")
    }
    cases = sum(len(one.denials) for one in plan.ready)
    context = {"remittance": row, "plan": plan, "totals": totals, "cases": cases}
    return render(request, "billing/remittance_post.html", context)


@require_POST
@refusing
def check(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Judge a payment again, after a claim or a rule has changed."""
    request.actor.require(BillingPermission.POST_REMITTANCE)
    row = remittances.check_again(found.get_remittance(pk, actor=request.actor), actor=request.actor)
    messages.success(request, "Checked again.")
    return redirect(links.to(request, name="billing:remittance", pk=row.pk))


@require_POST
@refusing
def release(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Take a payment out of quarantine, with a reason."""
    request.actor.require(BillingPermission.POST_REMITTANCE)
    row = found.get_remittance(pk, actor=request.actor)
    remittances.release(row, reason=request.POST.get("reason", ""), actor=request.actor)
    messages.success(request, "Released from quarantine.")
    return redirect(links.to(request, name="billing:remittance", pk=pk))


@require_POST
def match(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Say which of our claims the payer means."""
    actor = request.actor
    actor.require(BillingPermission.POST_REMITTANCE)
    row = found.get_remittance_claim(pk, actor=actor)
    form = MatchForm(data=request.POST, actor=actor)
    status = 422
    if form.is_valid():
        try:
            remittances.match(row, control_number=form.cleaned_data["control_number"], actor=actor)
            messages.success(request, f"Matched to claim {form.cleaned_data['control_number'].upper()}.")
            return redirect(links.to(request, name="billing:remittance", pk=row.remittance_id))
        except DomainError as error:
            form.add_error("control_number", error.message)
            status = error.status
    remittance_row = found.get_remittance(row.remittance_id, actor=actor)
    return remittance_page(request, row=remittance_row, form=form, bad=row.pk, status=status)
