"""The only doors to cases, self-pay and which case a visit belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet

from patients.models import Case, Patient, SelfPay, VisitCase
from patients.permissions import PatientPermission
from patients.selectors import patients, restricted
from practice.actor import Actor


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases of the patients the actor may see."""
    if not actor.may(PatientPermission.VIEW_PATIENT):
        return Case.objects.none()
    found = Case.objects.filter(practice_id=actor.practice_id, patient__entered_in_error=False)
    return restricted.visible(found, actor=actor).select_related("patient")


def agreements(actor: Actor) -> QuerySet[SelfPay]:
    """Self-pay agreements of those cases."""
    return SelfPay.objects.filter(case__in=visible_to(actor)).select_related("case__patient")


def injuries(queryset: QuerySet[Case], *, actor: Actor) -> QuerySet[Case]:
    """Open cases of injuries: each has somebody else who pays."""
    return queryset.filter(closed_on=None).exclude(kind=Case.Kind.MEDICAL)


def search(queryset: QuerySet[Case], *, text: str, actor: Actor) -> QuerySet[Case]:
    """Cases of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def cases_of(patient: Patient, *, actor: Actor) -> list[Case]:
    """A patient's cases, the medical one first, then the newest injury."""
    mine = visible_to(actor).filter(patient=patient)
    return sorted(mine, key=lambda case: (not case.is_medical, -case.opened_on.toordinal()))


def case_of_visit(visit_id: uuid.UUID) -> Case | None:
    """The case a visit was put on; None: the medical one."""
    return cases_of_visits([visit_id]).get(visit_id)


def cases_of_visits(visit_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Case]:
    """As ``case_of_visit`` for many, by visit; those for the medical case are absent."""
    rows = VisitCase.objects.filter(visit_id__in=visit_ids).exclude(case__kind=Case.Kind.MEDICAL)
    return {row.visit_id: row.case for row in rows.select_related("case")}


def self_pay_of(patient_ids: Collection[uuid.UUID]) -> list[SelfPay]:
    """Agreements of these patients and of the records merged into them, with their cases."""
    mine = Q(case__patient__in=patient_ids) | Q(case__patient__merged_into__in=patient_ids)
    return list(SelfPay.objects.filter(mine).select_related("case__patient"))
