"""What patients answer: a yes confirms, a no waits for the desk, STOP ends texts; the link shows a time and no name."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.models import ContactConsent
from patients.selectors.reach import reach_of
from practice import texting
from practice.actor import Actor
from practice.models import PhoneMessage, Role, TokenLookup, WorkItem
from practice.services import tokens
from scheduling.models import Appointment, VisitLink, VisitReply
from scheduling.permissions import SchedulingPermission
from scheduling.rules.reminders import answer_of
from scheduling.services import appointments, reminders, replies, visit_links
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, at, make_clinic
from tests.scheduling.reach_world import PHONE, person, step, told, work

pytestmark = pytest.mark.django_db
WEDNESDAY, TUESDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=1)
YES, NO = {"yes", "y", "si"}, {"no", "n"}


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("YES", True), ("yes!", True), (" Sí ", True), ("Y", True), ("Yes, see you then", True),
        ("no", False), ("No. I am ill", False), ("N", False),
        ("no idea who you are", None), ("yesterday", None), ("", None), ("?", None), ("What time?", None),
    ],
)  # fmt: skip
def test_only_a_plain_yes_or_no_is_taken_for_one(text, means):
    assert answer_of(text, yes=YES, no=NO) is means


@pytest.fixture
def asked(acting, seven):
    """A clinic whose patient was texted on Tuesday about a visit of Wednesday at 10; the clock stands after that."""
    texting.SENT.clear()
    with acting("manager") as actor:
        clinic = make_clinic(actor)
        step(actor)
        clinic.visit = clinic.book(person(actor), starts_at=at(10, day=WEDNESDAY), kind="pe")
        reminders.plan(clinic.visit, actor=actor)
    with clock.at(at(10, 5, day=TUESDAY)):
        with in_practice(clinic.actor):
            work(clinic.actor)
        clinic.link = re.search(r"/v/[^ ]+", told()[0][1])[0]
        yield clinic


def reply(clinic, words, *, phone=PHONE, reference="m-1"):
    with in_practice(clinic.actor) as actor:
        return replies.take_text(phone=phone, words=words, reference=reference, actor=actor)


def status(clinic):
    with in_practice(clinic.actor):
        return Appointment.objects.get(pk=clinic.visit.pk).status


def items(clinic):
    with in_practice(clinic.actor):
        return list(WorkItem.objects.filter(kind="scheduling.reply").values_list("state", flat=True))


def test_yes_confirms_the_visit(asked):
    said = reply(asked, "Yes")
    assert (said.meaning, said.state, said.appointment_id) == ("confirm", "done", asked.visit.pk)
    assert status(asked) == "confirmed"
    assert items(asked) == []


def test_the_same_message_twice_is_one_reply(asked):
    assert reply(asked, "No").pk == reply(asked, "No").pk
    assert items(asked) == ["open"]


def test_no_is_work_for_the_desk_and_cancels_nothing(asked):
    said = reply(asked, "No, I am ill")
    assert (said.meaning, said.state) == ("cancel", "open")
    assert status(asked) == "booked"
    with in_practice(asked.actor):
        item = WorkItem.objects.get(kind="scheduling.reply")
        assert item.title == "Cannot come: visit of 03/04/2026, 10:00 AM"
        assert (item.due_on, item.role.code) == (TUESDAY, "front_desk")


def test_cancelling_the_visit_settles_the_reply(asked):
    said = reply(asked, "No")
    with in_practice(asked.actor) as actor:
        appointments.cancel(asked.visit, by="patient_timely", reason="Texted no", actor=actor)
        said.refresh_from_db()
    assert (said.state, said.outcome) == ("settled", "The visit was cancelled")
    assert items(asked) == ["done"]


def test_the_desk_settles_it_with_what_came_of_it(asked):
    said = reply(asked, "No")
    with in_practice(asked.actor) as actor:
        with pytest.raises(DomainError):
            replies.settle(said, reason=" ", actor=actor)
        assert VisitReply.objects.get(pk=said.pk).is_open
        replies.settle(said, reason="Comes after all", actor=actor)
        with pytest.raises(Conflict):
            replies.settle(said, reason="Again", actor=actor)
        assert VisitReply.objects.get(pk=said.pk).outcome == "Comes after all"
    assert items(asked) == ["done"]


def test_a_yes_that_may_mean_two_visits_confirms_neither(asked):
    with in_practice(asked.actor) as actor:
        other = asked.book(person(actor), starts_at=at(14, day=WEDNESDAY))
        reminders.plan(other, actor=actor)
        with clock.at(at(14, 5, day=TUESDAY)):
            work(actor)
            said = replies.take_text(phone=PHONE, words="Yes", reference="m-2", actor=actor)
    assert (said.meaning, said.state, said.appointment_id) == ("confirm", "open", None)
    assert said.outcome == "Which visit? 03/04/2026 10:00 AM; 03/04/2026 2:00 PM"
    assert status(asked) == "booked"


def test_stop_takes_the_consent_back_and_nothing_is_texted_any_more(asked):
    said = reply(asked, "Stop!")
    assert (said.meaning, said.state) == ("stop", "done")
    with in_practice(asked.actor):
        assert "text" not in reach_of(asked.visit.patient).ways
        assert ContactConsent.objects.order_by("said_at", "id").last().how == "reply"
    assert status(asked) == "booked"
    assert items(asked) == []


def test_stop_from_a_confidential_number_counts(asked):
    from patients.services import contact

    with in_practice(asked.actor) as actor:
        patient = asked.visit.patient
        contact.keep_confidential(patient=patient, phone="9145550190", actor=actor)
        contact.record_consent(patient=patient, channel="text", given=True, how="phone", actor=actor)
        assert "text" in reach_of(patient).ways
        replies.take_text(phone="9145550190", words="STOP", reference="m-3", actor=actor)
        assert "text" not in reach_of(patient).ways


def test_the_word_cancel_ends_texts_and_asks_the_desk_about_the_visit(asked):
    said = reply(asked, "CANCEL")
    assert (said.meaning, said.state) == ("stop", "open")
    assert status(asked) == "booked"
    assert items(asked) == ["open"]
    with in_practice(asked.actor):
        assert "text" not in reach_of(asked.visit.patient).ways


def test_other_words_go_on_the_message_pad(asked):
    said = reply(asked, "Do I have to fast before?")
    with in_practice(asked.actor):
        message = PhoneMessage.objects.get()
        assert (message.text, message.patient_id) == ("Do I have to fast before?", asked.visit.patient_id)
    assert (said.state, said.outcome) == ("done", f"{message} on the message pad")


def test_an_unknown_number_is_work_without_a_name(asked):
    said = reply(asked, "Who is this?", phone="+1 914 555 0111")
    assert (said.patient_id, said.appointment_id, said.state) == (None, None, "open")
    assert items(asked) == ["open"]


def test_what_is_no_number_is_refused_and_kept_nowhere(asked):
    with pytest.raises(DomainError) as error:
        reply(asked, "Yes", phone="12")
    assert error.value.field == "phone"
    with in_practice(asked.actor):
        assert not VisitReply.objects.exists()


def test_who_may_not_hand_in_texts_hands_in_none(asked):
    with in_practice(actor_named("front_desk")) as desk:
        with pytest.raises(Forbidden):
            replies.take_text(phone=PHONE, words="Yes", reference="m-4", actor=desk)
        assert not VisitReply.objects.exists()
    assert status(asked) == "booked"


def test_the_gateways_token_opens_its_two_endpoints_and_no_patient(asked):
    with in_practice(actor_named("owner")) as actor:
        role = Role.objects.create(practice_id=actor.practice_id, name="Text gateway", code="text_gateway")
        role.permissions.create(practice_id=actor.practice_id, permission=SchedulingPermission.RECEIVE_TEXTS)
        _, raw = tokens.issue_token("Gateway", role=role, actor=actor)
    client, headers = Client(), {"HTTP_AUTHORIZATION": f"Bearer {raw}"}

    def post(path, **body):
        return client.post(
            f"/p/harbor/api/v1/{path}", json.dumps(body), content_type="application/json", **headers
        )

    answer = post("texts/replies/", phone=f"+1{PHONE}", text="YES", reference="gw-9")
    assert answer.status_code == 201, answer.content
    assert set(answer.json()) == {"id", "reference", "meaning", "received_at"}
    assert status(asked) == "confirmed"
    assert post("texts/replies/", phone="12", text="YES", reference="gw-10").status_code == 422
    assert post("texts/deliveries/", reference="none", delivered=True).json() == {"reminders": 0}
    assert client.get("/p/harbor/api/v1/appointments/", **headers).status_code == 403
    assert client.get("/p/harbor/api/v1/patients/", **headers).status_code == 403


def test_the_link_shows_practice_and_time_and_nobodys_name(asked):
    page = Client().get(asked.link)
    assert page.status_code == 200
    body = page.content.decode()
    assert "Harbor Family Medicine" in body
    assert "Wednesday, March 4 at 10:00 AM" in body
    for secret in ("Nell", "Reminded", "Physical", "Lee", "Main Street", "1980"):
        assert secret not in body
    assert page.headers["Cache-Control"] == "no-store"
    assert not page.cookies
    assert status(asked) == "booked"  # looking confirms nothing: scanners of mail look too


def test_the_link_confirms(asked):
    answer = Client().post(asked.link, {"answer": "confirm"})
    assert answer.status_code == 200
    assert "Your appointment is confirmed." in answer.content.decode()
    assert status(asked) == "confirmed"
    again = Client().get(asked.link).content.decode()
    assert "You have confirmed this appointment." in again
    assert Client().post(asked.link, {"answer": "confirm"}).status_code == 200


@pytest.mark.parametrize("meaning", ["reschedule", "cancel"])
def test_asking_for_a_change_by_the_link_is_work_once_and_changes_nothing(asked, meaning):
    for _ in range(2):
        assert Client().post(asked.link, {"answer": meaning}).status_code == 200
    assert status(asked) == "booked"
    assert items(asked) == ["open"]
    with in_practice(asked.actor):
        assert VisitReply.objects.get().meaning == meaning


def test_an_answer_that_is_none_is_refused(asked):
    assert Client().post(asked.link, {"answer": "maybe"}).status_code == 422
    assert status(asked) == "booked"
    with in_practice(asked.actor):
        assert not VisitReply.objects.exists()


def test_shut_ended_begun_and_unknown_addresses_answer_alike(asked):
    unknown = Client().get("/v/never-was-one/")
    with in_practice(asked.actor) as actor:
        assert visit_links.close(asked.visit, actor=actor) == 1
        with pytest.raises(Conflict):
            visit_links.close(asked.visit, actor=actor)
        second = visit_links.make(asked.visit, actor=actor)
        second = second[second.index("/v/") :]
    shut = Client().get(asked.link)
    assert Client().get(second).status_code == 200
    with clock.at(at(10, day=WEDNESDAY)):
        begun = Client().get(second)
        assert Client().post(second, {"answer": "confirm"}).status_code == 404
    assert {each.status_code for each in (unknown, shut, begun)} == {404}
    assert len({each.content for each in (unknown, shut, begun)}) == 1
    assert status(asked) == "booked"


def test_guessing_addresses_is_slow(asked, settings):
    settings.RATES = {**settings.RATES, "form_unknown": "2/hour"}
    answers = [Client().get(f"/v/guess-{number}/") for number in range(3)]
    assert [each.status_code for each in answers] == [404, 404, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert Client().get(asked.link).status_code == 200


def test_moving_the_visit_shuts_its_links(asked):
    with in_practice(asked.actor) as actor:
        appointments.move(asked.visit, starts_at=at(14, day=WEDNESDAY), actor=actor)
    assert Client().get(asked.link).status_code == 404


def test_only_a_hash_of_the_address_is_kept(asked):
    secret = asked.link.split("/")[2]
    with in_practice(asked.actor):
        kept = VisitLink.objects.get()
        assert secret not in str(kept.__dict__)
    assert TokenLookup.objects.get(row_id=kept.pk).kind == "visit"


def test_a_link_may_nothing_but_answer(asked):
    with in_practice(asked.actor):
        link = VisitLink.objects.get()
    holder = Actor(
        kind="public_link",
        id=link.pk,
        practice_id=asked.actor.practice_id,
        permissions=frozenset({str(SchedulingPermission.ANSWER_REMINDER)}),
    )
    with in_practice(holder), pytest.raises(Forbidden):
        appointments.cancel(asked.visit, by="practice", reason="x", actor=holder)
    assert status(asked) == "booked"


def test_the_visits_page_tells_what_was_sent_and_answered(asked, front_desk):
    reply(asked, "No")
    address = f"scheduling/visits/{asked.visit.pk}/"
    body = front_desk.at(address).content.decode()
    assert "Reminders" in body
    assert "Answer: Cannot come" in body
    assert "Close confirmation links" in body
    shut = front_desk.send(f"{address}close-links/", {"idempotency_key": str(uuid4())})
    assert shut.status_code == 302
    assert Client().get(asked.link).status_code == 404
