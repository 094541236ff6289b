"""Open cases and close them, agree on self-pay, put visits on a case. Nothing is deleted: claims were made by it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from kit.errors import Conflict, DomainError
from kit.words import us_date
from patients.models import Case, Patient, SelfPay, VisitCase
from patients.permissions import PatientPermission
from patients.services.patients import phone_of
from practice import events
from practice.actor import Actor
from practice.selectors.days import practice_today

DETAILS = frozenset(
    {"claim_number", "injured_on", "state", "adjuster", "adjuster_phone", "employer", "words", "opened_on"}
)
WORDED = ("claim_number", "adjuster", "employer", "words")


@transaction.atomic
def open_case(*, patient: Patient, kind: str, actor: Actor, **details: Any) -> Case:
    """Open a case for an injury: its kind, day, and what is known of the insurer's claim.

    Raises DomainError at the field; Conflict for a second medical case.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    _locked(patient.pk)
    if kind == Case.Kind.MEDICAL:
        raise Conflict("Every patient has one medical case already. Choose the kind of injury.", field="kind")
    values = _checked(details, kind=kind, actor=actor)
    values["opened_on"] = values.get("opened_on") or practice_today(actor)
    return Case.objects.create(practice_id=actor.practice_id, patient=patient, kind=kind, **values)


@transaction.atomic
def change(case: Case, *, actor: Actor, **details: Any) -> Case:
    """Complete or correct a case of an injury; patient and kind stay. Conflict for the medical one."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    details.pop("patient", None)
    details.pop("kind", None)
    locked = _own(case)
    if locked.is_medical:
        raise Conflict("The medical case has nothing to change. Open a case for an injury.")
    values = {"injured_on": locked.injured_on, **details}
    for name, value in _checked(values, kind=locked.kind, actor=actor).items():
        if name != "opened_on" or value is not None:
            setattr(locked, name, value)
    locked.save()
    return locked


@transaction.atomic
def close(case: Case, *, closed_on: date, actor: Actor) -> Case:
    """The last day of a case; visits and claims keep it. DomainError for a day before it was opened."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = _own(case)
    if not locked.can_close:
        raise Conflict("Only an open case of an injury can be closed.")
    if closed_on < locked.opened_on:
        raise DomainError("Enter a day on or after the case was opened.", field="closed_on")
    locked.closed_on = closed_on
    locked.save()
    return locked


@transaction.atomic
def reopen(case: Case, *, actor: Actor) -> Case:
    """Take the closing back."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = _own(case)
    if not locked.can_reopen:
        raise Conflict("This case is open.")
    locked.closed_on = None
    locked.save()
    return locked


@transaction.atomic
def agree_self_pay(case: Case, *, starts_on: date, reason: str, actor: Actor) -> Case:
    """The patient pays this case without any plan from a day on; coverage stays on file. Unsent claims follow.

    Conflict when it is agreed for that day or a later one already.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    said = " ".join(reason.split())[:200]
    if not said:
        raise DomainError("Say why, in a few words.", field="reason")
    locked = _own(case)
    rival = locked.self_pay.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on)).first()
    if rival is not None:
        until = f" until {us_date(rival.ends_on)}" if rival.ends_on else ""
        raise Conflict(f"Self-pay is agreed from {us_date(rival.starts_on)}{until}.", field="starts_on")
    SelfPay.objects.create(practice_id=actor.practice_id, case=locked, starts_on=starts_on, reason=said)
    events.emit("patient.case_changed", actor=actor, patient_id=locked.patient_id)
    return locked


@transaction.atomic
def end_self_pay(case: Case, *, ends_on: date, actor: Actor) -> Case:
    """The last day on which the patient pays alone; afterwards the plans on file are billed again."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = _own(case)
    agreed = locked.self_pay.select_for_update(of=("self",), no_key=True).filter(ends_on=None).first()
    if agreed is None:
        raise Conflict("Self-pay is not agreed without a last day.")
    if ends_on < agreed.starts_on:
        raise DomainError("Enter a last day on or after the first day.", field="ends_on")
    agreed.ends_on = ends_on
    agreed.save()
    events.emit("patient.case_changed", actor=actor, patient_id=locked.patient_id)
    return locked


@transaction.atomic
def put_visit(visit: Any, *, case: Case, actor: Actor) -> VisitCase:
    """Put a visit (an appointment from its own door) on a case of its patient. Unsent claims of it follow.

    Raises DomainError at "case" for another patient's case or one that was closed before the visit.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    _locked(visit.patient_id)
    case = Case.objects.get(pk=case.pk)
    if case.patient_id != visit.patient_id:
        raise DomainError("Choose a case of this patient.", field="case")
    if case.closed_on is not None and case.closed_on < visit.local_day:
        raise DomainError(
            f"This case was closed on {us_date(case.closed_on)}, before the visit. Reopen it first.",
            field="case",
        )
    made, _ = VisitCase.objects.update_or_create(
        practice_id=actor.practice_id, visit_id=visit.pk, defaults={"case": case}
    )
    events.emit("patient.case_changed", actor=actor, patient_id=case.patient_id)
    return made


def _locked(patient_id: uuid.UUID) -> Patient:
    return Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)


def _own(case: Case) -> Case:
    _locked(case.patient_id)
    return Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)


def _checked(details: dict[str, Any], *, kind: str, actor: Actor) -> dict[str, Any]:
    if unknown := set(details) - DETAILS:
        raise TypeError(f"a case has no {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {
        name: " ".join(str(value or "").split()) if name in WORDED else value
        for name, value in details.items()
    }
    injured: date | None = details.get("injured_on")
    if injured is None:
        raise DomainError("Enter the day of the injury.", field="injured_on")
    if injured > practice_today(actor):
        raise DomainError("Enter a day of injury on or before today.", field="injured_on")
    if "adjuster_phone" in values:
        values["adjuster_phone"] = phone_of(values["adjuster_phone"] or "", field="adjuster_phone")
    if values.get("employer") and kind != Case.Kind.WORK_INJURY:
        raise DomainError("An employer belongs to a work injury.", field="employer")
    if "state" in values:
        values["state"] = str(values["state"] or "").upper()
    return values
