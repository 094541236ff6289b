"""Add coverage to a case, end it, renew it, correct a card. Nothing is deleted: past claims were billed to it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from kit.errors import Conflict, DomainError
from kit.words import us_date
from patients.models import Case, Coverage, Patient
from patients.models.coverage import LOWEST_PRIORITY
from patients.permissions import PatientPermission
from patients.services.medical_cases import medical_case
from practice.actor import Actor
from practice.contributions import gather
from practice.models import Payer

CARD = (
    "payer",
    "plan_name",
    "member_id",
    "group_number",
    "copay",
    "relationship",
    "subscriber_first_name",
    "subscriber_last_name",
    "subscriber_birth_date",
)
WORDED = ("plan_name", "group_number", "subscriber_first_name", "subscriber_last_name")


@transaction.atomic
def add(
    patient: Patient,
    *,
    payer: Payer,
    member_id: str,
    starts_on: date,
    actor: Actor,
    case: Case | None = None,
    priority: int = 1,
    ends_on: date | None = None,
    plan_name: str = "",
    group_number: str = "",
    relationship: str = Coverage.Relationship.SELF,
    subscriber_first_name: str = "",
    subscriber_last_name: str = "",
    subscriber_birth_date: date | None = None,
    copay: Decimal | None = None,
) -> Coverage:
    """Add what insures a case (the medical one, when none is given) from a day on; ``copay`` in dollars.

    A priority of a case is held by one coverage at a time: Conflict names the other one that has it in those days.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    case = case or medical_case(patient)
    if case.patient_id != patient.pk:
        raise DomainError("Choose a case of this patient.", field="case")
    card = _card(
        payer=payer,
        plan_name=plan_name,
        member_id=member_id,
        group_number=group_number,
        copay=copay,
        relationship=relationship,
        subscriber_first_name=subscriber_first_name,
        subscriber_last_name=subscriber_last_name,
        subscriber_birth_date=subscriber_birth_date,
    )
    if not 1 <= priority <= LOWEST_PRIORITY:
        raise DomainError("Enter an order from 1 (billed first) to 3.", field="priority")
    if ends_on is not None and ends_on < starts_on:
        raise DomainError("Enter a last day on or after the first day.", field="ends_on")
    _refuse_second(patient, case=case, priority=priority, starts_on=starts_on, ends_on=ends_on)
    return Coverage.objects.create(
        practice_id=actor.practice_id,
        patient=patient,
        case=case,
        priority=priority,
        starts_on=starts_on,
        ends_on=ends_on,
        **card,
    )


def add_to(*, patient: Patient, actor: Actor, **card: Any) -> Coverage:
    """``add`` with the patient among the values, as a form has it."""
    return add(patient, actor=actor, **card)


@transaction.atomic
def end(coverage: Coverage, *, ends_on: date, actor: Actor) -> Coverage:
    """Let a coverage end with a day (its last day). Raises DomainError when that is before it began."""
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = _locked(coverage)
    if ends_on < locked.starts_on:
        raise DomainError("Enter a last day on or after the first day of the coverage.", field="ends_on")
    if locked.ends_on is None or ends_on > locked.ends_on:
        begins = locked.starts_on if locked.ends_on is None else locked.ends_on + timedelta(days=1)
        _refuse_second(
            locked.patient,
            case=locked.case,
            priority=locked.priority,
            starts_on=begins,
            ends_on=ends_on,
            but=locked,
        )
    locked.ends_on = ends_on
    locked.save()
    return locked


@transaction.atomic
def renew(coverage: Coverage, *, starts_on: date, actor: Actor, **card: Any) -> Coverage:
    """A new card in the place of this one from a day on: this one ends the day before and stays on file.

    What the new card does not say stays as it was. Returns the new coverage. Raises DomainError for a day on which
    this one had not begun yet, Conflict for one after it has ended.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = _locked(coverage)
    if starts_on <= locked.starts_on:
        raise DomainError("Enter a day after the first day of the present card.", field="starts_on")
    if locked.ends_on is not None and locked.ends_on < starts_on - timedelta(days=1):
        raise Conflict("The present card has ended before. Add the new one as a coverage.", field="starts_on")
    end(locked, ends_on=starts_on - timedelta(days=1), actor=actor)
    said = {name: value for name, value in card.items() if value not in (None, "")}
    return add(
        locked.patient,
        case=locked.case,
        priority=locked.priority,
        starts_on=starts_on,
        actor=actor,
        **({name: getattr(locked, name) for name in CARD} | said),
    )


@transaction.atomic
def correct(coverage: Coverage, *, actor: Actor, **card: Any) -> Coverage:
    """Correct what was typed wrongly from a card. Case, order and days stay: they are ended, not corrected.

    Conflict when a claim that has left was billed to it: what the plan was told stays what it was.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = _locked(coverage)
    for answer in gather("coverage_uses", locked):
        if answer.failed:
            raise Conflict(
                f"{answer.source} could not be asked whether a claim used this card. Try again later."
            )
        if answer.value:
            raise Conflict(
                f"{answer.value} Record the card as it should be as a new one, from its first day."
            )
    values = {name: getattr(locked, name) for name in CARD} | {
        name: value for name, value in card.items() if name in CARD
    }
    for name, value in _card(**values).items():
        setattr(locked, name, value)
    locked.save()
    return locked


def _locked(coverage: Coverage) -> Coverage:
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=coverage.patient_id)
    rows = Coverage.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("patient", "case", "payer").get(pk=coverage.pk)


def _card(**values: Any) -> dict[str, Any]:
    """What stands on a card, cleaned; DomainError at the field for what cannot be."""
    values["member_id"] = re.sub(r"[\s-]", "", values["member_id"]).upper()
    for name in WORDED:
        values[name] = " ".join(values[name].split())
    if not values["member_id"]:
        raise DomainError("Enter the member ID from the card.", field="member_id")
    if values["copay"] is not None and values["copay"] < 0:
        raise DomainError("Enter a copay of zero or more.", field="copay")
    named = values["subscriber_first_name"] and values["subscriber_last_name"]
    if values["relationship"] != Coverage.Relationship.SELF and not named:
        raise DomainError("Enter the subscriber's first and last name.", field="subscriber_last_name")
    return values


def _refuse_second(
    patient: Patient,
    *,
    case: Case,
    priority: int,
    starts_on: date,
    ends_on: date | None,
    but: Coverage | None = None,
) -> None:
    # The medical cases of records that a merge made one stay apart; here they count as one.
    same = Q(case=case) | (
        Q(patient=patient, case__kind=Case.Kind.MEDICAL) if case.is_medical else Q(pk=None)
    )
    rivals = Coverage.objects.filter(same, priority=priority).filter(
        Q(ends_on=None) | Q(ends_on__gte=starts_on)
    )
    if ends_on is not None:
        rivals = rivals.filter(starts_on__lte=ends_on)
    if but is not None:
        rivals = rivals.exclude(pk=but.pk)
    rival = rivals.select_related("payer").order_by("starts_on").first()
    if rival is not None:
        until = f"until {us_date(rival.ends_on)}" if rival.ends_on else "with no last day"
        raise Conflict(
            f"{rival.payer} already has order {priority} on these days: member {rival.member_id}, from "
            f"{us_date(rival.starts_on)} {until}. End it first, or choose another order.",
            field="priority",
        )
