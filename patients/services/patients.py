"""Register patients and keep their details right."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from patients.models import Patient
from patients.numbers import MRN
from patients.permissions import PatientPermission
from patients.rules import one_line, phone_digits
from patients.services.medical_cases import medical_case
from practice import events
from practice.actor import Actor
from practice.encrypted import blind_index
from practice.selectors.days import practice_today
from practice.services.sequences import next_texts

OLDEST, SSN_DIGITS = date(1900, 1, 1), 9
DETAILS = frozenset(
    {
        "first_name", "middle_name", "last_name", "suffix", "preferred_name", "other_names", "birth_date", "sex",
        "gender_identity", "pronouns", "language", "needs_interpreter", "phone", "no_phone_reason", "second_phone",
        "email", "preferred_way", "timezone", "address_line", "city", "state", "postal_code", "usual_provider",
        "referral_source",
        "referring_provider", "employer", "deceased_on", "ssn",
    }
)  # fmt: skip
PHONES = ("phone", "second_phone")
WORDED = (
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "preferred_name",
    "other_names",
    "pronouns",
    "employer",
)


@transaction.atomic
def register(
    *,
    actor: Actor,
    first_name: str,
    last_name: str,
    birth_date: date,
    **details: Any,
) -> Patient:
    """Register a person with the next record number; name and birth date are enough, the rest can follow.

    The patient's medical case is opened with it.

    Raises DomainError for an impossible birth date or telephone number, Forbidden without the permission.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    values = _checked(
        {"first_name": first_name, "last_name": last_name, "birth_date": birth_date, **details}, actor=actor
    )
    [mrn] = next_texts(MRN, on=practice_today(actor), actor=actor)
    made = Patient.objects.create(practice_id=actor.practice_id, mrn=mrn, **values)
    medical_case(made)
    return made


@transaction.atomic
def update(patient: Patient, *, actor: Actor, **details: Any) -> Patient:
    """Change the given details of a patient; the record number never changes."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    lived = locked.deceased_on is None
    for name, value in _checked(details, actor=actor).items():
        setattr(locked, name, value)
    locked.save()
    if lived and locked.deceased_on is not None:
        events.emit("patient.standing_changed", actor=actor, patient_id=locked.pk)
    return locked


@transaction.atomic
def restrict(patient: Patient, *, reason: str, actor: Actor) -> Patient:
    """Hide a record from all but those who may see restricted patients. Conflict when it is hidden already."""
    return _set_restriction(patient, restricted=True, reason=reason, actor=actor)


@transaction.atomic
def lift_restriction(patient: Patient, *, reason: str, actor: Actor) -> Patient:
    """Show a record to everybody again. Conflict when it is not restricted."""
    return _set_restriction(patient, restricted=False, reason=reason, actor=actor)


@transaction.atomic
def mark_entered_in_error(patient: Patient, *, actor: Actor) -> Patient:
    """Take a record that should not be here out of every list; it is kept, and twice is once."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    locked.entered_in_error = True
    locked.save()
    return locked


def _set_restriction(patient: Patient, *, restricted: bool, reason: str, actor: Actor) -> Patient:
    actor.require(PatientPermission.RESTRICT_PATIENT)
    actor.require(PatientPermission.VIEW_RESTRICTED)  # nobody hides a record from themselves
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError("Say why, in a few words.", field="reason")
    locked = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    if locked.is_restricted == restricted:
        raise Conflict(f"This record is {'restricted already' if restricted else 'not restricted'}.")
    locked.is_restricted, locked.restriction_reason = restricted, reason[:200]
    locked.save()
    for merged in Patient.objects.select_for_update(of=("self",), no_key=True).filter(merged_into=locked):
        merged.is_restricted, merged.restriction_reason = restricted, reason[:200]
        merged.save()
    return locked


def _checked(values: dict[str, Any], *, actor: Actor) -> dict[str, Any]:
    if unknown := set(values) - DETAILS:
        raise TypeError(f"a patient has no {', '.join(sorted(unknown))}")
    for name in WORDED:
        if name in values:
            values[name] = one_line(str(values[name]))
    for name in ("first_name", "last_name"):
        if values.get(name) == "":
            raise DomainError(f"Enter the {name.replace('_', ' ')}.", field=name)
    _check_dates(values)
    for name in PHONES:
        if name in values:
            values[name] = phone_of(values[name] or "", field=name)
    if values.get("phone"):
        values["no_phone_reason"] = ""
    if values.get("ssn"):
        values |= ssn_columns(values["ssn"], practice_id=actor.practice_id)
    return values


def _check_dates(values: dict[str, Any]) -> None:
    # A day's grace: it may already be tomorrow at a site east of UTC.
    today = clock.now().date()
    born, died = values.get("birth_date"), values.get("deceased_on")
    if born is not None and not OLDEST <= born <= today:
        raise DomainError("Enter a birth date on or before today.", field="birth_date")
    if died is not None and died > today:
        raise DomainError("Enter a date of death on or before today.", field="deceased_on")
    if died is not None and born is not None and died < born:
        raise DomainError("Enter a date of death after the birth date.", field="deceased_on")


def phone_of(text: str, *, field: str) -> str:
    """The ten digits of a typed telephone number, '' for nothing; DomainError at the field for anything else."""
    try:
        return phone_digits(text)
    except ValueError:
        raise DomainError(
            "Enter a telephone number with ten digits, without an extension.", field=field
        ) from None


def ssn_columns(text: str, *, practice_id: uuid.UUID) -> dict[str, str]:
    """What is kept of a typed social security number: encrypted, the last four, the blind index."""
    digits = "".join(filter(str.isdigit, text))
    if len(digits) != SSN_DIGITS or not text.replace("-", "").replace(" ", "").isdigit():
        raise DomainError("Enter a social security number with nine digits.", field="ssn")
    return {
        "ssn": digits,
        "ssn_last4": digits[-4:],
        "ssn_index": blind_index(digits, practice_id=practice_id),
    }
