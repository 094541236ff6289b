"""A consent sent for signature: who signs, how the link reaches them; an address that is handed over is shown once."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kit import links, qr, writes
from kit.errors import DomainError
from patients.consent_forms import SendForm
from patients.pages import declines
from patients.permissions import PatientPermission
from patients.selectors import consents as found
from patients.selectors import patients
from patients.services import consent_links
from practice.audit import note_read
from practice.selectors.days import practice_today


@require_http_methods(["GET", "POST"])
@never_cache
@declines
def send_page(request: Any, pk: uuid.UUID, version_id: uuid.UUID) -> HttpResponse:
    """The question (GET); the link made (POST): sent, or its address and code in the answer and nowhere else."""
    actor = request.actor
    actor.require(PatientPermission.CHANGE_PATIENT)
    patient, day = patients.get_patient(pk, actor=actor), practice_today(actor)
    note_read(request, what="Consents", patient_ids=[patient.pk])
    paper = found.versions(actor).filter(pk=version_id).first()
    if paper is None:
        raise Http404
    form = SendForm(
        version=paper,
        signers=found.signers(patient, day=day, actor=actor),
        data=request.POST if request.method == "POST" else None,
        actor=actor,
    )
    context: dict[str, Any] = {"patient": patient, "version": paper, "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            # Never kept for a second click: the answer holds a secret. A second link ends the first.
            try:
                link, address = consent_links.make(patient, version=paper, actor=actor, **form.cleaned_data)
            except DomainError as error:
                writes.explain(form, error=error)
                status = error.status
            else:
                if not address:
                    messages.success(request, f"The link to sign goes out to {link.signer}.")
                    return redirect(links.record_url(request, record=link))
                context |= {"address": address, "code": qr.code(address), "link": link}
                status = 200
    context["problem"] = status != 200
    return render(request, "patients/sign_link.html", context, status=status)
