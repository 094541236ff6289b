"""Reminder steps, reminders and replies for the cases every Resource has."""

import itertools
from datetime import timedelta

from kit import clock
from kit.testing import Sample
from scheduling.models import Reminder, VisitReply
from scheduling.services import feeds, missed, reminders

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


def make_policy(actor, count):
    return [missed.add_step(actor=actor, misses=next(NUMBERS) % 99 + 1) for _ in range(count)]


def make_missed(actor, count):
    from tests.scheduling.samples import make_visits

    visits = make_visits(actor, count)
    for visit in visits:
        visit.status = "no_show"
        visit.save()
    return [missed.note(visit, actor=actor) for visit in visits]


def make_feeds(actor, count):
    from tests.scheduling.supply_samples import provider

    return [feeds.make(f"Phone {n}", provider=provider(actor), actor=actor)[0] for n in range(count)]


REACH = {
    "scheduling.miss_step": Sample(
        make=make_policy, form=lambda actor: {"misses": str(next(NUMBERS) % 99 + 1), "is_active": "on"}
    ),
    "scheduling.missed": Sample(make=make_missed),
    "scheduling.feed": Sample(make=make_feeds),
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
