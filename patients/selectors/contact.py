"""Reads of consents, confidential contacts and representatives. What belongs to a hidden patient is hidden."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from patients.models import (
    ConfidentialContact,
    ConsentWording,
    ContactConsent,
    OwnConsent,
    Patient,
    Representative,
)
from patients.permissions import PatientPermission
from patients.rules import contact
from patients.selectors import restricted
from patients.selectors.around import rows_of
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services.rules import rule

MAJORITY = "patient.majority_years"


def consents(actor: Actor) -> QuerySet[ContactConsent]:
    """Every word given or taken back."""
    return rows_of(ContactConsent, actor=actor).select_related("wording")


def wordings(actor: Actor) -> QuerySet[ConsentWording]:
    """What people agree to, every version."""
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return ConsentWording.objects.none()
    return ConsentWording.objects.filter(practice_id=actor.practice_id)


def newest_wording(channel: str) -> ConsentWording | None:
    """The version people agree to now, None before the first."""
    return ConsentWording.objects.filter(channel=channel).order_by("-version").first()


def confidential(actor: Actor) -> QuerySet[ConfidentialContact]:
    """Where patients asked to be reached instead."""
    return rows_of(ConfidentialContact, actor=actor)


def representatives(actor: Actor) -> QuerySet[Representative]:
    """Who may act for whom; one whose own record is hidden is hidden."""
    found = rows_of(Representative, actor=actor)
    return restricted.visible(found, actor=actor, patient="person", optional=True)


def own_consents(actor: Actor) -> QuerySet[OwnConsent]:
    """Care that minors decide alone."""
    return rows_of(OwnConsent, actor=actor)


def of_age_on(patient: Patient, *, day: date) -> date:
    """The day of majority by the law of the patient's state (rule ``patient.majority_years``)."""
    years = int(rule(MAJORITY, on=day, jurisdiction=patient.state or None))
    return contact.comes_of_age(patient.birth_date, years=years)


def may(
    representative: Representative, *, power: str, actor: Actor, area: str = "", day: date | None = None
) -> bool:
    """Whether a representative may do something for the patient: ``power`` is one of patients.rules.contact.POWERS.

    ``area`` is the kind of care (OwnConsent.Area) it is about. Whatever is not on file is no.
    """
    on = day or practice_today(actor)
    patient = representative.patient
    alone = OwnConsent.objects.filter(patient=patient, starts_on__lte=on)
    areas = alone.filter(Q(ends_on=None) | Q(ends_on__gte=on)).values_list("area", flat=True)
    standing = contact.Standing(
        kind=representative.kind,
        starts_on=representative.starts_on,
        ends_on=representative.ends_on,
        powers={name: getattr(representative, name) for name in contact.POWERS},
    )
    return contact.may(
        standing, power=power, day=on, of_age=of_age_on(patient, day=on), own_areas=set(areas), area=area
    )
