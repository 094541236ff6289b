"""The background steps of reminders: take one, hand it over outside of any transaction, keep what came of it."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMultiAlternatives

from patients.models.contact import Channel
from practice import jobs
from practice.texting import Receipt, gateway
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
    if outgoing.reminder.channel == Channel.TEXT:
        found = gateway()
        if found is None:
            return Receipt(outcome="refused", why="No text gateway is set up.")
        return found.send(
            to=outgoing.to,
            words=outgoing.message.body,
            reference=f"{outgoing.reminder.pk}-{outgoing.reminder.tries}",
        )
    subject = " ".join(outgoing.message.subject.split())
    mail = EmailMultiAlternatives(subject=subject, body=outgoing.message.body, to=[outgoing.to])
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused:
        return Receipt(outcome="refused", why="The mail server did not take the address.")
    except (smtplib.SMTPException, OSError) as error:
        return Receipt(outcome="later", why=f"The mail server did not take it ({type(error).__name__}).")
    return Receipt(outcome="accepted")
