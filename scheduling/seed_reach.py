"""Reminders of the demo: the plan, what went out, what failed, what was answered; missed visits; telehealth."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from kit import clock
from patients.models.contact import Channel
from patients.selectors.confidential import confidential_of
from patients.selectors.reach import reach_of
from practice.models import LetterTemplate
from practice.story import Story
from practice.texting import Receipt
from scheduling.models import Appointment, MissedVisit, Reminder, ReminderStep
from scheduling.rules import BEFORE_ARRIVAL
from scheduling.services import feeds, missed, reminders, replies
from scheduling.services.telehealth import set_details
from staff.models import Provider

PLAN = (("email", 72, False), ("text", 24, False), ("text", 3, True))
MOST, UNSENT = 24, (5, 11)  # visits that are told, and which of them the gateway refuses
LATEST = 6  # missed visits that the policy has followed


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


def missed_visits(story: Story) -> None:
    """The policy, and what it made of the last weeks' no-shows and late cancellations."""
    if not story.small:
        letter = LetterTemplate.objects.filter(code="no-show", language="en").first()
        for misses, values in (
            (1, {"letter": letter}),
            (2, {"letter": letter, "flag": "Confirm by telephone"}),
            (3, {"flag": "Confirm by telephone", "review": True, "fee": True}),
        ):
            missed.add_step(actor=story.actor, misses=misses, **values)
    gone = Appointment.objects.filter(
        Q(status=Appointment.Status.NO_SHOW)
        | Q(
            status=Appointment.Status.CANCELLED,
            cancelled_by=Appointment.CancelledBy.PATIENT_LATE,
            local_day__lte=story.today,
        )
    )
    kept = [
        miss
        for visit in gone.order_by("starts_at", "id")
        if (miss := missed.note(visit, actor=story.actor)) is not None
    ]
    followed = kept[-LATEST:]
    MissedVisit.objects.filter(pk__in=[miss.pk for miss in kept[:-LATEST]]).update(followed_at=clock.now())
    for miss in followed:
        missed.follow(miss.appointment, actor=story.actor)
    if followed:
        missed.excuse(followed[-1], reason="Was in hospital", actor=story.actor)


def remote(story: Story) -> None:
    """Two visits by video, one with a patient away in another state, and a calendar address."""
    ahead = Appointment.objects.filter(local_day__gt=story.today, status=Appointment.Status.BOOKED)
    visits = ahead.select_related("provider").order_by("starts_at", "id")[:2]
    for visit, state, zone in zip(visits, ("NY", "FL"), ("", "America/New_York"), strict=False):
        set_details(
            visit,
            modality="video",
            join_link=f"https://video.example/room/{visit.pk.hex[:8]}",
            state=state,
            timezone=zone,
            actor=story.actor,
        )
    provider = Provider.objects.filter(is_active=True).order_by("display_name").first()
    if provider is not None:
        feeds.make("Phone", provider=provider, actor=story.actor)
