"""Confidential contacts in force, and the telephone that lists show: what a patient asked for comes first.

Who writes to a patient asks ``selectors.reach``; this is for rows and for services below it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kit import clock
from patients.models import ConfidentialContact, Patient


def confidential_of(patient: Patient, *, day: date) -> ConfidentialContact | None:
    """What the patient asked to be used instead of the record's own address and telephone, if anything."""
    kept = ConfidentialContact.objects.filter(ConfidentialContact.in_force(day=day), patient=patient)
    return kept.order_by("-starts_on").first()


def called(queryset: QuerySet[Any], *, patient: str = "pk") -> QuerySet[Any]:
    """The same rows, each with the telephone its ``call_at`` shows: the confidential one while it is in force.

    ``patient``: where the patient's key stands in a row.
    """
    found: QuerySet[Any] = queryset.annotate(confidential_phone=_asked_for("phone", patient=patient))
    return found


def written(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """The same patients, each with the e-mail address its ``email_at`` shows: the confidential one while in force."""
    found: QuerySet[Any] = queryset.annotate(confidential_email=_asked_for("email", patient="pk"))
    return found


def _asked_for(name: str, *, patient: str) -> Subquery:
    kept = ConfidentialContact.objects.filter(
        ConfidentialContact.in_force(day=clock.now().date()), patient_id=OuterRef(patient)
    )
    return Subquery(kept.order_by("-starts_on").values(name)[:1])


def phones_of(found: Collection[Patient]) -> dict[UUID, str]:
    """The number to call of each of these patients today, in one query: for rows of several kinds."""
    kept = ConfidentialContact.objects.filter(
        ConfidentialContact.in_force(day=clock.now().date()), patient__in=found
    )
    asked_for = kept.order_by("starts_on").values_list("patient_id", "phone")
    return {each.pk: each.phone for each in found} | dict(asked_for)


def people_at(number: str) -> QuerySet[Patient]:
    """Whose telephone ten digits are: on the record, or asked for in confidence and in force. For replies to texts."""
    day = clock.now().date()
    kept = ConfidentialContact.objects.filter(ConfidentialContact.in_force(day=day), phone=number)
    found = Patient.objects.filter(entered_in_error=False, merged_into=None)
    return found.filter(Q(phone=number) | Q(pk__in=kept.values("patient_id"))).order_by("pk")
