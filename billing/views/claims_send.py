"""Sending ready claims: what can go, by payer, and sending what stays ticked."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from billing.permissions import BillingPermission
from billing.selectors import claims as found
from billing.services import submission
from kit import links
from kit.errors import DomainError
from kit.views import gate
from patients.selectors import restricted
from practice.audit import note_read

MOST = 500  # as many as one person looks through; the others come next


@require_http_methods(["GET", "POST"])
def submit(request: Any) -> HttpResponse:
    """The ready claims (GET); send the chosen ones (POST). What a rule holds now stays, and the answer says so."""
    request.actor.require(BillingPermission.SUBMIT_CLAIM)
    if request.method != "POST":
        return _page(request)

    def run() -> HttpResponse:
        try:
            sent = submission.submit(_chosen(request.POST.getlist("claim")), actor=request.actor)
        except DomainError as error:
            return gate.declined(request, error=error)
        if sent.sent:
            files = ", ".join(batch.file_name for batch in sent.batches)
            messages.success(request, f"{sent.sent} claims sent in {files}.")
        if sent.held:
            messages.warning(request, f"{len(sent.held)} claims were held: a rule found something new.")
        view = "submitted" if sent.sent else "action"
        return redirect(f"{links.to(request, name='kit:billing_claim_list')}?view={view}")

    return gate.once(request, run=run)


def _page(request: Any) -> HttpResponse:
    actor = request.actor
    rows = list(found.ready(actor).select_related("patient")[: MOST + 1])
    named = [row.patient_id for row in rows if restricted.sees(row.patient, actor=actor)]
    note_read(request, what="Claims", patient_ids=named)
    context = {
        "rows": rows[:MOST],
        "more": len(rows) > MOST,
        "total": sum((row.total for row in rows[:MOST]), Decimal(0)),
        "nonce": gate.nonce(request),
    }
    return render(request, "billing/claims_send.html", context)


def _chosen(given: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(each) for each in given]
    except ValueError:
        raise DomainError("Choose claims that are ready.") from None
