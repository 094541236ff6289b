"""Add coverage to a patient and end it. Nothing is deleted: past claims were billed to it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from kit.errors import Conflict, DomainError
from patients.models import Coverage, Patient
from patients.permissions import PatientPermission
from practice.actor import Actor
from practice.models import Payer

LOWEST_PRIORITY = 9


@transaction.atomic
def add(
    patient: Patient,
    *,
    payer: Payer,
    member_id: str,
    starts_on: date,
    actor: Actor,
    priority: int = 1,
    ends_on: date | None = None,
    group_number: str = "",
    relationship: str = Coverage.Relationship.SELF,
    subscriber_first_name: str = "",
    subscriber_last_name: str = "",
    subscriber_birth_date: date | None = None,
    copay: Decimal | None = None,
) -> Coverage:
    """Add what insures a patient from a day on; ``copay`` in dollars.

    A priority is held by one coverage at a time: Conflict when another one has it in those days.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    member_id = re.sub(r"[\s-]", "", member_id).upper()
    _check(member_id=member_id, priority=priority, starts_on=starts_on, ends_on=ends_on, copay=copay)
    if relationship != Coverage.Relationship.SELF and not (subscriber_first_name and subscriber_last_name):
        raise DomainError("Enter the subscriber's first and last name.", field="subscriber_last_name")
    _refuse_second(patient, priority=priority, starts_on=starts_on, ends_on=ends_on)
    return Coverage.objects.create(
        practice_id=actor.practice_id,
        patient=patient,
        payer=payer,
        member_id=member_id,
        priority=priority,
        starts_on=starts_on,
        ends_on=ends_on,
        group_number=group_number.strip(),
        relationship=relationship,
        subscriber_first_name=subscriber_first_name.strip(),
        subscriber_last_name=subscriber_last_name.strip(),
        subscriber_birth_date=subscriber_birth_date,
        copay=copay,
    )


def add_to(*, patient: Patient, actor: Actor, **card: Any) -> Coverage:
    """``add`` with the patient among the values, as a form has it."""
    return add(patient, actor=actor, **card)


@transaction.atomic
def end(coverage: Coverage, *, ends_on: date, actor: Actor) -> Coverage:
    """Let a coverage end with a day (its last day). Raises DomainError when that is before it began."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=coverage.patient_id)
    locked = Coverage.objects.select_for_update(of=("self",), no_key=True).get(pk=coverage.pk)
    if ends_on < locked.starts_on:
        raise DomainError("Enter a last day on or after the first day of the coverage.", field="ends_on")
    if locked.ends_on is None or ends_on > locked.ends_on:
        begins = locked.starts_on if locked.ends_on is None else locked.ends_on + timedelta(days=1)
        _refuse_second(
            locked.patient, priority=locked.priority, starts_on=begins, ends_on=ends_on, but=locked
        )
    locked.ends_on = ends_on
    locked.save()
    return locked


def _check(
    *, member_id: str, priority: int, starts_on: date, ends_on: date | None, copay: Decimal | None
) -> None:
    if not member_id:
        raise DomainError("Enter the member ID from the card.", field="member_id")
    if not 1 <= priority <= LOWEST_PRIORITY:
        raise DomainError("Enter an order from 1 (billed first) to 9.", field="priority")
    if ends_on is not None and ends_on < starts_on:
        raise DomainError("Enter a last day on or after the first day.", field="ends_on")
    if copay is not None and copay < 0:
        raise DomainError("Enter a copay of zero or more.", field="copay")


def _refuse_second(
    patient: Patient, *, priority: int, starts_on: date, ends_on: date | None, but: Coverage | None = None
) -> None:
    rivals = Coverage.objects.filter(patient=patient, priority=priority).filter(
        Q(ends_on=None) | Q(ends_on__gte=starts_on)
    )
    if ends_on is not None:
        rivals = rivals.filter(starts_on__lte=ends_on)
    if but is not None:
        rivals = rivals.exclude(pk=but.pk)
    rival = rivals.select_related("payer").first()
    if rival is not None:
        raise Conflict(
            f"{rival.payer} already has order {priority} on these days. End it first, or choose another order.",
            field="priority",
        )
