"""Times held for a few minutes: taken like a visit, booked or released, and over by themselves.

A hold ends in two ways: whoever wants its time meets it and ends it (``appointments.book``, under the lock), and a job
ends it in the minute it runs out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from kit import clock
from patients.models import Patient
from practice import jobs
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services.rules import rule
from scheduling.models import Appointment, WaitlistOffer
from scheduling.services import appointments

EXPIRE = "scheduling.expire_hold"


@transaction.atomic
def hold(patient: Patient, *, actor: Actor, minutes: int | None = None, **wish: Any) -> Appointment:
    """Hold a time for ``minutes`` (rule scheduling.hold_minutes); wishes and refusals as for ``appointments.book``."""
    length = minutes or int(rule("scheduling.hold_minutes", on=practice_today(actor)))
    until = clock.now() + timedelta(minutes=length)
    made = appointments.book(patient, actor=actor, held_until=until, **wish)
    jobs.enqueue(EXPIRE, actor=actor, key=str(made.pk), args={"appointment": str(made.pk)}, run_after=until)
    return made


@transaction.atomic
def expire(appointment: Appointment, *, actor: Actor) -> bool:
    """End a hold that has run out; False when it was booked, released or ended meanwhile."""
    if appointment.status != Appointment.Status.HELD or not appointment.has_run_out(clock.now()):
        return False
    appointments.release(
        appointment,
        version=appointment.version,
        state=WaitlistOffer.State.EXPIRED,
        note="The time ran out",
        actor=actor,
    )
    return True
