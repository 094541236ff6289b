"""Check a patient in at the desk: what was confirmed and what is missing is kept, and the visit goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import DomainError
from patients.models import Patient
from patients.services import patients
from practice.actor import Actor
from practice.check_in import Item
from scheduling.models import Appointment, CheckIn, CheckInItem
from scheduling.rules import BEFORE_ARRIVAL
from scheduling.selectors.check_in import lacking, to_look_at
from scheduling.services import appointments
from scheduling.services.states import become, locked, may_flow

CONTACT = ("phone", "email", "address_line", "city", "state", "postal_code")


@transaction.atomic
def check_in(
    appointment: Appointment,
    *,
    actor: Actor,
    identity: bool,
    contact: bool,
    details: Mapping[str, Any] | None = None,
    reason: str = "",
    version: int | None = None,
) -> CheckIn:
    """Confirm who came, correct telephone and address (``details``, of CONTACT), take the visit to checked in.

    Who is only booked arrives with it. What is missing asks for a ``reason`` and is kept with it; it never blocks.
    Raises DomainError at the field (``reason``, or one of the details), Stale for an old ``version``, Conflict for a
    visit that cannot be checked in. Forbidden without the permission to change patients when a detail differs.
    """
    may_flow(actor, location_id=appointment.location_id)
    held = locked(appointment, actor=actor, version=version)
    if held.status in BEFORE_ARRIVAL:
        held = appointments.arrive(held, actor=actor)
    _correct(held.patient, details=details or {}, actor=actor)
    held.patient.refresh_from_db()
    items = to_look_at(held, identity=identity, contact=contact, actor=actor)
    missing, why = _reasoned(items, reason=reason)
    become(held, status=Appointment.Status.CHECKED_IN, actor=actor, note=why)
    made = CheckIn.objects.create(
        practice_id=actor.practice_id,
        appointment=held,
        at=clock.now(),
        by_id=actor.membership_id,
        missing=len(missing),
        reason=why,
    )
    _keep(made, items=items, actor=actor)
    return made


def check_reason(
    appointment: Appointment, *, identity: bool, contact: bool, reason: str, actor: Actor
) -> None:
    """DomainError at ``reason`` where checking in would ask for one: to be told beside what else is wrong."""
    _reasoned(to_look_at(appointment, identity=identity, contact=contact, actor=actor), reason=reason)


def _reasoned(items: Sequence[Item], *, reason: str) -> tuple[list[Item], str]:
    """What is missing, and in a few words why it is; DomainError when nobody said."""
    missing, why = lacking(items), " ".join(reason.split())[:200]
    if missing and not why:
        names = ", ".join(item.title.lower() for item in missing)
        raise DomainError(f"Say why the visit goes on without: {names}.", field="reason")
    return missing, why


def _correct(patient: Patient, *, details: Mapping[str, Any], actor: Actor) -> None:
    given = {name: details[name] for name in CONTACT if name in details}
    if "phone" in given:
        given["phone"] = patients.phone_of(given["phone"] or "", field="phone")
    changed = {name: value for name, value in given.items() if value != getattr(patient, name)}
    if changed:
        patients.update(patient, actor=actor, **changed)


def _keep(made: CheckIn, *, items: Sequence[Item], actor: Actor) -> None:
    CheckInItem.objects.bulk_create(
        CheckInItem(
            practice_id=actor.practice_id,
            check_in=made,
            code=item.code,
            title=item.title,
            state=item.state,
            detail=item.detail[:300],
        )
        for item in items
    )
