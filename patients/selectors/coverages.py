"""The only doors to coverage."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404

from patients.models import Coverage, Patient
from patients.permissions import PatientPermission
from patients.selectors import patients, restricted
from practice.actor import Actor
from practice.selectors.days import practice_today

SOON_DAYS = 30


def visible_to(actor: Actor) -> QuerySet[Coverage]:
    """Coverage of the patients the actor may see."""
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return Coverage.objects.none()
    found = Coverage.objects.filter(practice_id=actor.practice_id, patient__entered_in_error=False)
    return restricted.visible(found, actor=actor).select_related("payer", "patient")


def ending(queryset: QuerySet[Coverage], *, actor: Actor) -> QuerySet[Coverage]:
    """Those whose last day is today or within a month: time to ask for the new card."""
    today = practice_today(actor)
    return queryset.filter(ends_on__gte=today, ends_on__lte=today + timedelta(days=SOON_DAYS))


def search(queryset: QuerySet[Coverage], *, text: str, actor: Actor) -> QuerySet[Coverage]:
    """Coverage of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def get_coverage(coverage_id: uuid.UUID, *, actor: Actor) -> Coverage:
    """One coverage, 404 for anything the actor may not see."""
    found = visible_to(actor).filter(pk=coverage_id).first()
    if found is None:
        raise Http404
    return found


def coverages_of(patient: Patient, *, actor: Actor) -> list[Coverage]:
    """All coverage of a patient, in billing order, the newest first within an order."""
    mine = visible_to(actor).filter(patient=patient)
    return list(mine.select_related("payer").order_by("priority", "-starts_on", "id"))


def coverages_on(patient: Patient, *, day: date) -> list[Coverage]:
    """What insures a patient on a day, the one billed first in front."""
    in_force = Coverage.objects.filter(patient=patient, starts_on__lte=day).filter(
        Q(ends_on=None) | Q(ends_on__gte=day)
    )
    return list(in_force.select_related("payer").order_by("priority", "-starts_on", "id"))


def coverage_on(patient: Patient, *, day: date) -> Coverage | None:
    """The coverage billed first on a day, None when the patient pays alone."""
    return next(iter(coverages_on(patient, day=day)), None)
