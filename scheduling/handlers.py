"""What the schedule does when something happens."""

from __future__ import annotations

import uuid

from practice import events
from practice.actor import Actor
from scheduling.services import waitlist


@events.handles("appointment.cancelled", when="same_transaction")
@events.handles("appointment.moved", when="same_transaction")
@events.handles("appointment.released", when="same_transaction")
def fill_what_opened(*, appointment_id: uuid.UUID, actor: Actor) -> None:
    """A time is free again: the wait list may be asked."""
    waitlist.consider(appointment_id, actor=actor)


@events.handles("patient.standing_changed", when="later")
def stop_waiting(*, patient_id: uuid.UUID, actor: Actor) -> None:
    """Whoever has died or was discharged waits for nothing any more."""
    waitlist.follow_standing(patient_id, actor=actor)
