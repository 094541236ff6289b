"""Payer enrolment: start it, move it along, never skip a step."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import Location, Payer
from staff.models import PayerEnrolment, Provider
from staff.permissions import StaffPermission
from staff.rules import ENROLMENT_STEPS

State = PayerEnrolment.State


@transaction.atomic
def add(
    *, actor: Actor, provider: Provider, payer: Payer, location: Location | None = None
) -> PayerEnrolment:
    """Start an enrolment of a provider with a payer, at one site or everywhere."""
    actor.require(StaffPermission.CHANGE_ENROLMENT)
    same = PayerEnrolment.objects.filter(provider=provider, payer=payer, location=location)
    if same.exists():
        raise DomainError("This enrolment exists: change its state instead.", field="payer")
    return PayerEnrolment.objects.create(
        practice_id=actor.practice_id, provider=provider, payer=payer, location=location
    )


@transaction.atomic
def change_state(
    enrolment: PayerEnrolment,
    *,
    actor: Actor,
    state: str,
    effective_on: date | None = None,
    ends_on: date | None = None,
) -> PayerEnrolment:
    """Move to the next state. Effective needs its first day, terminated its last.

    Raises Conflict for a state that cannot follow, DomainError for a missing or impossible date.
    """
    actor.require(StaffPermission.CHANGE_ENROLMENT)
    locked = PayerEnrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if state not in ENROLMENT_STEPS[locked.state]:
        words = ", ".join(str(State(step).label) for step in ENROLMENT_STEPS[locked.state])
        raise Conflict(f"From {locked.get_state_display().lower()} it can only become: {words}.")
    for name, value in _dates(locked, state=state, effective_on=effective_on, ends_on=ends_on).items():
        setattr(locked, name, value)
    locked.state = state
    locked.save()
    return locked


def _dates(
    enrolment: PayerEnrolment, *, state: str, effective_on: date | None, ends_on: date | None
) -> dict[str, Any]:
    starts, ends = effective_on or enrolment.effective_on, ends_on or enrolment.ends_on
    if state == State.EFFECTIVE and starts is None:
        raise DomainError("Enter the first day the payer accepts claims for.", field="effective_on")
    if state == State.TERMINATED and ends is None:
        raise DomainError("Enter the last day the payer accepts claims for.", field="ends_on")
    if state == State.COLLECTING:
        return {"effective_on": None, "ends_on": None}
    if starts and ends and ends < starts:
        raise DomainError("Enter a last day on or after the first one.", field="ends_on")
    return {"effective_on": starts, "ends_on": ends if state == State.TERMINATED else enrolment.ends_on}
