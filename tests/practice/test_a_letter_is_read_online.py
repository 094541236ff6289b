"""A letter online: its address and a date of birth open it, nothing else; wrong dates shut it; it ends by itself."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core import mail
from django.test import Client

from kit import clock
from kit.errors import Conflict, DomainError
from practice.models import Letter, LetterLink, LetterStep, TokenLookup, WorkItem
from practice.services import letter_links, letters
from practice.services.letter_channels import MAIL
from tests.cast import actor_named, in_practice
from tests.practice.letter_samples import make_letter, make_patient, make_template
from tests.practice.test_letters_go_out import do, own_folder, run_jobs, said  # noqa: F401  the fixture runs by itself

pytestmark = pytest.mark.django_db
BORN = {"born": "03/04/1980"}
SECRET_WORDS = "Come for the second test"


def placed(*, words=SECRET_WORDS, **values):
    """A letter that was sent online, and its address as it was mailed."""
    patient = {"email": "nell@example.com", "birth_date": date(1980, 3, 4), **values}
    letter = do(lambda actor: make_letter(actor, about=make_patient(actor, **patient), words=words))
    do(lambda actor: letters.send_online(letter, actor=actor))
    mail.outbox = []
    run_jobs(MAIL)
    address = re.search(r"/l/[^/]+/", mail.outbox[0].body)[0]
    return letter, address


def state(letter):
    return do(lambda actor: Letter.objects.get(pk=letter.pk).state)


def test_the_mail_carries_an_address_and_nothing_of_what_the_letter_says():
    letter, address = placed()
    body = mail.outbox[0].body
    assert address in body
    assert SECRET_WORDS not in body
    assert "Nell" not in body
    assert "1980" not in body
    assert state(letter) == "sent"
    assert said(letter)[-1] == ("placed", "web")


def test_the_address_and_the_date_of_birth_open_the_letter():
    letter, address = placed()
    visitor = Client()
    asked = visitor.get(address)
    assert asked.status_code == 200
    assert SECRET_WORDS not in asked.content.decode()
    assert "Nell" not in asked.content.decode()
    read = visitor.post(address, BORN)
    assert read.status_code == 200
    assert SECRET_WORDS in unescape(read.content.decode())
    assert read.headers["Cache-Control"] == "no-store"
    assert not visitor.cookies
    assert said(letter)[-1] == ("opened", "web")
    assert do(lambda actor: LetterLink.objects.get(letter=letter).opened_at) is not None


def test_a_wrong_date_shows_nothing_and_is_counted():
    letter, address = placed()
    answer = Client().post(address, {"born": "03/05/1980"})
    assert answer.status_code == 403
    assert SECRET_WORDS not in answer.content.decode()
    assert do(lambda actor: LetterLink.objects.get(letter=letter).wrong) == 1
    assert said(letter)[-1] == ("placed", "web")


def test_what_is_no_date_is_said_and_not_counted():
    letter, address = placed()
    answer = Client().post(address, {"born": "tomorrow"})
    assert answer.status_code == 422
    assert "Enter the date of birth like 03/04/1980" in answer.content.decode()
    assert do(lambda actor: LetterLink.objects.get(letter=letter).wrong) == 0


def test_five_wrong_dates_shut_it_for_the_right_one_too_and_make_it_work():
    letter, address = placed()
    for day in range(10, 15):
        assert Client().post(address, {"born": f"03/{day}/1980"}).status_code == 403
    assert Client().post(address, BORN).status_code == 404
    assert state(letter) == "returned"
    assert said(letter)[-1] == ("shut", "web")
    items = do(lambda actor: list(WorkItem.objects.filter(kind="practice.letter_in_trouble", state="open")))
    assert [item.title for item in items] == [f"{letter} came back: find another way"]


def test_ended_expired_and_unknown_addresses_answer_alike():
    letter, address = placed()
    other, second = placed()
    do(lambda actor: letter_links.take_offline(letter, reason="Wrong person", actor=actor))
    do(lambda actor: LetterLink.objects.filter(letter=other).update(expires_at=clock.now() - timedelta(1)))
    answers = [Client().get(each) for each in (address, second, "/l/never-was-one/")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert Client().post(address, BORN).status_code == 404


def test_sending_it_again_ends_the_first_address():
    letter, first = placed()
    do(lambda actor: letters.came_back(letter, reason="Never got it", actor=actor))
    do(lambda actor: letters.send_online(Letter.objects.get(pk=letter.pk), actor=actor))
    mail.outbox = []
    run_jobs(MAIL)
    second = re.search(r"/l/[^/]+/", mail.outbox[0].body)[0]
    assert Client().post(first, BORN).status_code == 404
    assert Client().post(second, BORN).status_code == 200


def test_a_letter_that_came_back_or_was_cancelled_is_read_by_nobody():
    letter, address = placed()
    do(lambda actor: letters.came_back(letter, reason="Not hers", actor=actor))
    assert Client().post(address, BORN).status_code == 404
    do(lambda actor: letters.cancel(letter, reason="Not to go out", actor=actor))
    assert Client().get(address).status_code == 404
    assert state(letter) == "cancelled"
    assert ("opened", "web") not in said(letter)


def test_it_is_refused_to_whom_no_mail_goes_and_who_wants_none():
    letter = do(lambda actor: make_letter(actor, about=make_patient(actor)))
    with in_practice(actor_named("owner")) as actor, pytest.raises(DomainError, match="No e-mail address"):
        letters.send_online(letter, actor=actor)
    assert state(letter) == "ready"
    assert do(lambda actor: LetterStep.objects.filter(letter=letter, outcome="tried").count()) == 0


def test_a_mail_server_that_refuses_leaves_no_open_address(monkeypatch):
    patient = {"email": "nell@example.com", "birth_date": date(1980, 3, 4)}
    letter = do(lambda actor: make_letter(actor, about=make_patient(actor, **patient)))
    do(lambda actor: letters.send_online(letter, actor=actor))

    def refuse(*args, **kwargs):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    run_jobs(MAIL)
    assert state(letter) == "failed"
    assert do(lambda actor: LetterLink.objects.filter(letter=letter, revoked_at=None).count()) == 0
    assert TokenLookup.objects.filter(kind="letter").count() == 0


def test_its_address_opens_no_form_and_a_forms_address_no_letter():
    _, address = placed()
    assert Client().get(address.replace("/l/", "/f/")).status_code == 404


def test_a_spanish_letter_is_asked_for_in_spanish():
    patient = {"email": "nell@example.com", "birth_date": date(1980, 3, 4)}
    letter = do(
        lambda actor: make_letter(
            actor, about=make_patient(actor, **patient), template=make_template(actor, language="es")
        )
    )
    do(lambda actor: letters.send_online(letter, actor=actor))
    mail.outbox = []
    run_jobs(MAIL)
    assert "Puede leerla aquí" in mail.outbox[0].body
    page = Client().get(re.search(r"/l/[^/]+/", mail.outbox[0].body)[0]).content.decode()
    assert '<html lang="es">' in page
    assert "Fecha de nacimiento" in page


def test_taking_it_offline_twice_is_refused():
    letter, _ = placed()
    do(lambda actor: letter_links.take_offline(letter, reason="Wrong person", actor=actor))
    steps = said(letter)
    with in_practice(actor_named("owner")) as actor, pytest.raises(Conflict):
        letter_links.take_offline(letter, reason="Again", actor=actor)
    assert said(letter) == steps
