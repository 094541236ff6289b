"""A time offered by a message: it leaves as reminders do; its link or a reply books the time or lets it go, once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.services import contact
from practice import texting
from practice.models import Location, WorkItem
from practice.services import rule_values
from scheduling.models import Appointment, Reminder, VisitLink, VisitReply, WaitlistOffer
from scheduling.services import appointments, reminders, replies, visit_links, waitlist
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, at, make_clinic
from tests.scheduling.reach_world import PHONE, person, told, work

pytestmark = pytest.mark.django_db
NINE = at(9)  # a Monday; texts may go out


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    texting.SENT.clear()


@pytest.fixture
def world(acting, seven):
    """A clinic at nine in the morning, and somebody who waits."""
    with acting("manager") as actor:
        clinic = make_clinic(actor)
        Location.objects.filter(pk=clinic.site.pk).update(
            phone="9145550100", address_line="1 Main Street", city="Rye", state="NY", postal_code="10580"
        )
    with clock.at(NINE):
        yield clinic


def waits(clinic, *, kind="fu", **more):
    return waitlist.add(
        patient=person(clinic.actor, **more), type=clinic.types[kind], actor=clinic.actor, notice_hours=0
    )


def offer(clinic, entry, *, told="text", hour=15, day=MONDAY):
    return waitlist.offer(
        entry, provider=clinic.providers[0], location=clinic.site, starts_at=at(hour, day=day), told=told,
        actor=clinic.actor,
    )  # fmt: skip


def texted(clinic, **more):
    """An offer that was sent by text; its entry and the link in it ride on the clinic."""
    with in_practice(clinic.actor):
        clinic.entry = waits(clinic, **more)
        clinic.offer = offer(clinic, clinic.entry)
        assert work(clinic.actor)["handed_over"] == 1
    ((_, clinic.words),) = told()
    clinic.link = re.search(r"/v/[^ ]+", clinic.words)[0]
    return clinic


def state(clinic):
    """What became of the offer, its held visit and its entry."""
    with in_practice(clinic.actor):
        for each in (clinic.offer, clinic.entry):
            each.refresh_from_db()
        visit = Appointment.objects.get(pk=clinic.offer.appointment_id)
        return clinic.offer.state, visit.status, clinic.entry.state


def calls(clinic):
    with in_practice(clinic.actor):
        return list(WorkItem.objects.filter(kind="scheduling.waitlist_call").values_list("state", "reason"))


def test_the_text_says_practice_time_and_end_and_nothing_else(world):
    clinic = texted(world, kind="pe")
    assert clinic.words.startswith(
        "Harbor Family Medicine: a time has opened on Monday, March 2 at 3:00 PM. "
        "It is kept for you until Monday, March 2 at 11:00 AM."
    )
    for secret in ("Nell", "Reminded", "Physical", "Lee", "Main Street"):
        assert secret not in clinic.words
    assert (clinic.offer.told, clinic.offer.how_told) == ("text", "By text message, on its way")
    state(clinic)
    assert (clinic.offer.told_at, clinic.offer.how_told) == (NINE, "By text message")
    assert calls(clinic) == []


def test_the_mail_speaks_the_patients_language(world):
    with in_practice(world.actor):
        offer(world, waits(world, text=None, email="nell@example.com", language="es"), told="email")
        work(world.actor)
    (sent,) = mail.outbox
    assert sent.subject == "Se abrió una hora en Harbor Family Medicine"
    assert "lunes 2 de marzo a las 3:00 p. m." in sent.body
    assert "Nell" not in sent.body


def test_without_consent_or_in_quiet_hours_nothing_is_sent_and_nothing_held(world):
    with in_practice(world.actor):
        entry = waits(world, text=None)
        with pytest.raises(DomainError, match="No consent to texts") as refused:
            offer(world, entry)
        assert refused.value.field == "told"
        agreed = waits(world)
        with clock.at(at(23)), pytest.raises(DomainError, match="Quiet hours"):
            offer(world, agreed, day=MONDAY + timedelta(days=2))
        assert not WaitlistOffer.objects.exists()
        assert not Appointment.objects.exists()
        assert not Reminder.objects.exists()


def test_what_did_not_go_out_is_to_be_told_by_somebody(world):
    with in_practice(world.actor):
        made = offer(world, waits(world), told="not_yet")
        waitlist.send(made, told="text", actor=world.actor)
        with pytest.raises(Conflict):
            waitlist.send(made, told="text", actor=world.actor)
        contact.record_consent(
            patient=made.entry.patient, channel="text", given=False, how="phone", actor=world.actor
        )
        assert work(world.actor) == {"handed_over": 0, "ended_or_put_off": 1, "unsure": 0}
        made.refresh_from_db()
        assert (made.told, made.state) == ("not_yet", "offered")
    assert calls(world) == [("open", "The patient opted out")]
    assert told() == []


def test_the_page_shows_time_and_site_and_nobodys_name_and_looking_changes_nothing(world):
    clinic = texted(world, kind="pe")
    page = Client().get(clinic.link)
    body = page.content.decode()
    for shown in (
        "Monday, March 2 at 3:00 PM",
        "1 Main Street",
        "(914) 555-0100",
        "11:00 AM",
        "No, thank you",
    ):
        assert shown in body
    for secret in ("Nell", "Reminded", "Physical", "Lee", "1980"):
        assert secret not in body
    assert not page.cookies
    assert Client().post(clinic.link, {"answer": "confirm"}).status_code == 422
    assert state(clinic) == ("offered", "held", "waiting")


def test_taking_books_the_held_visit_once(world):
    clinic = texted(world)
    for _ in range(2):
        answer = Client().post(clinic.link, {"answer": "take"})
        assert answer.status_code == 200
        assert "This time is booked for you." in answer.content.decode()
    assert Client().post(clinic.link, {"answer": "decline"}).status_code == 422
    assert state(clinic) == ("accepted", "booked", "booked")
    with in_practice(clinic.actor):
        reply = VisitReply.objects.get()
        assert (reply.way, reply.meaning, reply.state) == ("link", "take", "done")
    with clock.at(NINE + timedelta(minutes=61)):
        assert Client().get(clinic.link).status_code == 404


def test_declining_frees_the_time_and_is_work_for_the_desk(world):
    clinic = texted(world)
    answer = Client().post(clinic.link, {"answer": "decline"})
    assert "goes to somebody else" in answer.content.decode()
    assert state(clinic) == ("declined", "cancelled", "waiting")
    with in_practice(clinic.actor):
        item = WorkItem.objects.get(kind="scheduling.reply")
        assert (item.state, item.reason) == ("open", "Offer it to the next one.")
        assert offer(clinic, waits(clinic, phone="9145550149"), told="phone").is_live
    assert Client().post(clinic.link, {"answer": "take"}).status_code == 422
    assert state(clinic) == ("declined", "cancelled", "waiting")


def test_after_its_end_or_when_the_desk_took_it_back_the_page_says_so(world):
    clinic = texted(world)
    with clock.at(at(11, 1)):
        late = Client().post(clinic.link, {"answer": "take"})
    assert (late.status_code, "not kept for you any more" in late.content.decode()) == (422, True)
    assert state(clinic) == ("offered", "held", "waiting")
    with in_practice(clinic.actor):
        waitlist.take_back(clinic.offer, reason="Provider leaves", actor=clinic.actor)
    assert "not kept for you any more" in Client().get(clinic.link).content.decode()
    with clock.at(at(12, 30)), in_practice(clinic.actor):
        assert visit_links.forget_over(actor=clinic.actor) == 1
        assert VisitLink.objects.get().revoked_at is not None
    assert Client().get(clinic.link).status_code == 404


@pytest.mark.parametrize(
    ("words", "ends"),
    [("YES", ("accepted", "booked", "booked")), ("No", ("declined", "cancelled", "waiting"))],
)
def test_a_plain_reply_answers_the_only_thing_that_was_sent(world, words, ends):
    clinic = texted(world)
    with in_practice(clinic.actor) as actor:
        reply = replies.take_text(phone=PHONE, words=words, reference="m-1", actor=actor)
        assert reply.way == "text"
    assert state(clinic) == ends


def test_a_reply_that_may_mean_a_visit_too_or_comes_too_late_is_for_the_desk(world):
    clinic = texted(world)
    with in_practice(clinic.actor) as actor:
        other = clinic.book(person(actor), starts_at=at(10, day=MONDAY + timedelta(days=1)))
        Reminder.objects.create(
            practice_id=actor.practice_id, appointment=other, visit_at=other.starts_at, channel="text",
            step=reminders.add_step(actor=actor), due_at=NINE, state="sent", address=PHONE,
        )  # fmt: skip
        reply = replies.take_text(phone=PHONE, words="Yes", reference="m-1", actor=actor)
        assert (reply.state, reply.outcome.startswith("Which visit?")) == ("open", True)
        appointments.cancel(other, by="practice", reason="Ill", actor=actor)
        with clock.at(at(11, 1)):
            late = replies.take_text(phone=PHONE, words="Yes", reference="m-2", actor=actor)
        assert (late.state, "was over when this came" in late.outcome) == ("open", True)
    assert state(clinic) == ("offered", "held", "waiting")


def test_who_may_not_book_sends_no_offer(world):
    with in_practice(world.actor):
        made = offer(world, waits(world), told="not_yet")
    with in_practice(actor_named("biller")) as biller:
        with pytest.raises(Forbidden):
            waitlist.send(made, told="text", actor=biller)
        assert not Reminder.objects.exists()


def test_the_desk_is_offered_the_ways_that_reach_the_patient(world, front_desk):
    with in_practice(world.actor):
        waits(world)
        made = offer(world, waits(world, phone="9145550149"), told="not_yet")
    page = front_desk.at("scheduling/fill/").content.decode()
    assert "Send a text" in page
    assert "Send an e-mail" not in page
    sent = front_desk.send(
        f"scheduling/waitlist-offers/{made.pk}/do/send/",
        {"told": "text", "idempotency_key": "s1"},
        follow=True,
    )
    assert "By text message, on its way" in sent.content.decode()


def by_itself(world, *, sends="yes", **more):
    """A time that opens next week is offered to the one who waits; the offer."""
    for code, value in (("waitlist.offer_automatically", "yes"), ("waitlist.send_automatically", sends)):
        rule_values.set_value(
            code=code, value=value, effective_from=MONDAY, reason="Trial", actor=world.actor
        )
    waits(world, **more)
    gone = world.book(world.patient(), starts_at=at(14, day=MONDAY + timedelta(days=8)))
    appointments.cancel(gone, reason="Away", by="patient_timely", actor=world.actor)
    return waitlist.offer_next(gone, actor=world.actor)


def test_an_offer_made_by_itself_goes_out_by_itself_where_the_rule_says_so(world):
    with in_practice(world.actor):
        made = by_itself(world)
        assert work(world.actor)["handed_over"] == 1
        made.refresh_from_db()
        assert (made.told, made.told_at, made.note) == ("text", NINE, "")
        assert not WorkItem.objects.filter(kind="scheduling.waitlist_call", state="open").exists()
    ((to, words),) = told()
    assert (to, "/v/" in words, "Reply YES to take it" in words) == (PHONE, True, True)


def test_without_the_rule_a_person_tells(world):
    with in_practice(world.actor):
        made = by_itself(world, sends="no")
        assert (made.told, made.note) == ("not_yet", "")
        assert not Reminder.objects.filter(offer=made).exists()
        assert WorkItem.objects.get(kind="scheduling.waitlist_call").state == "open"


def test_what_cannot_go_out_by_itself_says_why_on_the_offer_and_is_work(world, front_desk):
    with in_practice(world.actor):
        made = by_itself(world, text=None)
        assert (made.told, made.note) == (
            "not_yet", "Not sent: No consent to texts; No number or address to use",
        )  # fmt: skip
        item = WorkItem.objects.get(kind="scheduling.waitlist_call")
        assert (item.state, item.reason) == ("open", "No consent to texts; No number or address to use")
        assert not Reminder.objects.filter(offer=made).exists()
    assert "Not sent: No consent to texts" in front_desk.at("scheduling/fill/").content.decode()
