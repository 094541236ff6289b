"""Reminder steps, reminders and replies for the cases every Resource has."""

import itertools
from datetime import timedelta

from kit import clock
from kit.testing import Sample
from scheduling.models import Reminder, VisitReply
from scheduling.services import reminders

NUMBERS = itertools.count(1)


def make_steps(actor, count):
    return [
        reminders.add_step(actor=actor, channel="text", hours_before=next(NUMBERS) % 1440 + 1)
        for _ in range(count)
    ]


def make_reminders(actor, count):
    from tests.scheduling.samples import make_visits

    (step,) = make_steps(actor, 1)
    return [
        Reminder.objects.create(
            practice_id=actor.practice_id,
            appointment=visit,
            step=step,
            visit_at=visit.starts_at,
            channel="text",
            due_at=clock.now() + timedelta(hours=1),
        )
        for visit in make_visits(actor, count)
    ]


def make_replies(actor, count):
    from tests.scheduling.samples import make_visits

    return [
        VisitReply.objects.create(
            practice_id=actor.practice_id,
            appointment=visit,
            patient=visit.patient,
            way="text",
            meaning="cancel",
            words="No",
            received_at=clock.now(),
        )
        for visit in make_visits(actor, count)
    ]


REACH = {
    "scheduling.reminder_step": Sample(
        make=make_steps,
        form=lambda actor: {
            "channel": "text",
            "hours_before": str(next(NUMBERS) % 1440 + 1),
            "is_active": "on",
        },
    ),
    "scheduling.reminder": Sample(make=make_reminders),
    "scheduling.reply": Sample(make=make_replies),
}
