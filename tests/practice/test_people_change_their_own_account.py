"""Name and e-mail: changed by the person alone, an e-mail only once its mail was read, and told to the old one."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from practice.models import User
from tests.practice.factors import type_password, with_password

pytestmark = pytest.mark.django_db
NEW = "fay.new@harbor.example"


@pytest.fixture
def fay(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return with_password("front_desk")


@pytest.fixture
def client(fay):
    made = Client()
    type_password(made, email=fay.email)
    return made


def ask_for(client, email):
    """Ask to change to an address; the link that was mailed to it."""
    assert client.post("/accounts/email/", {"email": email, "action_add": ""}).status_code == 302
    return re.search(r"/accounts/confirm-email/\S+", mail.outbox[-1].body)[0]


def test_the_account_page_leads_to_everything(client, fay):
    page = client.get("/accounts/").content.decode()
    assert fay.email in page
    for address in ("name/", "email/", "password/change/", "2fa/", "sessions/"):
        assert f'href="/accounts/{address}"' in page
    assert client.get("/accounts/").status_code == 200
    assert 'href="/accounts/"' in client.get("/p/harbor/work/").content.decode()


def test_without_a_session_there_is_no_account():
    for address in ("", "name/", "email/", "sessions/", "2fa/"):
        assert Client().get(f"/accounts/{address}")["Location"].startswith("/accounts/login/?next=")


def test_the_name_is_changed_and_an_empty_one_refused(client, fay):
    assert client.post("/accounts/name/", {"name": " "}).status_code == 422
    assert User.objects.get(pk=fay.pk).name == "Fay Flores"
    client.post("/accounts/name/", {"name": "Fay Flores-Reed"})
    assert User.objects.get(pk=fay.pk).name == "Fay Flores-Reed"


def test_the_email_changes_when_its_link_is_followed_and_the_old_one_is_told(client, fay):
    link = ask_for(client, NEW)
    assert mail.outbox[-1].to == [NEW]
    assert User.objects.get(pk=fay.pk).email == fay.email
    assert b"We sent a link to" in client.get("/accounts/email/").content
    client.post(link)
    assert User.objects.get(pk=fay.pk).email == NEW
    assert [fay.email] in [message.to for message in mail.outbox]
    assert type_password(Client(), email=NEW).status_code == 302
    assert type_password(Client(), email=fay.email).status_code == 200


def test_a_change_can_be_called_off(client, fay):
    link = ask_for(client, NEW)
    client.post("/accounts/email/", {"email": NEW, "action_remove": ""})
    Client().post(link)
    assert User.objects.get(pk=fay.pk).email == fay.email
    assert not EmailAddress.objects.filter(email=NEW).exists()


def test_an_address_of_somebody_else_is_not_told_apart_and_never_taken(client, fay):
    link = ask_for(client, "manager@harbor.example")
    Client().post(link)
    assert User.objects.get(pk=fay.pk).email == fay.email
    assert User.objects.filter(email="manager@harbor.example").count() == 1


def test_an_old_proof_is_not_enough_to_change_the_email(fay):
    client = Client()
    client.force_login(fay)
    answer = client.post("/accounts/email/", {"email": NEW, "action_add": ""})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert mail.outbox == []
    assert not EmailAddress.objects.filter(email=NEW).exists()


def test_a_weak_password_is_refused_and_nothing_changes(client, fay):
    data = {
        "oldpassword": "a-long-word-for-the-tests",
        "password1": "password1234",
        "password2": "password1234",
    }
    assert b"There is a problem" in client.post("/accounts/password/change/", data).content
    assert User.objects.get(pk=fay.pk).check_password("a-long-word-for-the-tests")


def test_no_mail_about_an_account_names_a_practice_or_a_patient(client, fay):
    client.post(ask_for(client, NEW))
    for message in mail.outbox:
        assert message.subject.startswith("Wellrun: ")
        assert "Harbor Family" not in message.body
        assert "example.com" not in message.body
