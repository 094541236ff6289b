"""What the schedule does when something happens."""

from __future__ import annotations

import uuid

from practice import events
from practice.actor import Actor
from scheduling.models import Appointment, Reminder
from scheduling.services import (
    missed,
    outreach,
    recalls,
    reminders,
    replies,
    reschedules,
    visit_links,
    waitlist,
)

Why = Reminder.Why


@events.handles("appointment.booked", when="later")
@events.handles("appointment.moved", when="later")
def plan_reminders(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """Remind of the visit at its time, unless it was moved or ended meanwhile."""
    visit = Appointment.objects.filter(pk=appointment_id).first()
    if visit is not None:
        reminders.plan(visit, actor=actor)


@events.handles("appointment.moved", when="same_transaction")
def forget_old_time(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """Nothing about the time that was: no reminder, no link, no waiting answer."""
    _end(appointment_id, why=Why.MOVED, outcome="The visit was moved", actor=actor)


@events.handles("appointment.cancelled", when="same_transaction")
def forget_cancelled(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """Nothing about a visit that does not take place."""
    visit = _end(appointment_id, why=Why.CANCELLED, outcome="The visit was cancelled", actor=actor)
    missed.note(visit, actor=actor)


@events.handles("appointment.arrived", when="same_transaction")
def forget_arrived(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """Who is here needs no reminder."""
    visit = _end(appointment_id, why=Why.OVER, outcome="The patient came", actor=actor)
    missed.withdraw(visit, actor=actor)


@events.handles("appointment.missed", when="same_transaction")
def keep_missed(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """A no-show is a fact that the policy counts; nothing about the visit goes out any more."""
    visit = _end(appointment_id, why=Why.OVER, outcome="The patient did not come", actor=actor)
    missed.note(visit, actor=actor)


@events.handles("appointment.missed", when="later")
@events.handles("appointment.cancelled", when="later")
def follow_policy(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """Letter, flag, fee and review, as the practice's policy says."""
    visit = Appointment.objects.filter(pk=appointment_id).first()
    if visit is not None:
        missed.follow(visit, actor=actor)


def _end(appointment_id: uuid.UUID, *, why: str, outcome: str, actor: Actor) -> Appointment:
    visit: Appointment = Appointment.objects.get(pk=appointment_id)
    reminders.withdraw(visit, why=why, actor=actor)
    visit_links.end(visit, actor=actor)
    replies.settle_all(visit, outcome=outcome, actor=actor)
    return visit


@events.handles("appointment.cancelled", when="same_transaction")
@events.handles("appointment.moved", when="same_transaction")
@events.handles("appointment.released", when="same_transaction")
def fill_what_opened(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """A time is free again: the wait list may be asked."""
    waitlist.consider(appointment_id, actor=actor)


@events.handles("appointment.booked", when="same_transaction")
def close_what_it_was_for(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """Whoever has a visit again, or the one that was due, is called no more."""
    visit = Appointment.objects.get(pk=appointment_id)
    reschedules.after_booking(visit, actor=actor)
    recalls.after_booking(visit, actor=actor)


@events.handles("appointment.cancelled", when="same_transaction")
def give_another_time(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """What the practice cancelled is to be booked anew; what was due is due again."""
    recalls.after_cancelling(appointment_id, actor=actor)
    reschedules.after_cancelling(appointment_id, actor=actor)


@events.handles("appointment.missed", when="same_transaction")
def call_who_did_not_come(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """Somebody did not come, or left: they are called."""
    reschedules.after_missing(appointment_id, actor=actor)


@events.handles("appointment.arrived", when="same_transaction")
def take_off_who_came(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """Somebody taken for a no-show came after all."""
    reschedules.after_arriving(appointment_id, actor=actor)


@events.handles("appointment.completed", when="later")
def plan_recalls(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """What a completed visit settles, and what it makes due again."""
    recalls.after_completing(appointment_id, actor=actor)


@events.handles("patient.standing_changed", when="later")
def stop_waiting(*, patient_id: uuid.UUID, actor: Actor) -> None:
    """Whoever has died or was discharged waits for nothing any more, and is called by nobody."""
    waitlist.follow_standing(patient_id, actor=actor)
    outreach.follow_standing(patient_id, actor=actor)
