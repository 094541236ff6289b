"""Whom the demo's desk has to call: visits to reschedule with their tries, recalls due and overdue, and one series."""

from __future__ import annotations

from datetime import date, time, timedelta

from kit import clock
from patients.models import Patient
from practice.story import Story
from scheduling.models import Appointment, RecallType, Reschedule
from scheduling.services import outreach, recalls, reschedules, series
from scheduling.services.series import Rhythm

DAYS_BACK, MANY = 21, 9
TRIES = (
    (),
    (("phone", "no_answer", "Rang ten times"),),
    (("phone", "message", "On voicemail"), ("text", "sent", "")),
    (("phone", "call_back", "At work until 4 PM"),),
)
# recall type, visit type, months, planned by itself
KINDS = (("Yearly physical", "pe", 12, True), ("Three-month check", "fu", 3, False))
# recall type, days until it is due, what was tried
RECALLS = (
    (0, -12, (("letter", "sent", "Recall letter"),)),
    (0, -3, ()),
    (1, 2, (("phone", "no_answer", ""),)),
    (1, 9, ()),
    (0, 21, ()),
    (1, 40, ()),
    (0, 120, ()),
)


def seed(story: Story) -> None:
    """Tell it through the services, each on its own day."""
    _reschedules(story)
    kinds = [
        recalls.add_type(
            name=name,
            type=story.kept["visit_types"][code],
            months=months,
            is_automatic=automatic,
            actor=story.actor,
        )
        for name, code, months, automatic in KINDS
    ]
    people = [
        each
        for each in story.kept["patients"]
        if not each.is_restricted
        and each.deceased_on is None
        and each.record_status == Patient.RecordStatus.ACTIVE
    ]
    for number, row in enumerate(RECALLS[:3] if story.small else RECALLS):
        _recall(story, row=row, kinds=kinds, patient=people[number])
    recalls.refresh_list(actor=story.actor)
    if not story.small:
        _series(story, patient=people[len(RECALLS)])


def _reschedules(story: Story) -> None:
    lost = Appointment.objects.filter(
        local_day__gte=story.today - timedelta(days=DAYS_BACK), local_day__lte=story.today
    )
    missed = lost.filter(status=Appointment.Status.NO_SHOW)
    ours = lost.filter(status=Appointment.Status.CANCELLED, cancelled_by=Appointment.CancelledBy.PRACTICE)
    rows = [
        *missed.order_by("-starts_at", "provider_id")[:MANY],
        *ours.order_by("-starts_at", "provider_id")[:3],
    ]
    for number, visit in enumerate(rows):
        with clock.at(min(clock.now(), visit.ends_at + timedelta(hours=1))):
            if visit.status == Appointment.Status.NO_SHOW:
                reschedules.after_missing(visit.pk, actor=story.actor)
            else:
                reschedules.after_cancelling(visit.pk, actor=story.actor)
        found = Reschedule.objects.filter(appointment=visit, state=Reschedule.State.OPEN).first()
        if found is not None:
            _try(story, record=found, tries=TRIES[number % len(TRIES)])


def _recall(
    story: Story,
    *,
    row: tuple[int, int, tuple[tuple[str, str, str], ...]],
    kinds: list[RecallType],
    patient: Patient,
) -> None:
    kind, days, tries = row
    due: date = story.today + timedelta(days=days)
    with clock.at(clock.now() - timedelta(days=60)):
        made = recalls.plan(patient=patient, kind=kinds[kind], due_on=due, actor=story.actor)
    _try(story, record=made, tries=tries)


def _try(story: Story, *, record: object, tries: tuple[tuple[str, str, str], ...]) -> None:
    for back, (how, result, note) in zip(range(len(tries), 0, -1), tries, strict=True):
        with clock.at(clock.now() - timedelta(days=2 * back, hours=1)):
            outreach.attempt(record, how=how, result=result, note=note, actor=story.actor)  # type: ignore[type-var]


def _series(story: Story, *, patient: Patient) -> None:
    """Six weekly visits; days that do not fit are left out on purpose."""
    home = story.kept["resources"][0]
    rhythm = Rhythm(
        visit_type=story.kept["visit_types"]["sd"],
        provider=home.provider,
        location=home.location,
        starts_on=story.today + timedelta(days=(1 - story.today.weekday()) % 7 + 7),
        starts_at=time(9, 20),
        every=1,
        unit="week",
        count=8,
    )
    places = series.look(patient, rhythm=rhythm, actor=story.actor)
    skip = {each.number for each in places if not each.fits}
    if len(skip) < rhythm.count - 1:
        series.book(patient, rhythm=rhythm, skip=skip, reason="Allergy injection", actor=story.actor)
