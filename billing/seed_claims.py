"""Codes, fees, charges of every completed visit, claims sent day by day, and the training payers' answers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from billing.models import ClaimBatch, FeeScheduleLine, ProcedureCode
from billing.services import charges, rules_catalogue, sandbox, submission
from billing.services.charges import ChargeLine
from kit import clock
from practice.models import Payer, PracticeProfile
from practice.story import Story
from scheduling.models import Appointment
from staff.models import PayerEnrolment

# Bare numbers with words of our own, and an invented fee (X12.md 4.13).
CODES = (
    ("99202", "New patient, short visit", "118.00"), ("99203", "New patient, medium visit", "176.00"),
    ("99204", "New patient, long visit", "262.00"), ("99205", "New patient, extended visit", "348.00"),
    ("99211", "Nurse visit", "42.00"), ("99212", "Return visit, short", "92.00"),
    ("99213", "Return visit, medium", "148.00"), ("99214", "Return visit, long", "212.00"),
    ("99215", "Return visit, extended", "296.00"), ("99385", "Check-up, new adult", "228.00"),
    ("99396", "Check-up, adult", "236.00"), ("36415", "Blood draw", "18.00"), ("81002", "Urine dip", "14.00"),
    ("87880", "Strep test", "34.00"), ("90471", "Giving one vaccine", "38.00"),
    ("93000", "Heart tracing with reading", "64.00"), ("96372", "Injection", "36.00"),
)  # fmt: skip
DIAGNOSES = (
    "I10",
    "E119",
    "E785",
    "J069",
    "M545",
    "F411",
    "K219",
    "J029",
    "R739",
    "E039",
    "Z0000",
    "N390",
    "M1711",
)
RETURN, NEW = (
    ("99212", "99213", "99213", "99213", "99214", "99214", "99215"),
    ("99202", "99203", "99203", "99204"),
)
EXTRAS = ("36415", "81002", "87880", "90471", "93000", "96372")
FILE_DAYS = (1,)  # Tuesdays
ANSWERED_AFTER = 12  # days from a file to its answer
CARELESS = 0.03  # share of visits whose main line says no diagnosis


def seed(story: Story) -> None:
    """Tell six weeks of claims through the services, each on the day it happened."""
    _catalogue(story)
    _enrol(story)
    zone = ZoneInfo(PracticeProfile.objects.get(practice=story.practice).timezone)
    by_day: dict[date, list[Appointment]] = {}
    for visit in sorted(
        story.kept.get("completed_visits", []), key=lambda visit: (visit.local_day, str(visit.pk))
    ):
        by_day.setdefault(visit.local_day, []).append(visit)
    day = min(by_day, default=story.today)
    while day <= story.today:
        if day.weekday() in FILE_DAYS and day < story.today:
            _send(story, day=day, zone=zone)  # before the day's own visits: the newest wait
        if day in by_day:
            with clock.at(min(_evening(day, zone=zone), clock.now())):
                entered = [(visit, _lines(visit, random=story.random)) for visit in by_day[day]]
                charges.capture_many(entered, actor=story.actor)
        day += timedelta(days=1)


def _catalogue(story: Story) -> None:
    rules_catalogue.install(actor=story.actor)
    ProcedureCode.objects.bulk_create(
        ProcedureCode(practice=story.practice, code=code, name=name) for code, name, _ in CODES
    )
    since = story.today - timedelta(days=800)
    FeeScheduleLine.objects.bulk_create(
        FeeScheduleLine(practice=story.practice, code=code, amount=Decimal(fee), effective_from=since)
        for code, _, fee in CODES
    )


def _enrol(story: Story) -> None:
    """Every provider bills every payer, but for what the staff's own chapter says otherwise."""
    payers = [payer for payer in story.kept["payers"] if payer.kind != Payer.Kind.SELF_PAY]
    known = set(PayerEnrolment.objects.values_list("provider_id", "payer_id"))
    PayerEnrolment.objects.bulk_create(
        PayerEnrolment(
            practice=story.practice,
            provider=provider,
            payer=payer,
            state=PayerEnrolment.State.EFFECTIVE,
            effective_on=story.today - timedelta(days=700),
        )
        for provider in story.kept["providers"]
        for payer in payers
        if (provider.pk, payer.pk) not in known
    )


def _lines(visit: Appointment, *, random: Random) -> list[ChargeLine]:
    """One visit code, now and then something beside it; a few are entered carelessly and will be held."""
    codes = tuple(random.sample(DIAGNOSES, random.choice((1, 1, 2, 2, 3))))
    careless = random.random() < CARELESS
    main = ChargeLine(
        code=random.choice(NEW if visit.is_new_patient else RETURN), diagnoses=() if careless else codes
    )
    extras = random.sample(EXTRAS, random.choice((0, 0, 1, 1, 2)))
    return [main, *(ChargeLine(code=code, diagnoses=codes[:1]) for code in extras)]


def _evening(day: date, *, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(18, 0), tzinfo=zone)


def _send(story: Story, *, day: date, zone: ZoneInfo) -> None:
    """Send what is ready on a day that has passed; what was answered by today is answered."""
    for payer in Payer.objects.filter(is_active=True, is_sandbox=True).order_by("name"):
        with clock.at(_evening(day, zone=zone)):
            batch = submission.write_batch(payer, actor=story.actor)
            if batch is None:
                continue
            answered = day + timedelta(days=ANSWERED_AFTER + story.random.randint(0, 6))
            submission.place_file(batch, folder=submission.outgoing_folder(story.practice))
            submission.mark_written(batch, actor=story.actor, answers_on=answered)
        if answered <= story.today:
            written = ClaimBatch.objects.select_related("payer").get(pk=batch.pk)
            sandbox.answer(written, practice=story.practice, paid_on=answered)
