"""Keep a visit from the plan, from the visit's own page."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from billing.forms_restrictions import RestrictForm
from billing.permissions import BillingPermission
from billing.selectors import restrictions as found
from billing.services import restrictions
from kit.views import gate
from patients.pages import declines
from practice.audit import note_read
from practice.record_pages import page_of_record
from practice.selectors.records import find

VISIT = "scheduling.appointment"


@require_http_methods(["GET", "POST"])
@declines
def restrict_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Who asks, for which plan; saved, it leads back to the visit."""
    request.actor.require(BillingPermission.RESTRICT_DISCLOSURE)
    visit = find(VISIT, pk=pk, actor=request.actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])
    posted = {"data": request.POST} if request.method == "POST" else {}
    form = RestrictForm(actor=request.actor, initial={"asked_by": str(visit.patient)}, **posted)

    def do(values: dict[str, Any]) -> str:
        made = restrictions.restrict(visit, actor=request.actor, **values)
        messages.success(request, f"{made}.")
        return page_of_record(request, record=visit)

    def page(status: int) -> HttpResponse:
        context = {
            "visit": visit,
            "form": form,
            "back": page_of_record(request, record=visit),
            "owes": found.patient_owes(visit),
            "nonce": gate.nonce(request),
            "problem": status != 200,
        }
        return render(request, "billing/restrict.html", context, status=status)

    return gate.answer(request, form=form, page=page, do=do)
