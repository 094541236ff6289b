"""Who stands around a patient: emergency contacts, guarantor, family; and the flags at the head of the record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from kit.errors import Conflict, DomainError
from patients.models import EmergencyContact, FamilyLink, Guarantor, Patient, PatientFlag
from patients.models.around import Relationship
from patients.permissions import PatientPermission
from patients.services.patients import phone_of
from practice.actor import Actor
from practice.selectors.days import practice_today

# What somebody is to the other side of a link.
MIRROR = {
    Relationship.PARENT: Relationship.CHILD,
    Relationship.CHILD: Relationship.PARENT,
    Relationship.GRANDPARENT: Relationship.GRANDCHILD,
    Relationship.GRANDCHILD: Relationship.GRANDPARENT,
    Relationship.GUARDIAN: Relationship.WARD,
    Relationship.WARD: Relationship.GUARDIAN,
}
MOST_FLAGS = 5


def _mine(patient: Patient, *, actor: Actor) -> Patient:
    """The patient, locked: what stands around somebody is written by one at a time."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    return Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)


def _phones(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return values | {name: phone_of(values[name] or "", field=name) for name in names if name in values}


@transaction.atomic
def add_contact(*, patient: Patient, actor: Actor, **values: Any) -> EmergencyContact:
    """Whom to call in an emergency. DomainError without a telephone number."""
    _mine(patient, actor=actor)
    values = _phones(values, "phone", "second_phone")
    if not values.get("phone"):
        raise DomainError("Enter a telephone number with ten digits.", field="phone")
    return EmergencyContact.objects.create(practice_id=actor.practice_id, patient=patient, **values)


@transaction.atomic
def change_contact(contact: EmergencyContact, *, actor: Actor, **values: Any) -> EmergencyContact:
    """Correct a contact, or take one off the list (``is_active``). The patient stays who it is."""
    _mine(contact.patient, actor=actor)
    values.pop("patient", None)
    values = _phones(values, "phone", "second_phone")
    if values.get("phone") == "":
        raise DomainError("Enter a telephone number with ten digits.", field="phone")
    for name, value in values.items():
        setattr(contact, name, value)
    contact.save()
    return contact


@transaction.atomic
def name_guarantor(
    *,
    patient: Patient,
    actor: Actor,
    starts_on: date | None = None,
    person: Patient | None = None,
    **values: Any,
) -> Guarantor:
    """Who pays from a day on. The one before ends the day before; history is kept.

    Another patient or somebody outside, never both. DomainError at the field; Conflict for a day before the present
    one began.
    """
    _mine(patient, actor=actor)
    day = starts_on or practice_today(actor)
    values = _phones(values, "phone")
    if (person is None) == (not values.get("last_name")):
        raise DomainError(
            "Name one guarantor: a patient's record number, or first and last name.", field="last_name"
        )
    if person == patient:
        raise DomainError("Patients pay for themselves without a guarantor.", field="person")
    before = Guarantor.objects.select_for_update(no_key=True).filter(patient=patient, ends_on=None).first()
    if before is not None:
        if before.starts_on >= day:
            raise Conflict(
                "The present guarantor began on or after this day. Choose a later one.", field="starts_on"
            )
        before.ends_on = day - timedelta(days=1)
        before.save()
    return Guarantor.objects.create(
        practice_id=actor.practice_id, patient=patient, person=person, starts_on=day, **values
    )


@transaction.atomic
def end_guarantor(guarantor: Guarantor, *, actor: Actor, ends_on: date) -> Guarantor:
    """The last day on which somebody pays; afterwards the patient pays alone."""
    _mine(guarantor.patient, actor=actor)
    if ends_on < guarantor.starts_on:
        raise DomainError("Enter a last day on or after the first day.", field="ends_on")
    guarantor.ends_on = ends_on
    guarantor.save()
    return guarantor


@transaction.atomic
def link_family(*, patient: Patient, relative: Patient, relationship: str, actor: Actor) -> FamilyLink:
    """Link two patients as family; the relative's record gets the other side. Conflict when they are linked."""
    if patient == relative:
        raise DomainError("Choose another patient: nobody is their own relative.", field="relative")
    for each in sorted((patient, relative), key=lambda one: one.pk):
        _mine(each, actor=actor)
    if FamilyLink.objects.filter(patient=patient, relative=relative, ended_on=None).exists():
        raise Conflict("These two are linked already.", field="relative")
    made = FamilyLink.objects.create(
        practice_id=actor.practice_id, patient=patient, relative=relative, relationship=relationship
    )
    back = MIRROR.get(Relationship(relationship), Relationship(relationship))
    FamilyLink.objects.create(
        practice_id=actor.practice_id, patient=relative, relative=patient, relationship=back
    )
    return made


@transaction.atomic
def unlink_family(link: FamilyLink, *, actor: Actor) -> FamilyLink:
    """End a link on both sides, today; it stays in the history."""
    for each in sorted((link.patient, link.relative), key=lambda one: one.pk):
        _mine(each, actor=actor)
    both = FamilyLink.objects.filter(ended_on=None)
    today = practice_today(actor)
    for one in (
        both.filter(patient=link.patient, relative=link.relative).first(),
        both.filter(patient=link.relative, relative=link.patient).first(),
    ):
        if one is not None:
            one.ended_on = today
            one.save()
    link.refresh_from_db()
    return link


@transaction.atomic
def raise_flag(
    *,
    patient: Patient,
    words: str,
    actor: Actor,
    tone: str = PatientFlag.Tone.INFO,
    until_on: date | None = None,
) -> PatientFlag:
    """Put a few words at the head of the record. DomainError for no words, or a last day that is over."""
    _mine(patient, actor=actor)
    said, today = " ".join(words.split()), practice_today(actor)
    if not said:
        raise DomainError("Enter a few words.", field="words")
    if until_on is not None and until_on < today:
        raise DomainError("Enter a last day that is still to come, or none.", field="until_on")
    up = PatientFlag.objects.filter(patient=patient, ended_on=None).count()
    if up >= MOST_FLAGS:
        raise Conflict("Five flags are up: take one down first, or nobody reads them.", field="words")
    return PatientFlag.objects.create(
        practice_id=actor.practice_id, patient=patient, words=said, tone=tone, until_on=until_on
    )


@transaction.atomic
def take_down_flag(flag: PatientFlag, *, actor: Actor) -> PatientFlag:
    """Take a flag down, today."""
    _mine(flag.patient, actor=actor)
    flag.ended_on = practice_today(actor)
    flag.save()
    return flag
