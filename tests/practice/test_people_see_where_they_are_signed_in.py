"""The list of sign-ins: device, since, last seen; sign out one or all others."""

import re
import time
from datetime import UTC, datetime

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from practice.devices import device_words
from practice.sessions import forget_old
from tests.practice.factors import PASSWORD, type_password, with_password

pytestmark = pytest.mark.django_db
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture
def mara():
    return with_password("manager")


def browser(user, *, agent=DESK):
    client = Client(HTTP_USER_AGENT=agent)
    type_password(client, email=user.email)
    return client


def works(client):
    return client.get("/p/harbor/work/").status_code == 200


def test_each_browser_is_listed_in_words_this_one_first(mara):
    phone, desk = browser(mara, agent=PHONE), browser(mara)
    assert works(phone)
    page = desk.get("/accounts/sessions/").content.decode()
    assert page.index("Chrome on Windows") < page.index("This one") < page.index("Safari on an iPhone")
    assert "From 127.0.0.1" in page
    assert re.search(r"[AP]M E[SD]T</time>", page), "the practice's zone, named"


def test_one_is_signed_out_and_the_rest_stays(mara):
    phone, desk = browser(mara, agent=PHONE), browser(mara)
    row = UserSession.objects.get(session_key=phone.session.session_key)
    desk.post("/accounts/sessions/", {"end": row.pk})
    assert not works(phone)
    assert works(desk)


def test_all_others_are_signed_out(mara):
    others, desk = [browser(mara, agent=PHONE), browser(mara)], browser(mara)
    desk.post("/accounts/sessions/", {"others": "1"})
    assert [works(client) for client in (*others, desk)] == [False, False, True]
    assert b"You are signed in nowhere else" in desk.get("/accounts/sessions/").content


def test_nobody_signs_somebody_else_out(mara):
    stan = browser(with_password("stranger", practice="summit"))
    desk = browser(mara)
    row = UserSession.objects.get(session_key=desk.session.session_key)
    stan.post("/accounts/sessions/", {"end": row.pk})
    stan.post("/accounts/sessions/", {"end": "1 OR 1=1"})
    stan.post("/accounts/sessions/", {"others": "1"})
    assert works(desk)


def test_signing_this_one_out_leads_to_the_sign_in_page(mara):
    desk = browser(mara)
    row = UserSession.objects.get(session_key=desk.session.session_key)
    assert desk.post("/accounts/sessions/", {"end": row.pk})["Location"] == "/accounts/login/"
    assert not works(desk)


def test_a_session_that_ran_out_is_not_listed(mara):
    phone, desk = browser(mara, agent=PHONE), browser(mara)
    session = phone.session
    session["began_at"], session["seen_at"] = time.time() - 3000, time.time() - 3000
    session.save()
    assert b"iPhone" not in desk.get("/accounts/sessions/").content
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_the_id_changes_at_sign_in_and_the_old_cookie_is_worth_nothing_after_sign_out(mara):
    client = Client()
    client.get("/accounts/login/")
    before = client.session.session_key
    type_password(client, email=mara.email)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert cookie != before
    assert works(client)
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert not works(thief)


def test_a_changed_password_signs_the_other_browsers_out_and_is_told_by_mail(mara, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    phone, desk = browser(mara, agent=PHONE), browser(mara)
    new = "another-long-word-for-it"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert desk.post("/accounts/password/change/", data)["Location"] == "/accounts/"
    assert works(desk)
    assert not works(phone)
    assert [message.to for message in mail.outbox] == [[mara.email]]
    assert b"Safari" not in desk.get("/accounts/sessions/").content


def test_last_seen_is_written_once_a_minute_and_not_by_polling(mara):
    desk = browser(mara)
    assert works(desk)
    before = datetime(2026, 1, 1, tzinfo=UTC)

    def seen(*, seconds_ago, **headers):
        """What is written after a request of a session whose last activity was so long ago."""
        session = desk.session
        session["seen_at"] = int(time.time()) - seconds_ago
        session.save()
        UserSession.objects.update(last_seen_at=before)
        assert desk.get("/p/harbor/work/", headers=headers).status_code == 200
        return UserSession.objects.get().last_seen_at

    assert seen(seconds_ago=50) == before
    assert seen(seconds_ago=61, **{"X-Wellrun-Poll": "1"}) == before
    assert seen(seconds_ago=61) > before


def test_what_is_left_of_old_sessions_is_forgotten_at_night(mara):
    desk, phone = browser(mara), browser(mara, agent=PHONE)
    Session.objects.filter(pk=phone.session.session_key).update(expire_date="2026-01-01T00:00:00Z")
    assert forget_old() == 1
    assert works(desk)
    assert UserSession.objects.get().session_key == desk.session.session_key


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (DESK, "Chrome on Windows"),
        (PHONE, "Safari on an iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.1; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on a Mac",
        ),
        (
            "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8.5.0", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_as_people_name_it(agent, words):
    assert device_words(agent) == words
