"""Reminders: planned by the practice's steps, sent once, put off by night, not sent without a patient's word."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from kit import clock
from kit.errors import Conflict, Forbidden
from patients.services import contact
from practice import texting
from practice.models import JobRun, Location, WorkItem
from practice.texting import Receipt
from scheduling import handlers
from scheduling.models import Reminder, ReminderStep, VisitLink
from scheduling.services import appointments, reminders
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, at
from tests.scheduling.reach_world import PHONE, ends, person, step, told, work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = MONDAY + DAY, MONDAY + 2 * DAY


@pytest.fixture(autouse=True)
def quiet_gateway(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    texting.SENT.clear()


def planned(clinic, *, hour=10, day=WEDNESDAY, patient=None, **more):
    """A visit with its reminders planned."""
    visit = clinic.book(patient or person(clinic.actor), starts_at=at(hour, day=day), **more)
    reminders.plan(visit, actor=clinic.actor)
    return visit


def test_a_visit_is_planned_by_the_general_steps_once(clinic):
    step(clinic.actor, hours=24)
    step(clinic.actor, hours=3, channel="email")
    visit = planned(clinic)
    assert reminders.plan(visit, actor=clinic.actor) == []
    rows = Reminder.objects.filter(appointment=visit).order_by("due_at")
    assert [(row.channel, row.due_at) for row in rows] == [
        ("text", at(10, day=WEDNESDAY - DAY)),
        ("email", at(7, day=WEDNESDAY)),
    ]
    assert JobRun.objects.filter(kind=reminders.SEND).count() == 2


def test_the_database_holds_one_reminder_of_a_step_and_a_time(clinic):
    step(clinic.actor)
    row = planned(clinic).reminders.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(
            practice_id=row.practice_id, appointment=row.appointment, step=row.step, visit_at=row.visit_at,
            channel="text", due_at=row.due_at,
        )  # fmt: skip


def test_steps_of_a_kind_of_visit_stand_in_for_the_general_ones(clinic):
    step(clinic.actor, hours=24)
    step(clinic.actor, hours=5, type=clinic.types["pe"], channel="email")
    step(clinic.actor, hours=5, type=clinic.types["sd"], is_active=False)
    usual, own, none = (
        planned(clinic, hour=hour, kind=kind, patient=person(clinic.actor, phone=f"914555020{hour % 10}"))
        for hour, kind in ((8, "fu"), (9, "pe"), (10, "sd"))
    )
    assert [ends(visit) for visit in (usual, own, none)] == [
        [("text", "planned", "")],
        [("email", "planned", "")],
        [],
    ]


def test_what_is_due_already_is_not_caught_up(clinic):
    step(clinic.actor, hours=24)
    assert ends(planned(clinic, hour=11, day=MONDAY)) == []


def test_far_visits_are_left_to_the_night_before_their_step(clinic):
    step(clinic.actor, hours=24)
    visit = planned(clinic, day=MONDAY + 7 * DAY)
    assert ends(visit) == []
    with clock.at(at(2, day=MONDAY + 5 * DAY)):
        assert reminders.plan_ahead(actor=clinic.actor) == 1
        assert reminders.plan_ahead(actor=clinic.actor) == 0
    assert ends(visit) == [("text", "planned", "")]


def test_the_text_names_practice_and_time_and_nothing_else(clinic):
    step(clinic.actor)
    Location.objects.filter(pk=clinic.site.pk).update(phone="9145550100")
    planned(clinic, reason="Rash", kind="pe")
    with clock.at(at(10, 1, day=WEDNESDAY - DAY)):
        assert work(clinic.actor)["handed_over"] == 1
        assert work(clinic.actor)["handed_over"] == 0
    ((to, words),) = told()
    assert to == PHONE
    assert words.startswith(
        "Harbor Family Medicine: you have an appointment on Wednesday, March 4 at 10:00 AM."
    )
    assert "/v/" in words
    for secret in ("Nell", "Reminded", "Rash", "Physical", "Lee", "Main Street"):
        assert secret not in words


def test_the_mail_names_no_more_and_speaks_the_patients_language(clinic):
    step(clinic.actor, channel="email")
    planned(clinic, patient=person(clinic.actor, email="nell@example.com", language="es"), kind="pe")
    with clock.at(at(10, 1, day=WEDNESDAY - DAY)):
        work(clinic.actor)
    (sent,) = mail.outbox
    assert sent.to == ["nell@example.com"]
    assert sent.subject == "Su cita en Harbor Family Medicine"
    assert "miércoles 4 de marzo a las 10:00 a. m." in sent.body
    for secret in ("Nell", "Physical", "Lee"):
        assert secret not in sent.body + sent.subject


def refused(clinic, *, patient=None, hours=24, during=None, channel="text"):
    """The end of a reminder of which something stands in the way; ``during`` happens after it was planned."""
    step(clinic.actor, hours=hours, channel=channel)
    visit = planned(clinic, patient=patient)
    if during is not None:
        during(visit)
    with clock.at(at(10, day=WEDNESDAY) - timedelta(hours=hours) + timedelta(minutes=1)):
        work(clinic.actor)
    assert told() == []
    assert mail.outbox == []
    return ends(visit)


def test_nobody_is_texted_who_has_not_agreed(clinic):
    assert refused(clinic, patient=person(clinic.actor, text=None)) == [("text", "suppressed", "no_consent")]


def test_nobody_is_texted_who_took_it_back(clinic):
    assert refused(clinic, patient=person(clinic.actor, text=False)) == [("text", "suppressed", "opted_out")]


def test_without_a_number_nothing_goes_out(clinic):
    nobody = person(clinic.actor, phone="", no_phone_reason="none", text=None)
    assert refused(clinic, patient=nobody) == [("text", "suppressed", "no_address")]


def test_without_an_address_no_mail_goes_out(clinic):
    assert refused(clinic, channel="email") == [("email", "suppressed", "no_address")]


def test_a_word_against_e_mail_counts(clinic):
    against = person(clinic.actor, email="nell@example.com")
    contact.publish_wording(channel="email", text="We may write.", actor=clinic.actor)
    contact.record_consent(patient=against, channel="email", given=False, how="phone", actor=clinic.actor)
    assert refused(clinic, patient=against, channel="email") == [("email", "suppressed", "opted_out")]


def test_a_step_that_was_switched_off_sends_nothing(clinic):
    def off(visit):
        reminders.change_step(visit.reminders.get().step, is_active=False, actor=clinic.actor)

    assert refused(clinic, during=off) == [("text", "suppressed", "switched_off")]


def test_who_has_confirmed_is_spared_where_the_plan_says_so(clinic):
    step(clinic.actor, unconfirmed_only=True)
    visit = planned(clinic)
    appointments.confirm(visit, actor=clinic.actor)
    with clock.at(at(10, 1, day=WEDNESDAY - DAY)):
        work(clinic.actor)
    assert ends(visit) == [("text", "suppressed", "confirmed")]
    assert told() == []


def test_a_cancelled_visit_is_not_reminded_and_its_links_are_shut(clinic):
    def cancel(visit):
        appointments.cancel(visit, by="practice", reason="Away", actor=clinic.actor)

    assert refused(clinic, during=cancel) == [("text", "suppressed", "cancelled")]
    assert not VisitLink.objects.filter(revoked_at=None).exists()


def test_a_moved_visit_is_reminded_of_its_new_time_only(clinic):
    step(clinic.actor)
    visit = planned(clinic)
    moved = appointments.move(visit, starts_at=at(14, day=WEDNESDAY), actor=clinic.actor)
    handlers.plan_reminders(appointment_id=visit.pk, actor=clinic.actor)
    with clock.at(at(10, 1, day=WEDNESDAY - DAY)):
        work(clinic.actor)
    assert told() == []
    with clock.at(at(14, 1, day=WEDNESDAY - DAY)):
        work(clinic.actor)
    ((_, words),) = told()
    assert "2:00 PM" in words
    assert ends(moved) == [("text", "suppressed", "moved"), ("text", "sent", "")]


def test_by_night_a_text_waits_for_the_patients_own_morning(clinic):
    step(clinic.actor, hours=12)
    visit = planned(clinic, day=TUESDAY, patient=person(clinic.actor, timezone="America/Los_Angeles"))
    with clock.at(at(22, 1, day=MONDAY)):  # 7:01 PM in Los Angeles
        work(clinic.actor)
    assert len(told()) == 1
    late = planned(clinic, hour=11, day=TUESDAY, patient=person(clinic.actor, phone="9145550149"))
    with clock.at(at(23, 1, day=MONDAY)):
        work(clinic.actor)
        assert told() == []
    row = late.reminders.get()
    assert (row.state, row.due_at) == ("planned", at(8, day=TUESDAY))
    with clock.at(at(8, 0, day=TUESDAY)):
        work(clinic.actor)
    assert len(told()) == 1
    assert ends(visit) == [("text", "sent", "")]


def test_quiet_hours_until_the_visit_keep_it_from_going_out(clinic):
    step(clinic.actor, hours=1)
    far = person(clinic.actor, timezone="Pacific/Honolulu")
    visit = planned(clinic, hour=10, day=TUESDAY, patient=far)  # 5 AM in Honolulu
    with clock.at(at(9, 1, day=TUESDAY)):
        work(clinic.actor)
    assert ends(visit) == [("text", "suppressed", "over")]
    assert told() == []


def test_a_confidential_number_is_the_one_that_is_texted_and_asked_for_consent(clinic):
    step(clinic.actor)
    patient = person(clinic.actor)
    contact.keep_confidential(patient=patient, phone="9145550190", actor=clinic.actor)
    visit = planned(clinic, patient=patient)
    contact.record_consent(patient=patient, channel="text", given=True, how="phone", actor=clinic.actor)
    with clock.at(at(10, 1, day=WEDNESDAY - DAY)):
        work(clinic.actor)
    assert [to for to, _ in told()] == ["9145550190"]
    assert ends(visit) == [("text", "sent", "")]


def test_consent_to_another_number_does_not_count_for_the_confidential_one(clinic):
    patient = person(clinic.actor)
    contact.keep_confidential(patient=patient, phone="9145550190", actor=clinic.actor)
    assert refused(clinic, patient=patient) == [("text", "suppressed", "no_consent")]


class Gateway:
    is_real = True

    def __init__(self, *receipts):
        self.receipts, self.sent = list(receipts), []

    def send(self, *, to, words, reference):
        self.sent.append(reference)
        found = self.receipts.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def through(monkeypatch, *receipts):
    made = Gateway(*receipts)
    monkeypatch.setattr("practice.handing_over.gateway", lambda: made)
    return made


def test_a_gateway_that_is_away_is_tried_again_and_then_passed_over(clinic, monkeypatch):
    step(clinic.actor)
    visit = planned(clinic)
    away = through(monkeypatch, *[Receipt(outcome="later", why="The gateway answered 503.")] * 3)
    for minutes in (1, 12, 23, 34):
        with clock.at(at(10, minutes, day=WEDNESDAY - DAY)):
            work(clinic.actor)
    assert len(away.sent) == len(set(away.sent)) == 3
    row = visit.reminders.get()
    assert (row.state, row.reason, row.tries) == ("failed", "unreachable", 3)
    item = WorkItem.objects.get(kind="scheduling.reminder_failed")
    assert (item.state, item.due_on) == ("open", WEDNESDAY)
    assert "Nell" not in item.title + item.reason


def test_a_refusal_is_final_until_somebody_tries_again(clinic, monkeypatch):
    step(clinic.actor)
    visit = planned(clinic)
    gate = through(
        monkeypatch, Receipt(outcome="refused", why="No such number."), Receipt(outcome="accepted")
    )
    with clock.at(at(10, 1, day=WEDNESDAY - DAY)):
        work(clinic.actor)
        work(clinic.actor)
        assert ends(visit) == [("text", "failed", "refused")]
        assert visit.reminders.get().said == "It was not taken: No such number."
        reminders.repeat(visit.reminders.get(), actor=clinic.actor)
        work(clinic.actor)
    assert ends(visit) == [("text", "sent", "")]
    assert len(gate.sent) == 2
    assert WorkItem.objects.get(kind="scheduling.reminder_failed").state == "done"


def test_a_worker_that_dies_while_sending_sends_nothing_twice(clinic, monkeypatch):
    step(clinic.actor)
    visit = planned(clinic)
    gate = through(monkeypatch, RuntimeError("killed"))
    with clock.at(at(10, 1, day=WEDNESDAY - DAY)):
        with pytest.raises(RuntimeError):
            work(clinic.actor)
        assert work(clinic.actor)["handed_over"] == 0
        assert ends(visit) == [("text", "sending", "")]
    with clock.at(at(10, 20, day=WEDNESDAY - DAY)):
        assert work(clinic.actor) == {"handed_over": 0, "ended_or_put_off": 0, "unsure": 1}
    assert len(gate.sent) == 1
    assert ends(visit) == [("text", "failed", "unsure")]
    assert WorkItem.objects.filter(kind="scheduling.reminder_failed", state="open").count() == 1


def test_production_without_a_gateway_texts_nobody_and_says_so(clinic, settings):
    settings.MODE = "production"
    assert refused(clinic) == [("text", "suppressed", "no_gateway")]


def test_somebody_stops_one_with_a_reason(clinic):
    step(clinic.actor)
    row = planned(clinic).reminders.get()
    reminders.stop(row, reason="Called already", actor=clinic.actor)
    with clock.at(at(10, 1, day=WEDNESDAY - DAY)):
        work(clinic.actor)
    assert told() == []
    row.refresh_from_db()
    assert (row.state, row.said) == ("suppressed", "Stopped by hand: Called already")
    with pytest.raises(Conflict):
        reminders.stop(row, reason="Again", actor=clinic.actor)


def test_only_what_did_not_go_out_is_tried_again(clinic):
    step(clinic.actor)
    row = planned(clinic).reminders.get()
    with pytest.raises(Conflict):
        reminders.repeat(row, actor=clinic.actor)
    row.refresh_from_db()
    assert row.state == "planned"


def test_who_may_not_book_stops_nothing_and_changes_no_plan(clinic):
    step(clinic.actor)
    row = planned(clinic).reminders.get()
    with in_practice(actor_named("biller")) as biller:
        with pytest.raises(Forbidden):
            reminders.stop(row, reason="No", actor=biller)
        with pytest.raises(Forbidden):
            reminders.add_step(channel="text", hours_before=2, actor=biller)
    with in_practice(clinic.actor):
        row.refresh_from_db()
        assert row.state == "planned"
        assert ReminderStep.objects.count() == 1


def test_the_gateway_says_what_became_of_a_text(clinic):
    step(clinic.actor)
    first = planned(clinic)
    second = planned(clinic, hour=11, patient=person(clinic.actor, phone="9145550149"))
    with clock.at(at(11, 1, day=WEDNESDAY - DAY)):
        work(clinic.actor)
        names = [visit.reminders.get().reference for visit in (first, second)]
        note = reminders.note_delivery
        assert note(reference=names[0], delivered=True, actor=clinic.actor) == 1
        assert note(reference=names[1], delivered=False, why="Landline", actor=clinic.actor) == 1
        assert note(reference="unknown", delivered=True, actor=clinic.actor) == 0
    assert ends(first) == [("text", "delivered", "")]
    assert ends(second) == [("text", "failed", "undelivered")]
