"""A member whose role demands a second factor reaches nothing of the practice before it is set up."""

import pytest
from django.test import Client

from practice.models import Role
from practice.services.tokens import issue_token
from tests.cast import Visitor, actor_named, in_practice
from tests.practice.factors import WALL, type_password, with_app, with_password, without_factors
from tests.security.test_no_address_shows_another_practice import Rows, filled, practice_addresses
from tests.tiers import DEEP, share

pytestmark = [pytest.mark.deep, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def required(settings):
    settings.MFA_REQUIRED = True


def every_call():
    """(method, address) of every address by both methods under --deep, of a fair share by turns otherwise."""
    rows = Rows()
    for number, each in enumerate(share(practice_addresses(), one_in=6)):
        address = filled(*each, rows).format(slug="harbor")
        if WALL in address:
            continue
        for method in ("get", "post") if DEEP else (("get", "post")[number % 2],):
            yield method, address


def test_no_address_opens_without_it_and_each_says_where_to_go(manager):
    reached, calls = [], list(every_call())
    for method, address in calls:
        answer = getattr(manager, method)(address)
        if "/api/v1/" in address:
            right = answer.status_code == 403 and answer["Content-Type"] == "application/problem+json"
        else:
            right = answer.status_code == 302 and answer["Location"] == "/accounts/2fa/?required=1"
        reached += [] if right else [f"{method} {address}: {answer.status_code}"]
    assert reached == []
    assert len(calls) > 100


def test_the_set_up_page_says_why(manager):
    assert b"Your role asks for a second sign-in step" in manager.get("/accounts/2fa/?required=1").content


def test_htmx_leaves_its_page(manager):
    answer = manager.get("/p/harbor/work/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (403, "/accounts/2fa/?required=1")


def test_with_an_app_the_doors_open_and_without_it_they_shut_again(manager):
    user = with_password("manager")
    with_app(user)
    client = Visitor(slug="harbor")
    client.force_login(user)
    assert client.at("work/").status_code == 200
    without_factors(user)
    assert client.at("work/").status_code == 302


def test_roles_that_do_not_demand_it_and_tokens_go_on(front_desk):
    assert front_desk.at("work/").status_code == 200
    boss = actor_named("owner")
    with in_practice(boss):
        _, raw = issue_token("EHR", role=Role.objects.get(code="manager"), actor=boss)
    assert Client().get("/p/harbor/work/", headers={"Authorization": f"Bearer {raw}"}).status_code == 200


def test_a_role_starts_to_demand_it_at_the_next_request(front_desk):
    with in_practice(actor_named("owner")):
        Role.objects.filter(code="front_desk").update(requires_mfa=True)
    assert front_desk.at("work/").status_code == 302


def test_a_half_signed_in_browser_reaches_no_address_at_all():
    user = with_password("front_desk")
    with_app(user)
    client = Visitor(slug="harbor")
    type_password(client, email=user.email)
    assert "account_login" in client.session
    reached = []
    for method, address in every_call():
        answer = getattr(client, method)(address)
        asked = answer.status_code == 401 if "/api/v1/" in address else answer.status_code == 302
        if not asked or not answer.headers.get("Location", "/accounts/login/").startswith("/accounts/login/"):
            reached.append(f"{method} {address}: {answer.status_code}")
    assert reached == []
