"""Visits that did not take place as booked: each is on one list until its patient has another time or wants none."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from practice.actor import Actor
from practice.selectors.days import practice_today
from scheduling.models import Appointment, Reschedule
from scheduling.rules import STANDING
from scheduling.services import outreach

Cause, State, Status = Reschedule.Cause, Reschedule.State, Appointment.Status
MISSED = {Status.NO_SHOW: Cause.NO_SHOW, Status.LEFT: Cause.LEFT}


@transaction.atomic
def put_on_list(visit: Appointment, *, cause: int, actor: Actor) -> Reschedule:
    """Somebody has to give this visit's patient another time. Twice is once; a new cause stands in for the old one."""
    today = practice_today(actor)
    row, made = Reschedule.objects.get_or_create(
        practice_id=actor.practice_id,
        appointment=visit,
        state=State.OPEN,
        defaults={"patient_id": visit.patient_id, "cause": cause, "since": today, "next_try_on": today},
    )
    if not made and row.cause != cause:
        row.cause = cause
        row.save()
    return row


def take_off(visit: Appointment, *, outcome: str, actor: Actor, cause: int | None = None) -> None:
    """What was open about a visit is settled: it is inside its hours again, or its patient came after all."""
    rows = Reschedule.objects.filter(appointment=visit, state=State.OPEN)
    if cause is not None:
        rows = rows.filter(cause=cause)
    outreach.close_all(rows, state=State.SETTLED, outcome=outcome, actor=actor)


def after_booking(visit: Appointment, *, actor: Actor) -> None:
    """A new visit of the kind somebody missed or lost is their new time. A displaced one still stands by itself."""
    rows = Reschedule.objects.filter(
        patient_id=visit.patient_id, appointment__type_id=visit.type_id, state=State.OPEN
    ).exclude(cause=Cause.DISPLACED)
    rows = rows.exclude(appointment=visit).order_by("id")
    outreach.close_all(rows, state=State.BOOKED, new_visit=visit, actor=actor)


@transaction.atomic
def after_cancelling(appointment_id: UUID, *, actor: Actor) -> None:
    """What the practice cancelled it makes good; what the patient cancelled is theirs to book again."""
    visit = Appointment.objects.get(pk=appointment_id)
    if visit.cancelled_by != Appointment.CancelledBy.PRACTICE:
        take_off(visit, outcome="Cancelled by the patient", actor=actor)
    elif not _has_another(visit):
        put_on_list(visit, cause=Cause.CANCELLED, actor=actor)


@transaction.atomic
def after_missing(appointment_id: UUID, *, actor: Actor) -> None:
    """Who did not come, or left, is called, unless they have another visit of that kind already."""
    visit = Appointment.objects.get(pk=appointment_id)
    if visit.status in MISSED and not _has_another(visit):
        put_on_list(visit, cause=MISSED[Status(visit.status)], actor=actor)


def after_arriving(appointment_id: UUID, *, actor: Actor) -> None:
    """Somebody taken for a no-show came after all."""
    take_off(
        Appointment.objects.get(pk=appointment_id),
        cause=Cause.NO_SHOW,
        outcome="The patient came",
        actor=actor,
    )


def _has_another(visit: Appointment) -> bool:
    """Whether the patient has a later visit of the same kind that stands."""
    others = Appointment.objects.filter(
        patient_id=visit.patient_id,
        type_id=visit.type_id,
        starts_at__gt=visit.starts_at,
        status__in=STANDING - {Status.HELD},
    )
    return others.exclude(pk=visit.pk).exists()
