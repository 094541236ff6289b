"""Patients who can be reminded, and workers that remind them, for the tests of reminders."""

import itertools
from contextlib import contextmanager
from datetime import date

from patients.services import contact, patients
from practice import jobs, texting
from practice.actor import system_actor
from scheduling import reminder_work
from scheduling.models import Reminder
from scheduling.services import reminders

NUMBERS = itertools.count(1)
PHONE = "9145550148"


class Here(jobs.Job):
    """A job whose steps run in the test's own transaction."""

    @contextmanager
    def step(self, *, read_only=False):
        yield self.actor


def person(actor, *, phone=PHONE, text=True, email="", last="", **more):
    """A patient; ``text``: True agreed to texts, False took it back, None said nothing."""
    made = patients.register(
        actor=actor,
        first_name="Nell",
        last_name=last or f"Reminded{next(NUMBERS)}",
        birth_date=date(1980, 1, 2),
        phone=phone,
        email=email,
        **more,
    )
    if text is not None:
        if contact.newest_wording("text") is None:
            contact.publish_wording(channel="text", text="We may text you.", actor=actor)
        contact.record_consent(patient=made, channel="text", given=True, how="signed", actor=actor)
    if text is False:
        contact.record_consent(patient=made, channel="text", given=False, how="phone", actor=actor)
    return made


def step(actor, *, hours=24, channel="text", **more):
    return reminders.add_step(actor=actor, hours_before=hours, channel=channel, **more)


def work(actor):
    """What a worker does when reminders are due; returns the job's figures."""
    ours = system_actor(practice_id=actor.practice_id, request_id="job")
    return reminder_work.send_due(Here(id=None, practice_id=actor.practice_id, key="", args={}, actor=ours))


def told():
    """(number, words) of every text since the last look."""
    found = [(to, words) for to, words, _ in texting.SENT]
    texting.SENT.clear()
    return found


def ends(visit):
    """(channel, state, reason) of a visit's reminders, in the order they go out."""
    rows = Reminder.objects.filter(appointment=visit).order_by("due_at", "id")
    return list(rows.values_list("channel", "state", "reason"))
