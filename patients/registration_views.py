"""Pages of registration by hand: the short form with who is alike beside it, and the social security number."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kit import links, registry, writes
from kit.views import gate
from patients.forms import RegistrationForm
from patients.models import Patient
from patients.pages import declines
from patients.permissions import PatientPermission
from patients.rules.duplicates import WORDS, Person
from patients.selectors import duplicates
from patients.selectors import patients as found
from patients.services import ssn
from practice.audit import note_read

NUMBER = "Social security number"


@require_http_methods(["GET", "POST"])
@never_cache
@declines
def register(request: Any) -> HttpResponse:
    """Four answers, with who is alike beside them; saving over somebody alike asks why. The service is REST's."""
    resource = registry.get("patients.patient")
    gate.require(request, permission=resource.create_permission)
    given = {name: value for name, value in request.GET.items() if name in RegistrationForm.base_fields}
    form = gate.bound(request, RegistrationForm, record=None, initial=given)

    def do(values: dict[str, Any]) -> str:
        record = writes.create(resource, actor=request.actor, values=values)
        return links.after(request, resource=resource, record=record, done="created")

    def page(status: int) -> HttpResponse:
        return gate.show(
            request,
            "patients/register.html",
            resource=resource,
            code=status,
            form=form,
            heading=resource.adding,
            alike=_alike(request, form=form) if request.method == "POST" else [],
            back_url=links.page(request, resource=resource, name="list"),
        )

    return gate.answer(request, form=form, page=page, do=do)


@require_POST
@never_cache
def alike(request: Any) -> HttpResponse:
    """Who is alike, for what has been typed so far. Sent in the body: no name stands in an address."""
    request.actor.require(PatientPermission.CHANGE_PATIENT)
    form = RegistrationForm(data=request.POST, actor=request.actor)
    return render(request, "patients/_alike.html", {"alike": _alike(request, form=form)})


def _alike(request: Any, *, form: Any) -> list[dict[str, Any]]:
    """What the part beside the form shows; half a form is asked with what it has."""
    form.is_valid()
    typed = form.cleaned_data
    if not typed.get("last_name") or not typed.get("first_name"):
        return []
    digits = "".join(sign for sign in typed.get("phone") or "" if sign.isdigit())
    asked = Person(
        first_name=typed["first_name"],
        last_name=typed["last_name"],
        born=typed.get("birth_date"),
        phones=frozenset({digits[-10:]} if len(digits) >= 10 else ()),
    )
    rows = duplicates.alike(asked, actor=request.actor)
    note_read(request, what="Who is alike", patient_ids=[each.patient.pk for each in rows], action="search")
    return [{"patient": each.patient, "why": WORDS[each.ground]} for each in rows]


@require_http_methods(["GET", "POST"])
@never_cache
@declines
def ssn_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """GET: the last four digits and the button. POST: the whole number, once; the look stands in the read log."""
    request.actor.require(PatientPermission.REVEAL_SSN)
    patient: Patient = found.get_patient(pk, actor=request.actor)
    number = ""
    if request.method == "POST":
        request.actor.require_fresh()
        number = ssn.reveal(patient, actor=request.actor)
        note_read(request, what=NUMBER, patient_ids=[patient.pk])
    return render(
        request, "patients/ssn.html", {"patient": patient, "number": number, "nonce": gate.nonce(request)}
    )
