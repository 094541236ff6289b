"""Lock-out and enumeration: five wrong tries, the same words, status and time for known and unknown e-mails."""

import re
import statistics
import time

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.practice.factors import PASSWORD, type_password, with_password
from tests.tiers import DEEP

pytestmark = pytest.mark.django_db
NOBODY = "nobody-here@harbor.example"
ROUNDS = 200 if DEEP else 8
MOST_MS = 10 if DEEP else 60
# The usual time where the machine is idle; beside other tests the best one, which other work can only lengthen.
WHAT_COUNTS = statistics.median if DEEP else min


@pytest.fixture
def bill():
    return with_password("biller")


def guess(email, *, address="203.0.113.7"):
    return type_password(Client(), email=email, password="not-the-password", REMOTE_ADDR=address)


def without_tokens(answer, *, email):
    """The page, without what differs at every request and what was typed."""
    body = re.sub(rb'(csrfmiddlewaretoken" value=|X-CSRFToken": |nonce=)"[^"]*"', b"", answer.content)
    return body.replace(email.encode(), b"")


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_the_sixth_try_is_refused_with_the_time_to_come_back(bill, known):
    email = bill.email if known else NOBODY
    for number in range(5):
        answer = guess(email, address=f"203.0.113.{number}")  # from wherever they come
        assert b"The email or the password is not right" in answer.content
    answer = guess(email, address="198.51.100.1")
    assert answer.status_code == 429
    assert 13 * 60 <= int(answer["Retry-After"]) <= 15 * 60
    assert re.search(rb"Try again in <b>1[45] minutes</b>", answer.content)


def test_a_locked_person_is_refused_the_right_password_too_until_the_time_is_over(bill):
    for _ in range(5):
        guess(bill.email)
    client = Client()
    assert type_password(client, email=bill.email).status_code == 429
    assert "_auth_user_id" not in client.session
    with time_machine.travel(time.time() + 15 * 60 + 1):
        assert type_password(client, email=bill.email).status_code == 302


def test_others_sign_in_meanwhile_and_a_right_password_is_no_wrong_try(bill):
    for _ in range(5):
        guess(NOBODY)
    for _ in range(7):
        assert type_password(Client(), email=bill.email, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_one_address_that_tries_many_people_is_slowed_down(bill):
    answers = [guess(f"person{number}@harbor.example").status_code for number in range(12)]
    assert answers[:10] == [200] * 10
    assert answers[10:] == [429, 429]


def test_counters_outlive_redis():
    from django.conf import settings

    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


def test_known_and_unknown_people_get_the_same_page_for_a_wrong_password(bill):
    known, unknown = guess(bill.email), guess(NOBODY)
    assert known.status_code == unknown.status_code
    assert without_tokens(known, email=bill.email) == without_tokens(unknown, email=NOBODY)
    assert set(known.headers) == set(unknown.headers)


def test_known_and_unknown_people_get_the_same_page_for_a_reset_and_a_mail_each(bill, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    answers = [Client().post("/accounts/password/reset/", {"email": who}) for who in (bill.email, NOBODY)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2
    assert [message.to for message in mail.outbox] == [[bill.email], [NOBODY]]
    assert "/accounts/password/reset/key/" in mail.outbox[0].body
    assert "/accounts/password/reset/key/" not in mail.outbox[1].body


def test_a_reset_link_works_once_ends_every_session_and_opens_a_locked_account(bill, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    before = Client()
    type_password(before, email=bill.email)
    for _ in range(5):
        guess(bill.email)
    Client().post("/accounts/password/reset/", {"email": bill.email})
    link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[0].body)[0]
    client = Client()
    form = client.get(link)["Location"]
    new = "quite-another-long-word"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert before.get("/p/harbor/work/").status_code == 302
    assert type_password(Client(), email=bill.email, password=new).status_code == 302
    assert b"This link no longer works" in Client().get(link).content
    assert type_password(Client(), email=bill.email, password=PASSWORD).status_code == 200


@pytest.mark.deep
def test_known_and_unknown_people_take_the_same_time(bill, evidence, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    figures = {}
    for what, send in (("sign_in", guess), ("reset", _reset)):
        taken = {bill.email: [], NOBODY: []}
        for who in taken:
            send(who)  # warm
        for number in range(ROUNDS):
            for who in sorted(taken, reverse=bool(number % 2)):
                cache.clear()
                began = time.perf_counter()
                send(who)
                taken[who].append((time.perf_counter() - began) * 1000)
        known, unknown = (statistics.median(each) for each in taken.values())
        figures[what] = {"known_ms": round(known, 2), "unknown_ms": round(unknown, 2), "rounds": ROUNDS}
        assert abs(known - unknown) < max(MOST_MS, unknown / 50), figures
    evidence(**figures)


def _reset(email):
    return Client().post("/accounts/password/reset/", {"email": email})
