import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.letters import addressee, patient_values
from patients.models import ConfidentialContact, ContactConsent
from patients.rules.contact import next_moment, reply_means
from patients.selectors import reach
from patients.services import contact, patients
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
HOME = {"address_line": "7 Mill Road", "city": "Harborview", "state": "NY", "postal_code": "10562"}
AWAY = {"address_line": "PO Box 12", "city": "Riverton", "state": "NY", "postal_code": "10566"}


@pytest.fixture
def scene(acting):
    with clock.at(NOON), acting("manager") as actor:
        jane = patients.register(
            actor=actor,
            first_name="Jane",
            last_name="Smith",
            birth_date=date(1980, 3, 4),
            phone="9145550101",
            email="Jane@example.com",
            **HOME,
        )
        contact.publish_wording(channel="text", text="We may text you.", actor=actor)
        contact.publish_wording(channel="email", text="We may e-mail you.", actor=actor)
        yield actor, jane


def consent(actor, patient, channel, *, given=True, **more):
    return contact.record_consent(
        patient=patient, channel=channel, given=given, how="signed", actor=actor, **more
    )


def test_a_text_needs_a_consent_and_an_email_only_no_word_against_it(scene):
    actor, jane = scene
    assert reach.reach_of(jane).ways == {"post", "phone", "email"}
    consent(actor, jane, "text")
    assert reach.reach_of(jane).ways == {"post", "phone", "email", "text"}
    consent(actor, jane, "email", given=False)
    found = reach.reach_of(jane)
    assert (found.ways, found.email) == ({"post", "phone", "text"}, "")


def test_a_consent_holds_for_the_number_it_was_given_for(scene):
    actor, jane = scene
    consent(actor, jane, "text")
    moved = patients.update(jane, actor=actor, phone="9145550102")
    assert "text" not in reach.reach_of(moved).ways
    back = patients.update(jane, actor=actor, phone="9145550101")
    assert "text" in reach.reach_of(back).ways


def test_every_word_is_a_fact_with_its_proof(scene):
    actor, jane = scene
    consent(actor, jane, "text", said_by="Her husband", words="Yes, text me")
    consent(actor, jane, "text", given=False)
    first, second = ContactConsent.objects.order_by("id")
    assert (first.given, first.said_by, first.wording.version, first.address) == (
        True,
        "Her husband",
        1,
        "9145550101",
    )
    assert (second.given, second.said_by) == (False, "Jane Smith")
    assert first.created_by
    contact.publish_wording(channel="text", text="We may text you at most weekly.", actor=actor)
    assert consent(actor, jane, "text").wording.version == 2
    first.refresh_from_db()
    assert first.wording.text == "We may text you."


def test_a_consent_without_number_wording_or_past_is_refused(scene):
    actor, jane = scene
    bare = patients.register(actor=actor, first_name="Al", last_name="Bo", birth_date=date(1990, 1, 1))
    for patient, more, words in (
        (bare, {}, "telephone number on the patient"),
        (jane, {"said_at": datetime(2026, 3, 5, tzinfo=UTC)}, "not in the future"),
    ):
        with pytest.raises(DomainError, match=words):
            consent(actor, patient, "text", **more)
    assert not ContactConsent.objects.exists()
    with pytest.raises(Conflict):
        contact.publish_wording(channel="text", text=" We may text you. ", actor=actor)


@pytest.mark.parametrize(
    "words", ["STOP", "stop.", " Opt out ", "Unsubscribe", "QUIT", "revoke", "end", "cancel"]
)
def test_a_reply_that_opts_out_takes_it_back_for_everybody_with_the_number(scene, words):
    actor, jane = scene
    child = patients.register(
        actor=actor, first_name="Jo", last_name="Smith", birth_date=date(2015, 3, 4), phone="9145550101"
    )
    for each in (jane, child):
        consent(actor, each, "text")
    assert contact.take_reply(phone="+1 (914) 555-0101", words=words, actor=actor) == 2
    assert all("text" not in reach.reach_of(each).ways for each in (jane, child))
    assert contact.take_reply(phone="9145550101", words=words, actor=actor) == 0
    assert contact.take_reply(phone="9145550101", words="START", actor=actor) == 2
    assert "text" in reach.reach_of(jane).ways


def test_other_words_and_start_without_a_consent_change_nothing(scene):
    actor, _ = scene
    for words in ("please stop the bleeding", "yes I will come", "START"):
        assert contact.take_reply(phone="9145550101", words=words, actor=actor) == 0
    assert not ContactConsent.objects.exists()


def test_only_the_whole_reply_is_a_word():
    assert reply_means("HALT", stop={"stop"}, start={"start"}) is None
    assert reply_means("stop", stop={"stop"}, start={"start"}) is False


def test_a_confidential_address_stands_in_for_the_record_in_letters(scene):
    actor, jane = scene
    assert addressee(jane).lines[0] == "7 Mill Road"
    contact.keep_confidential(patient=jane, actor=actor, note="Leave no message", **AWAY)
    found = addressee(jane)
    assert found.lines == ("PO Box 12", "Riverton, NY 10566")
    assert (found.email, found.ways) == ("", frozenset({"post"}))
    assert "Confidential contact" in found.note
    assert "Leave no message" in found.note
    assert patient_values(jane)["patient.address"] == ("PO Box 12", "Riverton, NY 10566")
    assert reach.reach_of(jane).phone == ""


def test_it_ends_and_the_next_one_ends_the_one_before(scene):
    actor, jane = scene
    first = contact.keep_confidential(patient=jane, actor=actor, starts_on=date(2026, 2, 1), **AWAY)
    second = contact.keep_confidential(
        patient=jane, actor=actor, starts_on=date(2026, 3, 1), phone="9145550190"
    )
    first.refresh_from_db()
    assert first.ends_on == date(2026, 2, 28)
    assert reach.reach_of(jane, day=date(2026, 2, 10)).lines[0] == "PO Box 12"
    assert reach.reach_of(jane, day=date(2026, 3, 10)).phone == "9145550190"
    contact.end_confidential(second, ends_on=date(2026, 3, 3), actor=actor)
    assert reach.reach_of(jane).lines[0] == "7 Mill Road"


@pytest.mark.parametrize(
    ("given", "field"),
    [({}, "address_line"), ({"address_line": "PO Box 12"}, "city"), ({"phone": "12"}, "phone")],
)
def test_a_confidential_contact_says_where(scene, given, field):
    actor, jane = scene
    with pytest.raises(DomainError) as refused:
        contact.keep_confidential(patient=jane, actor=actor, **given)
    assert refused.value.field == field
    assert not ConfidentialContact.objects.exists()


@pytest.mark.parametrize(
    ("zone", "moment", "goes"),
    [
        (
            "America/New_York",
            datetime(2026, 3, 4, 17, 0, tzinfo=UTC),
            datetime(2026, 3, 4, 17, 0, tzinfo=UTC),
        ),
        (
            "America/New_York",
            datetime(2026, 3, 5, 2, 30, tzinfo=UTC),
            datetime(2026, 3, 5, 13, 0, tzinfo=UTC),
        ),
        (
            "America/Los_Angeles",
            datetime(2026, 3, 4, 14, 0, tzinfo=UTC),
            datetime(2026, 3, 4, 16, 0, tzinfo=UTC),
        ),
        # The night the clocks change: eight in the morning is an hour earlier in UTC.
        ("America/New_York", datetime(2026, 3, 8, 3, 0, tzinfo=UTC), datetime(2026, 3, 8, 12, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_are_those_of_the_patients_own_clock(zone, moment, goes):
    assert next_moment(moment, begins=time(21), ends=time(8), zone=zone) == goes


def test_the_quiet_hours_are_a_dated_rule(scene):
    actor, jane = scene
    jane = patients.update(jane, actor=actor, timezone="America/Los_Angeles")
    assert reach.zone_of(jane) == "America/Los_Angeles"
    early = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
    assert reach.may_send_at(jane, moment=early) == datetime(2026, 3, 4, 16, 0, tzinfo=UTC)
    assert reach.may_send_at(jane, moment=NOON) == NOON


def test_who_only_reads_keeps_no_consent_and_publishes_no_words(scene):
    _, jane = scene
    with in_practice(actor_named("physician")) as percy:
        with pytest.raises(Forbidden):
            consent(percy, jane, "text")
        with pytest.raises(Forbidden):
            contact.publish_wording(channel="text", text="Other", actor=percy)
        assert not ContactConsent.objects.exists()


ROOMS = ("patients", "scheduling", "billing", "compliance", "reports", "templates")
# The address on a claim is the record's own: the payer compares it with the card. The patient's page shows it.
ALLOWED = {
    "billing/selectors/claim_wire.py",
    "billing/selectors/claim_facts.py",
    # The check of the desk counts whether the record itself has an address; its page shows the one to use.
    "scheduling/selectors/check_in.py",
}


def test_no_room_takes_a_patients_address_past_the_one_selector():
    root = Path(__file__).parents[2]
    past = re.compile(r"patient\.(address_line|city|postal_code)|address_lines\([\w.]*patient")
    found = {
        str(path.relative_to(root))
        for room in ROOMS
        for path in (root / room).rglob("*.*")
        if path.suffix in (".py", ".html") and past.search(path.read_text())
    }
    assert found == ALLOWED
