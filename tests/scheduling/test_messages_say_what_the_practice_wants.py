"""Reminders and offers in the practice's own words: versioned, in force from a day, never without STOP or address."""

import pytest

from kit import clock
from kit.errors import DomainError
from practice import texting
from practice.rules import sms
from practice.services import letter_starters, letter_templates
from scheduling.services import reminders
from tests.scheduling.clinic import MONDAY, at
from tests.scheduling.reach_world import person, step, told, work

pytestmark = pytest.mark.django_db
OURS = "Harbor Family Medicine: you have an appointment on Wednesday, March 4 at 10:00 AM."
WEDNESDAY = MONDAY.replace(day=4)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("{" * 80, 1), ("{" * 81, 2),
        ("í" * 70, 1), ("í" * 71, 2), ("ñ" * 160, 1), ("😀" * 35, 1), ("😀" * 36, 2),
    ],
)  # fmt: skip
def test_segments_are_counted_as_gateways_bill_them(text, count):
    assert sms.segments(text) == count


def template(actor, *, body, kind="message.reminder_text", **more):
    given = {"name": "Ours", "kind": kind, "language": "en", "subject": "x", "body": body, **more}
    return letter_templates.add(actor=actor, **given)


def reminded(clinic, *, language="en"):
    """The words of a reminder sent on Tuesday."""
    texting.SENT.clear()
    visit = clinic.book(person(clinic.actor, language=language), starts_at=at(10, day=WEDNESDAY))
    reminders.plan(visit, actor=clinic.actor)
    with clock.at(at(10, 1, day=MONDAY.replace(day=3))):
        work(clinic.actor)
    ((_, words),) = told()
    return words


def test_published_words_go_out_from_their_day_with_stop_and_address(clinic):
    step(clinic.actor)
    body = "**Hi!** {{ practice.name }} expects you {{ message.when }}.\n\nSay so: {{ message.link }}"
    made = template(clinic.actor, body=body)
    assert made.without_phi
    letter_templates.publish(made, actor=clinic.actor, effective_from=WEDNESDAY)
    assert reminded(clinic).startswith(OURS)
    letter_templates.change(made, actor=clinic.actor, body=body.replace("Hi", "Hello"))
    letter_templates.publish(made, actor=clinic.actor)
    other = at(11, day=WEDNESDAY)
    visit = clinic.book(person(clinic.actor), starts_at=other)
    reminders.plan(visit, actor=clinic.actor)
    with clock.at(at(11, 1, day=MONDAY.replace(day=3))):
        work(clinic.actor)
    ((_, words),) = told()
    assert words.startswith(
        "Hello! Harbor Family Medicine expects you Wednesday, March 4 at 11:00 AM. Say so: http"
    )
    assert words.endswith("/ Reply STOP for no more texts.")


def test_a_language_without_words_and_a_value_that_lacks_have_ours(clinic):
    step(clinic.actor)
    body = "{{ practice.name }} {{ message.when }} {{ message.link }} {{ message.join }}"
    letter_templates.publish(template(clinic.actor, body=body), actor=clinic.actor)
    assert reminded(clinic).startswith(OURS)
    spanish = clinic.book(person(clinic.actor, language="es"), starts_at=at(14, day=WEDNESDAY))
    reminders.plan(spanish, actor=clinic.actor)
    with clock.at(at(14, 1, day=MONDAY.replace(day=3))):
        work(clinic.actor)
    ((_, words),) = told()
    assert words.startswith("Harbor Family Medicine: tiene una cita el miércoles 4 de marzo")
    assert words.endswith("Responda STOP para no recibir más mensajes.")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("{{ practice.name }}: {{ message.when }}", "message.link"),
        ("{{ practice.name }} {{ message.when }} {{ message.link }} {{ patient.name }}", "patient.name"),
        ("{{ practice.name }} {{ message.when }} {{ message.link }} {{ letter.words }}", "letter.words"),
    ],
)
def test_words_without_the_address_or_with_something_personal_are_refused(clinic, body, wrong):
    with pytest.raises(DomainError, match=wrong):
        template(clinic.actor, body=body)


def test_the_editor_counts_the_segments_of_a_text(owner):
    body = next(
        each["body"]
        for each in letter_starters.starters()
        if (each["kind"], each["language"]) == ("message.offer_text", "en")
    )
    given = {"kind": "message.offer_text", "language": "en", "subject": "x", "body": body}
    page = owner.send("settings/letter-templates/preview/", given).content.decode()
    assert "As a text message" in page
    assert "2 segments" in page
