"""Reminders of the demo: the plan, what went out for yesterday to tomorrow, what failed, what was answered."""

from __future__ import annotations

from datetime import timedelta

from kit import clock
from patients.models.contact import Channel
from patients.selectors.confidential import confidential_of
from patients.selectors.reach import reach_of
from practice.story import Story
from practice.texting import Receipt
from scheduling.models import Appointment, Reminder, ReminderStep
from scheduling.rules import BEFORE_ARRIVAL
from scheduling.services import reminders, replies

PLAN = (("email", 72, False), ("text", 24, False), ("text", 3, True))
MOST, UNSENT = 24, (5, 11)  # visits that are told, and which of them the gateway refuses


def seed(story: Story) -> None:
    """Send, through the services, what would have gone out for the next visits; then let patients answer."""
    for channel, hours, unconfirmed in PLAN:
        reminders.add_step(
            actor=story.actor, channel=channel, hours_before=hours, unconfirmed_only=unconfirmed
        )
    step = ReminderStep.objects.get(channel=Channel.TEXT, hours_before=24)
    ahead = Appointment.objects.filter(
        starts_at__gt=clock.now() + timedelta(hours=2), status__in=sorted(BEFORE_ARRIVAL)
    )
    visits = list(ahead.select_related("patient", "location").order_by("starts_at", "id")[:MOST])
    sent = [
        row
        for number, visit in enumerate(visits)
        if (row := _told(story, visit=visit, step=step, number=number)) is not None
    ]
    _answered(story, sent=sent)
    reminders.plan_ahead(actor=story.actor)


def _told(story: Story, *, visit: Appointment, step: ReminderStep, number: int) -> Reminder | None:
    """One reminder as it went out this morning, or why it did not; None when it did not go out."""
    reach = reach_of(visit.patient)
    row = Reminder(
        practice=story.practice,
        appointment=visit,
        step=step,
        visit_at=visit.starts_at,
        channel=Channel.TEXT,
        due_at=clock.now() - timedelta(minutes=40),
    )
    if "text" not in reach.ways:
        row.state, row.reason = Reminder.State.SUPPRESSED, Reminder.Why.NO_CONSENT
        if "text" in reach.refused:
            row.reason = Reminder.Why.OPTED_OUT
        row.save()
        return None
    row.state, row.address, row.tries, row.sent_at = Reminder.State.SENDING, reach.phone, 1, row.due_at
    row.save()
    refused = number in UNSENT
    receipt = Receipt(
        outcome="refused" if refused else "accepted",
        reference="" if refused else f"demo-{row.pk}",
        why="The number takes no texts." if refused else "",
    )
    done = reminders.note_end(row, receipt=receipt, actor=story.actor)
    if not refused and number % 3:
        reminders.note_delivery(reference=done.reference, delivered=True, actor=story.actor)
    return None if refused else done


def _answered(story: Story, *, sent: list[Reminder]) -> None:
    """A yes, a no that waits for the desk, a question for the message pad: each from a number of one patient alone."""
    alone = [
        each
        for each in sent
        if each.appointment.status == Appointment.Status.BOOKED
        and confidential_of(each.appointment.patient, day=story.today) is None
    ]
    for number, (reminder, words) in enumerate(
        zip(alone, ("Yes", "No, I have the flu", "Can I bring my sister?"), strict=False)
    ):
        replies.take_text(
            phone=reminder.address, words=words, reference=f"demo-reply-{number}", actor=story.actor
        )
