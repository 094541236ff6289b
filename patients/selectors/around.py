"""Reads about who stands around a patient. What belongs to a hidden patient is hidden with them."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from patients.models import EmergencyContact, FamilyLink, Guarantor, Patient, PatientFlag
from patients.permissions import PatientPermission
from patients.selectors import patients, restricted
from practice.actor import Actor
from practice.selectors.days import practice_today

Row = TypeVar("Row", bound=Model)


def rows_of(model: type[Row], *, actor: Actor) -> QuerySet[Row]:
    """Rows of patients the actor may see."""
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return model._default_manager.none()
    found = model._default_manager.filter(practice_id=actor.practice_id, patient__entered_in_error=False)
    return restricted.visible(found, actor=actor).select_related("patient")


def contacts(actor: Actor) -> QuerySet[EmergencyContact]:
    """Whom to call in an emergency."""
    return rows_of(EmergencyContact, actor=actor)


def guarantors(actor: Actor) -> QuerySet[Guarantor]:
    """Who pays for whom; a guarantor whose own record is hidden hides the row."""
    found = rows_of(Guarantor, actor=actor).select_related("person")
    return restricted.visible(found, actor=actor, patient="person", optional=True)


def family(actor: Actor) -> QuerySet[FamilyLink]:
    """Links between patients that the actor may see, both of them."""
    found = rows_of(FamilyLink, actor=actor).select_related("relative")
    return restricted.visible(found, actor=actor, patient="relative")


def flags(actor: Actor) -> QuerySet[PatientFlag]:
    """Flags, also those that were taken down."""
    return rows_of(PatientFlag, actor=actor)


def flags_up(queryset: QuerySet[PatientFlag], *, actor: Actor) -> QuerySet[PatientFlag]:
    """Those that show today."""
    today = practice_today(actor)
    return queryset.filter(ended_on=None).filter(Q(until_on=None) | Q(until_on__gte=today))


def flags_of(patient: Patient, *, actor: Actor) -> list[PatientFlag]:
    """What stands at the head of everything about a patient today, warnings first."""
    order = {tone: place for place, tone in enumerate(("bad", "warn", "info"))}
    shown = flags_up(flags(actor).filter(patient=patient), actor=actor)
    return sorted(shown, key=lambda flag: (order[flag.tone], flag.words))


def search(queryset: QuerySet[Row], *, text: str, actor: Actor) -> QuerySet[Row]:
    """Rows of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))
