"""No-shows and late cancellations: late by rule, counted over a period, followed by letter, flag, fee, review."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.models import PatientFlag
from patients.services import coverages
from practice.booking import warnings
from practice.models import Letter, LetterTemplate, Payer, WorkItem
from practice.services import letter_starters, rule_values
from scheduling import handlers
from scheduling.models import Appointment, MissedVisit, StatusEvent
from scheduling.rules import missed as rules
from scheduling.selectors.missed import tally_today
from scheduling.services import appointments, missed
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "late"),
    [
        (timedelta(hours=24), False),
        (timedelta(hours=23, minutes=59), True),
        (timedelta(0), True),
        (-DAY, True),
    ],
)
def test_late_is_less_than_so_many_hours_before(ahead, late):
    assert rules.is_late(NOON + ahead, told_at=NOON, hours=24) is late


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 2), 12, date(2025, 3, 2)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 36, date(2023, 12, 31)),
    ],
)
def test_a_period_of_months_ends_on_the_same_day(day, months, expected):
    assert rules.months_before(day, months=months) == expected


class Step:
    def __init__(self, misses, *, is_active=True):
        self.misses, self.is_active = misses, is_active


@pytest.mark.parametrize(("count", "found"), [(0, None), (1, 1), (2, None), (3, 3), (4, 3), (9, 3)])
def test_the_last_step_follows_again_and_again(count, found):
    step = rules.step_after([Step(3), Step(1), Step(7, is_active=False)], count=count)
    assert (step.misses if step else None) == found


@pytest.mark.parametrize(
    ("payers", "medicaid_may", "amount", "says"),
    [
        ({"commercial"}, False, "25.00", ""),
        (set(), False, "25.00", ""),
        ({"medicare"}, False, "25.00", "Medicare allows it"),
        ({"medicare", "medicaid"}, False, "0", "No fee"),
        ({"medicaid"}, False, "0", "No fee"),
        ({"medicaid"}, True, "25.00", ""),
    ],
)
def test_nobody_with_medicaid_is_charged_and_everybody_else_the_same(payers, medicaid_may, amount, says):
    fee = rules.fee_of(Decimal("25.00"), payers=payers, medicaid_may=medicaid_may)
    assert fee.amount == Decimal(amount)
    assert fee.note.startswith(says)
    assert rules.fee_of(Decimal(0), payers=payers, medicaid_may=True) == rules.Fee(amount=Decimal(0))


def cancel(clinic, visit, *, by="patient", reason="Work came up"):
    return appointments.cancel(visit, by=by, reason=reason, actor=clinic.actor)


def said(visit):
    return StatusEvent.objects.filter(appointment=visit, status="cancelled").get().note


def test_the_rule_says_whether_a_patient_cancels_late(clinic):
    soon, later = clinic.book(starts_at=at(9)), clinic.book(starts_at=at(9, day=MONDAY + 2 * DAY))
    assert cancel(clinic, soon).cancelled_by == "patient_late"
    assert cancel(clinic, later).cancelled_by == "patient_timely"
    assert [miss.appointment_id for miss in MissedVisit.objects.all()] == [soon.pk]
    assert said(soon) == "Work came up"


def test_the_desk_may_say_otherwise_and_that_is_kept(clinic):
    visit = clinic.book(starts_at=at(9))
    gone = cancel(clinic, visit, by="patient_timely", reason="Called yesterday")
    assert gone.cancelled_by == "patient_timely"
    assert said(visit) == "Called yesterday (late by the rule, in time by the desk)"
    assert not MissedVisit.objects.exists()


def test_what_the_practice_cancels_is_nobodys_miss(clinic):
    cancel(clinic, clinic.book(starts_at=at(9)), by="practice")
    assert not MissedVisit.objects.exists()


def test_who_cancels_must_be_said(clinic):
    visit = clinic.book(starts_at=at(9))
    with pytest.raises(DomainError) as error:
        cancel(clinic, visit, by="somebody")
    assert error.value.field == "by"
    visit.refresh_from_db()
    assert visit.status == "booked"


def no_show(clinic, *, patient=None, hour=9, day=MONDAY):
    """A visit that was missed, with what the background does about it."""
    visit = clinic.book(patient, starts_at=at(hour, day=day), accept={"missed_visits"})
    with clock.at(at(hour, 30, day=day)):
        visit = appointments.no_show(visit, actor=clinic.actor)
        handlers.follow_policy(appointment_id=visit.pk, actor=clinic.actor)
    return MissedVisit.objects.get(appointment=visit)


def steps(clinic, *rows):
    for misses, values in enumerate(rows, start=1):
        missed.add_step(misses=misses, actor=clinic.actor, **values)


def template(clinic):
    letter_starters.install(actor=clinic.actor)
    return LetterTemplate.objects.get(code="no-show", language="en")


def addressed(clinic, **more):
    return clinic.patient(
        last="Late", address_line="1 Elm St", city="Harborview", state="NY", postal_code="10562", **more
    )


def test_each_count_has_its_step_and_each_miss_is_followed_once(clinic):
    letter = template(clinic)
    steps(clinic, {"letter": letter}, {"flag": "Confirm by telephone"}, {"review": True})
    patient = addressed(clinic)
    first = no_show(clinic, patient=patient, hour=8)
    assert (first.number, first.letter.state, Letter.objects.count()) == (1, "queued", 1)
    assert missed.follow(first.appointment, actor=clinic.actor).letter == first.letter
    assert Letter.objects.count() == 1
    second = no_show(clinic, patient=patient, hour=9)
    assert (second.number, second.letter) == (2, None)
    assert [flag.words for flag in PatientFlag.objects.all()] == ["Confirm by telephone"]
    assert not WorkItem.objects.filter(kind=missed.REVIEW).exists()
    third = no_show(clinic, patient=patient, hour=10)
    item = WorkItem.objects.get(kind=missed.REVIEW)
    assert (third.number, item.title, item.role.code) == (3, "Review: 3 missed visits", "manager")
    assert "Late" not in item.title + item.reason
    no_show(clinic, patient=patient, hour=11)
    assert WorkItem.objects.filter(kind=missed.REVIEW).count() == 2


def test_the_letter_is_in_the_patients_language(clinic):
    steps(clinic, {"letter": template(clinic)})
    miss = no_show(clinic, patient=addressed(clinic, language="es"))
    assert miss.letter.version.template.language == "es"


def test_a_letter_that_cannot_be_written_is_work_and_the_rest_goes_on(clinic):
    steps(clinic, {"letter": template(clinic), "flag": "Confirm by telephone"})
    miss = no_show(clinic, patient=clinic.patient(last="Nowhere"))
    assert miss.letter is None
    assert WorkItem.objects.get(kind=missed.LETTER).state == "open"
    assert PatientFlag.objects.count() == 1
    assert Letter.objects.count() == 0


def test_what_is_older_than_the_period_counts_no_more(clinic):
    patient = clinic.patient()
    no_show(clinic, patient=patient)
    assert tally_today(patient, actor=clinic.actor).count == 1
    with clock.at(at(9, day=date(2027, 3, 1))):
        assert tally_today(patient, actor=clinic.actor).count == 1
    with clock.at(at(9, day=date(2027, 3, 2))):
        assert tally_today(patient, actor=clinic.actor).count == 0


def test_booking_warns_from_the_limit_on_and_goes_on_when_accepted(clinic):
    patient = clinic.patient()
    no_show(clinic, patient=patient, hour=8)
    assert warnings(patient, day=MONDAY, actor=clinic.actor) == []
    no_show(clinic, patient=patient, hour=9)
    (warning,) = warnings(patient, day=MONDAY, actor=clinic.actor)
    assert (warning.code, warning.wants_reason) == ("missed_visits", False)
    assert "missed 2 visits in 12 months" in warning.message
    assert clinic.book(patient, starts_at=at(14), accept={"missed_visits"}).status == "booked"


def charge(clinic):
    """From yesterday on a missed visit costs 25 dollars."""
    rule_values.set_value(
        code="missed.fee", value="25", effective_from=MONDAY - DAY, reason="Agreed", actor=clinic.actor
    )


def test_an_excused_miss_counts_no_more_and_owes_nothing(clinic):
    steps(clinic, {"review": True, "fee": True})
    charge(clinic)
    patient = clinic.patient()
    miss = no_show(clinic, patient=patient)
    assert miss.fee_due == "$25.00"
    with pytest.raises(DomainError):
        missed.excuse(miss, reason=" ", actor=clinic.actor)
    done = missed.excuse(miss, reason="Was in hospital", actor=clinic.actor)
    assert (done.fee_due, tally_today(patient, actor=clinic.actor).count) == ("", 0)
    assert WorkItem.objects.get(kind=missed.REVIEW).state == "done"
    with pytest.raises(Conflict):
        missed.excuse(miss, reason="Again", actor=clinic.actor)
    assert missed.count_again(miss, actor=clinic.actor).fee_due == "$25.00"
    assert tally_today(patient, actor=clinic.actor).count == 1


def test_who_may_not_excuse_excuses_nothing(clinic):
    miss = no_show(clinic)
    with in_practice(actor_named("biller")) as biller, pytest.raises(Forbidden):
        missed.excuse(miss, reason="Kind", actor=biller)
    with in_practice(clinic.actor):
        miss.refresh_from_db()
        assert miss.counts


def test_a_patient_with_medicaid_owes_no_fee(clinic):
    steps(clinic, {"fee": True})
    charge(clinic)
    patient = clinic.patient()
    payer = Payer.objects.create(practice_id=clinic.actor.practice_id, name="State Medicaid", kind="medicaid")
    coverages.add(patient, payer=payer, member_id="M1", starts_on=date(2026, 1, 1), actor=clinic.actor)
    miss = no_show(clinic, patient=patient)
    assert (miss.fee, miss.fee_due, miss.fee_note) == (0, "", rules.NO_FEE)


def test_who_came_after_all_missed_nothing(clinic):
    steps(clinic, {"review": True})
    patient = clinic.patient()
    miss = no_show(clinic, patient=patient)
    with clock.at(at(9, 40)):
        appointments.arrive(Appointment.objects.get(pk=miss.appointment_id), actor=clinic.actor)
    miss.refresh_from_db()
    assert miss.state == "withdrawn"
    assert tally_today(patient, actor=clinic.actor).count == 0
    assert WorkItem.objects.get(kind=missed.REVIEW).state == "done"


def test_a_letter_about_something_else_is_no_step(clinic):
    letter_starters.install(actor=clinic.actor)
    other = LetterTemplate.objects.filter(kind="patients.patient").first()
    with pytest.raises(DomainError) as error:
        steps(clinic, {"letter": other})
    assert error.value.field == "letter"
    assert not missed.MissPolicyStep.objects.exists()


def test_who_may_not_change_the_policy_changes_none(clinic):
    with in_practice(actor_named("front_desk")) as desk, pytest.raises(Forbidden):
        missed.add_step(misses=1, review=True, actor=desk)
    with in_practice(clinic.actor):
        assert not missed.MissPolicyStep.objects.exists()
