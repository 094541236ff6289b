"""Pages about which records are restricted: the list, and marking one or lifting it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kit import links, writes
from kit.errors import DomainError
from kit.views import gate
from patients.break_glass_forms import RestrictionForm
from patients.pages import declines
from patients.permissions import PatientPermission
from patients.selectors import patients as found
from patients.selectors import restricted
from patients.services import patients
from practice.audit import note_read

ROWS = 200


@require_GET
def restricted_records(request: Any) -> HttpResponse:
    """The restricted patients, and people who work here and are treated here but are not restricted."""
    actor = request.actor
    actor.require(PatientPermission.VIEW_RESTRICTED)
    actor.require(PatientPermission.VIEW_PATIENT)
    rows = list(found.visible_to(actor).filter(is_restricted=True).order_by(*found.BY_NAME)[: ROWS + 1])
    may_restrict = actor.may(PatientPermission.RESTRICT_PATIENT)
    suggested = list(restricted.staff_among_patients(actor)[:ROWS]) if may_restrict else []
    note_read(request, what="Restricted records", patient_ids=[row.pk for row in [*rows, *suggested]])
    context = {
        "rows": rows[:ROWS],
        "more": len(rows) > ROWS,
        "suggested": suggested,
        "may_restrict": may_restrict,
    }
    return render(request, "patients/restricted.html", context)


@require_http_methods(["GET", "POST"])
@declines
def restriction(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Restrict a record, or lift the restriction, with a reason."""
    actor = request.actor
    actor.require(PatientPermission.RESTRICT_PATIENT)
    patient = found.get_patient(pk, actor=actor)
    note_read(request, what="Patient", patient_ids=[patient.pk])
    form = RestrictionForm(data=request.POST if request.method == "POST" else None, actor=actor)
    # What the person saw decides, not what the record has become meanwhile: that is a conflict.
    lifting = request.POST.get("act", "lift" if patient.is_restricted else "restrict") == "lift"
    page = links.to(request, name="patients:patient", pk=patient.pk)
    context = {
        "form": form,
        "patient": patient,
        "lifting": lifting,
        "nonce": gate.nonce(request),
        "back": page,
    }

    def run() -> HttpResponse:
        status = 422
        if form.is_valid():
            act = patients.lift_restriction if lifting else patients.restrict
            try:
                act(patient, actor=actor, **form.cleaned_data)
                messages.success(request, "Restriction lifted." if lifting else "The record is restricted.")
                return redirect(page)
            except DomainError as error:
                writes.explain(form, error=error)
                status = error.status
        return render(request, "patients/restriction.html", {**context, "problem": True}, status=status)

    if request.method == "POST":
        return gate.once(request, run=run)
    return render(request, "patients/restriction.html", context)
