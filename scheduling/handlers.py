"""What the schedule does when something happens."""

from __future__ import annotations

import uuid

from practice import events
from practice.actor import Actor
from scheduling.services import outreach, recalls, reschedules, waitlist


@events.handles("appointment.cancelled", when="same_transaction")
@events.handles("appointment.moved", when="same_transaction")
@events.handles("appointment.released", when="same_transaction")
def fill_what_opened(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """A time is free again: the wait list may be asked."""
    waitlist.consider(appointment_id, actor=actor)


@events.handles("appointment.booked", when="same_transaction")
def close_what_it_was_for(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """Whoever has a visit again, or the one that was due, is called no more."""
    reschedules.after_booking(appointment_id, actor=actor)
    recalls.after_booking(appointment_id, actor=actor)


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
