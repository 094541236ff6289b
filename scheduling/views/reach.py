"""What the desk does about reaching the patient of a visit: its links, and how it takes place."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kit import links, writes
from kit.errors import DomainError
from kit.views import gate
from patients.pages import declines
from practice.audit import note_read
from scheduling.forms import TelehealthForm
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import get_appointment
from scheduling.selectors.telehealth import details_of
from scheduling.services import visit_links
from scheduling.services.telehealth import set_details
from scheduling.views.visits import day_url, when


@require_POST
def close_links(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Shut every confirmation link of a visit."""
    request.actor.require(SchedulingPermission.BOOK_VISIT)
    visit = get_appointment(pk, actor=request.actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])

    def run() -> HttpResponse:
        try:
            visit_links.close(visit, actor=request.actor)
        except DomainError as error:
            return gate.declined(request, error=error)
        messages.success(request, "The confirmation links of this visit open nothing any more.")
        return redirect(links.to(request, name="scheduling:visit", pk=visit.pk))

    return gate.once(request, run=run)


@require_http_methods(["GET", "POST"])
@declines
def telehealth(request: Any, pk: uuid.UUID) -> HttpResponse:
    """How one visit takes place: by video or telephone, through which link, where the patient is."""
    request.actor.require(SchedulingPermission.BOOK_VISIT)
    visit = get_appointment(pk, actor=request.actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])
    details = details_of(visit)
    initial = {
        name: getattr(details, name) if details else ""
        for name in ("join_link", "state", "timezone", "phone")
    } | {"modality": details.modality if details else visit.type.modality}
    form = TelehealthForm(
        data=request.POST if request.method == "POST" else None, initial=initial, actor=request.actor
    )
    context = {
        "form": form,
        "visit": visit,
        "when": when(visit),
        "nonce": gate.nonce(request),
        "day_url": day_url(request, visit=visit),
    }

    def run() -> HttpResponse:
        status = 422
        if form.is_valid():
            try:
                set_details(visit, actor=request.actor, **form.cleaned_data)
                messages.success(request, f"How the visit of {visit.patient} takes place is kept.")
                return redirect(links.to(request, name="scheduling:visit", pk=visit.pk))
            except DomainError as error:
                writes.explain(form, error=error)
                status = error.status
        return render(request, "scheduling/telehealth.html", {**context, "problem": True}, status=status)

    return (
        gate.once(request, run=run)
        if request.method == "POST"
        else render(request, "scheduling/telehealth.html", context)
    )
