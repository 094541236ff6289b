"""A public link: one form and nothing else, until it is used up, ended, too old or switched off; all look unknown."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from kit import clock
from practice import link_door, public_rates
from practice.models import (
    ApiToken,
    AuditAccess,
    FormSubmission,
    PublicLink,
    PublicLinkEvent,
    PublicRate,
    TokenLookup,
)
from practice.services import forms, public_links
from practice.services.secrets import register_secret
from tests.practice.form_world import Outsider, make_form, make_link
from tests.security.test_no_address_shows_another_practice import practice_addresses
from tests.tiers import share

pytestmark = pytest.mark.django_db
UNKNOWN = "/f/" + "x" * 43 + "/"


@pytest.fixture
def form(acting):
    with acting("manager") as actor:
        return make_form(actor)


def link_of(acting, form, **more):
    with acting("manager") as actor:
        return make_link(actor, form, **more)


def same_as_unknown(path):
    """The closed page, to the letter, header by header."""
    answer, unknown = Client().get(path), Client().get(UNKNOWN)
    assert answer.status_code == unknown.status_code == 404
    assert answer.content == unknown.content
    drop = {"X-Request-Id"}
    assert {k: v for k, v in answer.items() if k not in drop and "nonce" not in v} == {
        k: v for k, v in unknown.items() if k not in drop and "nonce" not in v
    }
    assert b"Harbor" not in answer.content


def test_it_opens_its_form_without_a_cookie_and_is_kept_by_nobody(form, acting):
    _, path = link_of(acting, form)
    page = Client().get(path)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Tell us" in text
    assert "Harbor Family Medicine" in text
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert "Set-Cookie" not in page.headers
    assert path.split("/")[2] not in text
    assert "<script" not in text


def test_only_the_hash_is_kept(form, acting):
    link, path = link_of(acting, form)
    secret = path.split("/")[2]
    assert len(secret) == 43
    with acting("manager"):
        row = PublicLink.objects.get(pk=link.pk)
        assert secret not in str(row.__dict__)
    assert TokenLookup.objects.get(row_id=link.pk).secret_hash == row.secret_hash


@pytest.mark.parametrize("how", ["ended", "too old", "switched off", "used up", "of another kind"])
def test_what_opens_nothing_any_more_is_like_what_never_did(form, acting, how):
    link, path = link_of(acting, form, days=2, most_uses=1)
    assert Client().get(path).status_code == 200
    with acting("manager") as actor:
        if how == "ended":
            public_links.revoke(link, actor=actor)
        elif how == "too old":
            PublicLink.objects.filter(pk=link.pk).update(expires_at=clock.now())
        elif how == "switched off":
            forms.change_form(form, name="Feedback", is_active=False, actor=actor)
        elif how == "used up":
            PublicLink.objects.filter(pk=link.pk).update(
                uses=1, last_sent_at=clock.now() - timedelta(hours=2)
            )
        else:
            path = "/f/" + "y" * 43 + "/"
            register_secret("y" * 43, kind=TokenLookup.Kind.DISPLAY, row_id=link.pk, actor=actor)
    same_as_unknown(path)
    same_as_unknown(f"{path}sent/")
    assert Client().post(path, {"q-message": "x"}).status_code == 404
    with acting("manager"):
        assert not FormSubmission.objects.exists()


def test_its_address_opens_nothing_else(form, acting, owner):
    """The secret as a token, a wall's, behind other addresses; and the door below it has no other rooms."""
    _, path = link_of(acting, form)
    secret, opened = path.split("/")[2], []
    anybody = Client()
    for name, route, _ in share(practice_addresses(), one_in=4):
        if "<" in route.replace("<slug:practice>", ""):
            continue
        address = "/" + route.replace("<slug:practice>", "harbor")
        answers = (
            anybody.get(address, headers={"Authorization": f"Bearer {secret}"}),
            anybody.get(f"{path}{address.removeprefix('/p/harbor/')}x"),
        )
        opened += [(name, each.status_code) for each in answers if each.status_code not in (302, 401, 404)]
    assert opened == []
    assert anybody.get(f"/p/harbor/wall/{secret}/").status_code == 404
    same_as_unknown(f"{path}settings/")
    # Who is signed in at that browser is nobody at this door.
    page = owner.get(path)
    assert b"Olive" not in page.content
    with acting("manager"):
        assert not ApiToken.objects.exists()


def test_methods_it_does_not_have_are_refused(form, acting):
    _, path = link_of(acting, form)
    for method in ("put", "patch", "delete"):
        assert getattr(Client(raise_request_exception=False), method)(path).status_code == 405


def test_opening_is_kept_and_no_log_holds_the_address(form, acting):
    link, path = link_of(acting, form)
    Client().get(path)
    Client().get(path)
    with acting("manager"):
        assert PublicLinkEvent.objects.filter(link=link, kind="opened").count() == 2
        assert not AuditAccess.objects.filter(path__contains=path.split("/")[2]).exists()
        stamped = PublicLinkEvent.objects.first()
        assert stamped.created_by == f"public_link:{link.pk}"


def test_an_address_is_slowed_down_and_others_are_not(form, acting, settings):
    settings.RATES = settings.RATES | {"form_open": "3/hour"}
    _, path = link_of(acting, form)
    answers = [Client().get(path) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[3]["Retry-After"]) <= 3600
    assert b"Harbor" not in answers[3].content
    assert Client(REMOTE_ADDR="198.51.100.7").get(path).status_code == 200
    with clock.at(clock.now() + timedelta(hours=1, seconds=1)):
        assert Client().get(path).status_code == 200


def test_wrong_addresses_have_a_budget_of_their_own(settings, form, acting):
    settings.RATES = settings.RATES | {"form_unknown": "2/hour"}
    assert [Client().get(UNKNOWN).status_code for _ in range(3)] == [404, 404, 429]
    _, path = link_of(acting, form)
    assert Client().get(path).status_code == 200  # who has a good one is not kept out


def test_a_link_takes_so_many_an_hour_from_wherever(form, acting, settings):
    settings.RATES = settings.RATES | {"form_send_link": "2/hour"}
    _, path = link_of(acting, form)
    statuses = [
        Outsider(path, REMOTE_ADDR=f"198.51.100.{number}").send(message="Hello").status_code
        for number in range(3)
    ]
    assert statuses == [302, 302, 429]
    with acting("manager"):
        assert FormSubmission.objects.count() == 2


def test_the_limit_holds_without_redis_and_keeps_no_address(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.RATES = settings.RATES | {"form_send": "2/hour"}
    assert [public_rates.spend("form_send", who="203.0.113.9") for _ in range(2)] == [0, 0]
    assert public_rates.spend("form_send", who="203.0.113.9") > 3500
    assert not PublicRate.objects.filter(key__contains="203").exists()
    assert re.fullmatch(r"[0-9a-f]{64}", PublicRate.objects.get().key)
    assert public_rates.forget(before=clock.now() + timedelta(seconds=1)) == 1


def test_a_household_is_one_whatever_its_addresses():
    assert public_rates.household("2001:db8:1:2::5") == public_rates.household("2001:db8:1:2:ffff::9")
    assert public_rates.household("2001:db8:1:3::5") != public_rates.household("2001:db8:1:2::5")
    assert public_rates.household("192.0.2.1") != public_rates.household("192.0.2.2")
    assert public_rates.household("nonsense") == "unknown"


def test_every_answer_of_the_door_carries_its_headers(form, acting, settings):
    _, path = link_of(acting, form)
    settings.RATES = settings.RATES | {"form_send": "1/hour"}
    visitor = Outsider(path)
    answers = [visitor.get(path), visitor.get(UNKNOWN), visitor.send(message=""), visitor.send(message="x")]
    assert [answer.status_code for answer in answers] == [200, 404, 422, 429]
    for answer in answers:
        for name, value in link_door.HEADERS.items():
            assert answer[name] == value
