"""Pages of patients: the list, one patient, registration, coverage."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kit import clock, etags, links, ports, writes
from kit.errors import DomainError
from kit.forms import Form, values_of
from kit.views import gate
from patients.forms import CoverageForm, EndForm, PatientForm, RegisterForm
from patients.models import Patient
from patients.pages import declines
from patients.permissions import PatientPermission
from patients.rules import age_on
from patients.selectors import coverages as covered
from patients.selectors import patients as found
from patients.services import coverages, patients
from practice.actor import Actor
from practice.audit import note_read
from practice.panels import panels_of

PAGE = 50
form_page = require_http_methods(["GET", "POST"])


@require_GET
def patient_list(request: Any) -> HttpResponse:
    """All patients by name, or those that match what was typed."""
    actor = request.actor
    actor.require(PatientPermission.VIEW_PATIENT)
    text = request.GET.get("q", "")[:100]
    after, before = (_place(request, name=name) for name in ("after", "before"))
    rows, more = found.page(actor, text=text, after=after, before=before, size=PAGE)
    forward = bool(before) or more
    back = more if before else bool(after)
    note_read(
        request,
        what="Patients",
        patient_ids=[row.pk for row in rows],
        action="search" if text.strip() else "view",
    )
    context = {
        "rows": [{"patient": row, "age": age_on(clock.now().date(), born=row.birth_date)} for row in rows],
        "text": text,
        "next": rows[-1].pk if rows and forward else None,
        "previous": rows[0].pk if rows and back else None,
        "may_register": actor.may(PatientPermission.CHANGE_PATIENT),
        "may_break_glass": _may_break_glass(actor),
    }
    partial = request.headers.get("HX-Target") == "results"
    return render(request, "patients/_results.html" if partial else "patients/list.html", context)


def _may_break_glass(actor: Actor) -> bool:
    """Whether a record that the search hides is a way on: pointless for who sees them all."""
    return actor.may(PatientPermission.BREAK_GLASS) and not actor.may(PatientPermission.VIEW_RESTRICTED)


def _place(request: Any, *, name: str) -> found.Place | None:
    """The keyset bound an address names by a patient's id: no name of a patient stands in an address."""
    try:
        key = uuid.UUID(request.GET.get(name, ""))
    except ValueError:
        return None
    patient = found.visible_to(request.actor).filter(pk=key).first()
    return found.place_of(patient) if patient else None


@require_GET
def patient_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Who it is, what insures them, what comes next, what happened."""
    actor = request.actor
    actor.require(PatientPermission.VIEW_PATIENT)
    patient = found.get_patient(pk, actor=actor)
    note_read(request, what="Patient", patient_ids=[patient.pk])
    today = clock.now().date()
    rows = covered.coverages_of(patient, actor=actor)
    active = [row for row in rows if row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)]
    slug = request.practice.slug
    panels = panels_of(patient, actor=actor, slug=slug, kind="patient_panels")
    panels += panels_of(patient, actor=actor, slug=slug)
    steps = [step for panel in panels for step in panel.steps]
    context = {
        "patient": patient,
        "age": age_on(patient.deceased_on or today, born=patient.birth_date),
        "coverages": [
            {"row": row, "active": row in active, "past": row not in active and row.starts_on <= today}
            for row in rows
        ],
        "first": active[0] if active else None,
        "facts": [fact for panel in panels for fact in panel.facts],
        "boxes": [box for panel in panels for box in panel.boxes],
        "failed": [panel.failed for panel in panels if panel.failed],
        "primary": next((step for step in steps if step.primary), None),
        "steps": [step for step in steps if not step.primary],
        "history": ports.history(patient, limit=12),
        "may_change": actor.may(PatientPermission.CHANGE_PATIENT),
        "may_audit": actor.may("practice.view_audit"),
        "may_restrict": actor.may(PatientPermission.RESTRICT_PATIENT)
        and actor.may(PatientPermission.VIEW_RESTRICTED),
    }
    return render(request, "patients/patient.html", context)


@form_page
@declines
def register(request: Any) -> HttpResponse:
    """Register a person; four answers are enough."""
    request.actor.require(PatientPermission.CHANGE_PATIENT)
    form = _bound(RegisterForm, request=request)

    def save() -> HttpResponse:
        patient = patients.register(actor=request.actor, **form.cleaned_data)
        messages.success(request, f"{patient} registered, record {patient.mrn}.")
        return redirect(_page(request, patient=patient))

    context = {
        "heading": "Register patient",
        "button": "Register patient",
        "back": links.to(request, name="patients:list"),
    }
    return _answer(request, form=form, save=save, context=context)


@form_page
@declines
def edit(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Change a patient's details; 409 when somebody else did so meanwhile."""
    request.actor.require(PatientPermission.CHANGE_PATIENT)
    patient = found.get_patient(pk, actor=request.actor)
    form = _bound(PatientForm, request=request, record=patient, initial=values_of(patient, form=PatientForm))
    note_read(request, what="Patient", patient_ids=[patient.pk])

    def save() -> HttpResponse:
        etags.check_version(request.POST.get("_version"), record=patient, singular="patient")
        patients.update(patient, actor=request.actor, **form.cleaned_data)
        messages.success(request, "Changes saved.")
        return redirect(_page(request, patient=patient))

    version = request.POST.get("_version", "") or etags.etag_of(patient)
    context = {
        "heading": f"Change {patient}",
        "button": "Save changes",
        "patient": patient,
        "version": version,
        "back": _page(request, patient=patient),
    }
    return _answer(request, form=form, save=save, context=context)


@form_page
@declines
def coverage_new(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Add what insures a patient."""
    request.actor.require(PatientPermission.CHANGE_PATIENT)
    patient = found.get_patient(pk, actor=request.actor)
    form = _bound(CoverageForm, request=request)
    note_read(request, what="Patient", patient_ids=[patient.pk])

    def save() -> HttpResponse:
        added = coverages.add(patient, actor=request.actor, **form.cleaned_data)
        messages.success(request, f"{added.payer} added.")
        return redirect(_page(request, patient=patient))

    context = {
        "heading": f"Add coverage of {patient}",
        "button": "Add coverage",
        "patient": patient,
        "back": _page(request, patient=patient),
    }
    return _answer(request, form=form, save=save, context=context)


@form_page
@declines
def coverage_end(request: Any, pk: uuid.UUID) -> HttpResponse:
    """End a coverage with a day."""
    request.actor.require(PatientPermission.CHANGE_PATIENT)
    coverage = covered.get_coverage(pk, actor=request.actor)
    form = _bound(EndForm, request=request)
    note_read(request, what="Patient", patient_ids=[coverage.patient_id])

    def save() -> HttpResponse:
        coverages.end(coverage, actor=request.actor, **form.cleaned_data)
        messages.success(request, f"{coverage.payer} ends {form.cleaned_data['ends_on']:%m/%d/%Y}.")
        return redirect(_page(request, patient=coverage.patient))

    context = {
        "heading": f"End {coverage.payer} of {coverage.patient}",
        "button": f"End {coverage.payer}",
        "patient": coverage.patient,
        "back": _page(request, patient=coverage.patient),
    }
    return _answer(request, form=form, save=save, context=context)


def _page(request: HttpRequest, *, patient: Patient) -> str:
    return links.to(request, name="patients:patient", pk=patient.pk)


def _bound(made: type[Form], *, request: Any, **kwargs: Any) -> Form:
    data = request.POST if request.method == "POST" else None
    return made(data=data, actor=request.actor, **kwargs)


def _answer(
    request: Any, *, form: Form, save: Callable[[], HttpResponse], context: dict[str, Any]
) -> HttpResponse:
    """Show the form, or save it once; 422 with every entry kept when something is wrong."""
    context = {**context, "form": form, "nonce": gate.nonce(request)}

    def run() -> HttpResponse:
        status = 422
        if form.is_valid():
            try:
                return save()
            except DomainError as error:
                writes.explain(form, error=error)
                status = error.status
        return render(request, "patients/form.html", {**context, "problem": True}, status=status)

    if request.method == "POST":
        return gate.once(request, run=run)
    return render(request, "patients/form.html", context)
