"""The background steps of reminders: take one, hand it over outside of any transaction, keep what came of it."""

from __future__ import annotations

from patients.models.contact import Channel
from practice import jobs
from practice.handing_over import by_mail, by_text
from practice.texting import Receipt
from scheduling.models import Reminder
from scheduling.services import reminders
from scheduling.services.reminders import Outgoing


def send_due(job: jobs.Job) -> dict[str, int]:
    """Send everything that is due, one by one. A worker that dies leaves one unsure and the rest to the next run."""
    with job.step() as actor:
        unsure = reminders.give_up_unsure(actor=actor)
    handed, ended = 0, 0
    while True:
        with job.step() as actor:
            taken = reminders.take_next(actor=actor)
        if taken is None:
            return {"handed_over": handed, "ended_or_put_off": ended, "unsure": unsure}
        if isinstance(taken, Reminder):
            ended += 1
            continue
        receipt = hand_over(taken)
        with job.step() as actor:
            reminders.note_end(taken.reminder, receipt=receipt, actor=actor)
        handed += 1
        job.progress(handed, total=0)


def hand_over(outgoing: Outgoing) -> Receipt:
    """To the text gateway or the mail server; what they said."""
    reminder, message = outgoing.reminder, outgoing.message
    if reminder.channel == Channel.TEXT:
        reference = f"{reminder.pk}-{reminder.tries}"
        return by_text(to=outgoing.to, words=message.body, reference=reference)
    return by_mail(to=outgoing.to, subject=message.subject, body=message.body)
