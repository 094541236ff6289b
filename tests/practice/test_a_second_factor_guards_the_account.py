"""Authenticator apps and recovery codes: set up, asked for, good for one use."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.test import Client

from tests.practice.factors import PASSWORD, code_of, type_password, with_app, with_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay():
    return with_password("front_desk")


def half_in(user):
    """A browser whose person gave the password and not the code."""
    client = Client()
    answer = type_password(client, email=user.email)
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    return client


def test_an_app_is_set_up_from_a_picture_under_our_policy_and_gives_recovery_codes_once(fay, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client = Client()
    type_password(client, email=fay.email)
    page = client.get("/accounts/2fa/totp/activate/")
    assert b'src="data:image/svg+xml;base64,' in page.content
    assert "img-src 'self' data:" in page["Content-Security-Policy"]
    secret = re.search(rb'wr-mono wr-gap">([A-Z2-7]+)<', page.content)[1].decode()
    refused = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert b"There is a problem" in refused.content
    assert not Authenticator.objects.filter(user=fay).exists()
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    shown = client.get("/accounts/2fa/recovery-codes/")
    assert len(re.findall(rb"<li>(\d{8})</li>", shown.content)) == 10
    again = client.get("/accounts/2fa/recovery-codes/")
    assert not re.findall(rb"\d{8}", again.content.split(b"<main")[1])
    assert b"10 codes of 10 left" in again.content
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 403


def test_the_secret_and_the_codes_seed_are_ciphertext(fay):
    secret = with_app(fay)
    for row in Authenticator.objects.filter(user=fay):
        kept = row.data.get("secret") or row.data["seed"]
        assert kept.startswith("gAAAA")
        assert secret not in str(row.data)


def test_a_password_alone_opens_nothing_and_the_code_opens_once(fay):
    secret = with_app(fay)
    client = half_in(fay)
    assert client.get("/p/harbor/work/").status_code == 302
    assert "_auth_user_id" not in client.session
    assert b"There is a problem" in client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content
    code = code_of(secret)
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/p/harbor/work/").status_code == 200
    second = half_in(fay)
    replayed = second.post("/accounts/2fa/authenticate/", {"code": code})
    assert b"used already" in replayed.content
    assert "_auth_user_id" not in second.session


def test_a_code_is_worth_nothing_after_its_half_minute(fay):
    secret = with_app(fay)
    now = time.time() // 30 * 30
    with time_machine.travel(now, tick=False) as clock:
        code, client = code_of(secret), half_in(fay)
        clock.move_to(now + 30)
        assert b"There is a problem" in client.post("/accounts/2fa/authenticate/", {"code": code}).content
        clock.move_to(now + 31)
        assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302


def test_a_recovery_code_opens_once(fay):
    with_app(fay)
    codes = RecoveryCodes(Authenticator.objects.get(user=fay, type="recovery_codes"))
    code = codes.get_unused_codes()[0]
    assert half_in(fay).post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    second = half_in(fay)
    assert b"There is a problem" in second.post("/accounts/2fa/authenticate/", {"code": code}).content
    assert "_auth_user_id" not in second.session


def test_five_wrong_codes_lock_the_second_step(fay):
    secret = with_app(fay)
    client = half_in(fay)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert b"Wait 15 minutes" in answer.content
    assert "_auth_user_id" not in client.session


def test_setting_up_and_turning_off_needs_a_fresh_proof_and_is_told_by_mail(fay, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with_app(fay)
    client = Client()
    client.force_login(fay)
    asked = client.get("/accounts/2fa/totp/deactivate/")
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    assert client.post("/accounts/2fa/totp/deactivate/")["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.filter(user=fay, type="totp").exists()
    client.post("/accounts/reauthenticate/?next=/accounts/2fa/", {"password": PASSWORD})
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=fay).exists()
    assert [m.subject for m in mail.outbox] == ["Wellrun: Authenticator app turned off"]
    assert mail.outbox[0].to == [fay.email]


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/", "/accounts/name/", "/accounts/email/", "/accounts/password/change/", "/accounts/sessions/",
        "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
        "/accounts/logout/", "/accounts/reauthenticate/",
    ],
)  # fmt: skip
def test_every_page_of_the_account_is_in_our_look(fay, address):
    client = Client()
    type_password(client, email=fay.email)
    answer = client.get(address)
    assert answer.status_code == 200
    assert b'class="wr-sign"' in answer.content
    assert answer.content.count(b"<h1>") == 1
