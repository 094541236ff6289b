"""The only doors to coverage."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.http import Http404

from patients.models import Case, Coverage, Patient, SelfPay
from patients.permissions import PatientPermission
from patients.selectors import cases, patients, restricted
from practice.actor import Actor
from practice.selectors.days import practice_today

SOON_DAYS = 30


def visible_to(actor: Actor) -> QuerySet[Coverage]:
    """Coverage of the patients the actor may see."""
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return Coverage.objects.none()
    found = Coverage.objects.filter(practice_id=actor.practice_id, patient__entered_in_error=False)
    return restricted.visible(found, actor=actor).select_related("payer", "patient", "case")


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


class Visit(Protocol):
    """What coverage needs to know of a visit: the schedule stands above this room."""

    pk: uuid.UUID
    patient_id: uuid.UUID
    local_day: date


def coverages_of_visits(visits: Collection[Visit]) -> dict[uuid.UUID, list[Coverage]]:
    """What insures each visit on its day, by visit, the one billed first in front: the coverage of the visit's case.

    Empty for a case that is self-pay on that day. Three queries, however many visits.
    """
    people = {visit.patient_id for visit in visits}
    of_case = cases.cases_of_visits([visit.pk for visit in visits])
    rows = Coverage.objects.filter(patient_id__in=people).select_related("payer", "case")
    known: dict[Any, list[Coverage]] = {}
    for row in rows.order_by("priority", "-starts_on", "id"):
        known.setdefault(row.patient_id if row.case.is_medical else row.case_id, []).append(row)
    agreed: dict[Any, list[SelfPay]] = {}
    for pact in cases.self_pay_of(people):
        owner = pact.case.patient.merged_into_id or pact.case.patient_id
        agreed.setdefault(owner if pact.case.is_medical else pact.case_id, []).append(pact)
    found: dict[uuid.UUID, list[Coverage]] = {}
    for visit in visits:
        case = of_case.get(visit.pk)
        key = case.pk if case else visit.patient_id
        alone = any(_holds(pact, day=visit.local_day) for pact in agreed.get(key, ()))
        insured = [row for row in known.get(key, ()) if _holds(row, day=visit.local_day)]
        found[visit.pk] = [] if alone else insured
    return found


def coverages_on(patient: Patient, *, day: date, case: Case | None = None) -> list[Coverage]:
    """What insures a case of a patient on a day (None: the medical one), the one billed first in front.

    Empty when the case is self-pay on that day.
    """
    if pays_alone(patient, day=day, case=case):
        return []
    mine = (
        Q(patient=patient, case__kind=Case.Kind.MEDICAL) if case is None or case.is_medical else Q(case=case)
    )
    in_force = Coverage.objects.filter(mine, starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gte=day))
    return list(in_force.select_related("payer").order_by("priority", "-starts_on", "id"))


def coverage_on(patient: Patient, *, day: date, case: Case | None = None) -> Coverage | None:
    """The coverage billed first on a day, None when the patient pays alone."""
    return next(iter(coverages_on(patient, day=day, case=case)), None)


def pays_alone(patient: Patient, *, day: date, case: Case | None = None) -> bool:
    """Whether self-pay is agreed for a case (None: the medical one) on a day."""
    medical = case is None or case.is_medical
    pacts = cases.self_pay_of([patient.pk])
    mine = (
        each
        for each in pacts
        if (each.case.is_medical if medical else each.case_id == getattr(case, "pk", None))
    )
    return any(_holds(each, day=day) for each in mine)


def _holds(row: Coverage | SelfPay, *, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)
