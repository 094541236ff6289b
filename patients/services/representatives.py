"""Who may act for a patient, and what a minor decides alone. Nothing is allowed that is not listed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kit.errors import DomainError
from patients.models import OwnConsent, Patient, Representative
from patients.permissions import PatientPermission
from patients.rules.contact import MINORS_ONLY
from patients.selectors.contact import of_age_on
from patients.services.patients import phone_of
from practice.actor import Actor
from practice.selectors.days import practice_today

Kind = Representative.Kind
SHOWN = frozenset({Kind.CONSERVATOR, Kind.PROXY, Kind.ESTATE})  # kinds that rest on a document


def _checked(patient: Patient, *, values: dict[str, Any], day: date) -> dict[str, Any]:
    if "phone" in values:
        values["phone"] = phone_of(values["phone"] or "", field="phone")
    if not " ".join(values["name"].split()):
        raise DomainError("Enter the name.", field="name")
    if values["kind"] in SHOWN and not values.get("document"):
        raise DomainError("Enter which document was shown.", field="document")
    if values["kind"] in MINORS_ONLY and day >= of_age_on(patient, day=day):
        raise DomainError("The patient is of age: choose another kind.", field="kind")
    return values


@transaction.atomic
def name_one(
    *, patient: Patient, actor: Actor, starts_on: date | None = None, **values: Any
) -> Representative:
    """Put somebody on file who may act for a patient, for exactly what is ticked.

    DomainError for an agent or executor without a document, or a parent of somebody who is of age.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    day = starts_on or practice_today(actor)
    return Representative.objects.create(
        practice_id=actor.practice_id,
        patient=locked,
        starts_on=day,
        **_checked(locked, values=values, day=day),
    )


@transaction.atomic
def change(representative: Representative, *, actor: Actor, **values: Any) -> Representative:
    """Correct what somebody may, or how to reach them. Whom they act for stays."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    values.pop("patient", None)
    locked = Representative.objects.select_for_update(of=("self",), no_key=True).get(pk=representative.pk)
    whole = {name: getattr(locked, name) for name in ("name", "kind", "document")} | values
    checked = _checked(locked.patient, values=whole, day=values.get("starts_on") or locked.starts_on)
    for name, value in checked.items():
        if value is not None or name not in ("starts_on",):
            setattr(locked, name, value)
    locked.save()
    return locked


@transaction.atomic
def end(representative: Representative, *, ends_on: date, reason: str, actor: Actor) -> Representative:
    """The last day on which somebody may act, and why it ends."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = Representative.objects.select_for_update(of=("self",), no_key=True).get(pk=representative.pk)
    if ends_on < locked.starts_on:
        raise DomainError("Enter a last day on or after the first day.", field="ends_on")
    locked.ends_on, locked.end_reason = ends_on, " ".join(reason.split())[:200]
    locked.save()
    return locked


@transaction.atomic
def decide_alone(
    *, patient: Patient, area: str, basis: str, actor: Actor, starts_on: date | None = None
) -> OwnConsent:
    """A minor's own word is enough for a kind of care, by which law. DomainError for somebody of age."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    day = starts_on or practice_today(actor)
    if day >= of_age_on(locked, day=day):
        raise DomainError("The patient is of age and decides about all care.", field="patient")
    if not basis.strip():
        raise DomainError("Enter the law or order it rests on.", field="basis")
    return OwnConsent.objects.create(
        practice_id=actor.practice_id, patient=locked, area=area, basis=basis.strip(), starts_on=day
    )


@transaction.atomic
def end_alone(own: OwnConsent, *, ends_on: date, actor: Actor) -> OwnConsent:
    """The last day of it."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    if ends_on < own.starts_on:
        raise DomainError("Enter a last day on or after the first day.", field="ends_on")
    own.ends_on = ends_on
    own.save()
    return own
