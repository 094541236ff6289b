"""Signing at the desk or on a tablet: the text of one form, who signs, and what else is missing."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kit import links
from kit.views import gate
from patients.consent_forms import DeskSignForm
from patients.models import ConsentVersion, Patient, PatientConsent
from patients.pages import declines
from patients.permissions import PatientPermission
from patients.selectors import consents as found
from patients.selectors import patients
from patients.selectors.consents import Standing
from patients.services import consent_starters, consents
from practice.actor import Actor
from practice.audit import note_read
from practice.selectors.days import practice_today
from practice.services import attachments


@require_http_methods(["GET", "POST"])
@never_cache
@declines
def sign_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The form that was chosen, else the first that is missing; signed, it leads to the next one."""
    actor: Actor = request.actor
    actor.require(PatientPermission.CHANGE_PATIENT)
    patient = patients.get_patient(pk, actor=actor)
    note_read(request, what="Consents", patient_ids=[patient.pk])
    day = practice_today(actor)
    rows = found.standings(patient, day=day, actor=actor)
    version = _chosen(request, rows=rows, day=day)
    form = _form(request, patient=patient, version=version, day=day)

    def do(values: dict[str, Any]) -> str:
        file = values.pop("file", None)
        made = consents.sign(actor=actor, **values | {"patient": patient})
        if file is not None:
            content = file.read(attachments.MAX_BYTES + 1)
            attachments.attach(content, name=file.name, record=made, note="Signed paper", actor=actor)
        messages.success(request, _said(made))
        return links.to(request, name="patients:sign", pk=patient.pk)

    def page(status: int) -> HttpResponse:
        context = {
            "patient": patient,
            "rows": rows,
            "version": version,
            "languages": _languages(version, day=day, actor=actor),
            "sheet": version and found.paper(version, patient=patient, day=day, actor=actor),
            "form": form,
            "nonce": gate.nonce(request),
            "problem": status != 200,
            "left": sum(1 for each in rows if each.missing),
        }
        return render(request, "patients/sign.html", context, status=status)

    return gate.answer(request, form=form, page=page, do=do)


def _form(request: Any, *, patient: Patient, version: ConsentVersion | None, day: date) -> DeskSignForm:
    """The questions about one version, with whoever may sign for this patient."""
    posted = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    return DeskSignForm(
        actor=request.actor,
        version=version,
        signers=found.signers(patient, day=day, actor=request.actor),
        initial={"patient": patient.mrn, "version": version and version.pk},
        **posted,
    )


def _chosen(request: Any, *, rows: list[Standing], day: date) -> ConsentVersion | None:
    """The version an address or a form names, if it is in force; else that of the first missing form."""
    named = request.POST.get("version", "") or request.GET.get("version", "")
    try:
        known = found.versions(request.actor).filter(form__is_active=True, effective_from__lte=day)
        chosen = known.filter(pk=uuid.UUID(named)).first()
    except ValueError:
        chosen = None
    return chosen or next((each.version for each in rows if each.missing), None)


def _languages(version: ConsentVersion | None, *, day: date, actor: Actor) -> list[ConsentVersion]:
    """The newest versions of the same form in the other languages."""
    if version is None:
        return []
    others = found.versions(actor).filter(form=version.form_id, effective_from__lte=day)
    newest = {each.language: each for each in others.order_by("number")}
    return [each for language, each in sorted(newest.items()) if language != version.language]


def _said(consent: PatientConsent) -> str:
    refused = consent.answer == PatientConsent.Answer.REFUSED
    return f"{consent.version.form}: {'kept that it was not signed' if refused else 'signed'}."


@require_POST
@declines
def add_starters(request: Any) -> HttpResponse:
    """Add the forms we ship that are missing."""

    def run() -> HttpResponse:
        made = consent_starters.install(actor=request.actor)
        said = f"{made} published." if made else "Everything we ship is there already."
        messages.success(request, said)
        return redirect(links.to(request, name="kit:patients_consent_form_list"))

    return gate.once(request, run=run)
