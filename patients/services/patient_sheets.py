"""Patients from another system's sheet: known by their number there, else by name and birth date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.errors import DomainError
from kit.sheet_target import Taken
from patients.models import Case, Patient
from patients.rules import phone_digits
from patients.selectors.patients import visible_to
from patients.services import patients
from practice.actor import Actor
from practice.selectors.usage import used_by

NOT_OURS = ("mrn", "full_name")  # the number names the row there; ours is given here


def take(
    values: dict[str, Any], *, record: Patient | None, options: Mapping[str, str], actor: Actor
) -> Taken:
    """Register a person, or bring up to date the one this row became before.

    Somebody who was here before this system's first sheet is completed, never overwritten: what is on file here was
    asked of the patient.
    """
    given = {name: value for name, value in values.items() if name not in NOT_OURS}
    if "phone" in given:
        given["phone"] = _digits(given["phone"])
    found = record or _twin(given, actor=actor)
    if found is None:
        return Taken(record=patients.register(actor=actor, **given), change="new")
    news = {
        name: value
        for name, value in given.items()
        if getattr(found, name) != value and (record is not None or _is_open(getattr(found, name)))
    }
    if not news:
        return Taken(record=found, change="same")
    return Taken(record=patients.update(found, actor=actor, **news), change="changed")


def _is_open(value: Any) -> bool:
    """Nothing on file yet."""
    return value in ("", None, Patient.Sex.UNKNOWN)


def _digits(text: str) -> str:
    try:
        return phone_digits(text)
    except ValueError:
        raise DomainError("Enter a telephone number with ten digits.", field="phone") from None


def _twin(given: Mapping[str, Any], *, actor: Actor) -> Patient | None:
    """The one patient of this name and birth date. Raises DomainError when there are several."""
    found = visible_to(actor).filter(
        last_name_key=" ".join(given["last_name"].split()).lower(),
        first_name_key=" ".join(given["first_name"].split()).lower(),
        birth_date=given["birth_date"],
    )
    twins = list(found[:2])
    if len(twins) > 1:
        raise DomainError("Several patients here have this name and birth date: take this one in by hand.")
    return twins[0] if twins else None


def withdraw(patient: Patient, *, actor: Actor) -> None:
    """Mark a patient that an import had made as entered in error. Raises DomainError when anything refers to it."""
    if used := used_by(patient):
        raise DomainError(f"has {used} here")
    if patient.cases.exclude(kind=Case.Kind.MEDICAL).exists():
        raise DomainError("has cases here")
    patients.mark_entered_in_error(patient, actor=actor)
