"""One second after the idle limit every address asks to sign in; none after a membership ended."""

import time

import pytest
import time_machine
from django.conf import settings

from practice.models import Membership
from practice.services.people import end_membership
from tests.cast import Visitor, actor_named, in_practice
from tests.practice.factors import WALL, with_password
from tests.security.test_no_address_shows_another_practice import Rows, filled, practice_addresses
from tests.tiers import DEEP, share

pytestmark = [pytest.mark.deep, pytest.mark.django_db]
PERSONAL = ("/accounts/", "/accounts/name/", "/accounts/email/", "/accounts/sessions/", "/accounts/2fa/",
            "/accounts/password/change/", "/accounts/reauthenticate/")  # fmt: skip


def every_call():
    """(method, address, headers) of every address, polling too, under --deep; of a fair share by turns otherwise."""
    ways = [("get", {}), ("post", {}), ("get", {"X-Wellrun-Poll": "1"}), ("get", {"HX-Request": "true"})]
    asked, rows = share(practice_addresses(), one_in=6), Rows()
    every = [filled(*each, rows).format(slug="harbor") for each in asked]
    for number, address in enumerate([*(one for one in every if WALL not in one), *PERSONAL]):
        for method, headers in ways if DEEP else [ways[number % 4]]:
            yield method, address, headers


def asks_to_sign_in(answer, *, address, headers):
    if "/api/v1/" in address:
        return answer.status_code == 401
    if "HX-Request" in headers:
        return answer.status_code == 401 and answer["HX-Redirect"].startswith("/accounts/login/")
    return answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_every_address_asks_to_sign_in_a_second_after_the_idle_limit(evidence):
    user = with_password("manager")
    client = Visitor(slug="harbor")
    client.force_login(user)
    assert client.at("work/").status_code == 200
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    session, seen = client.session, int(time.time())
    session["seen_at"] = seen
    session.save()
    kept = dict(session.items())
    reached, calls = [], list(every_call())
    with time_machine.travel(seen + 15 * 60, tick=False):
        assert client.get("/p/harbor/work/", headers={"X-Wellrun-Poll": "1"}).status_code == 200
    with time_machine.travel(seen + 15 * 60 + 1, tick=False):
        for method, address, headers in calls:
            store = type(session)(cookie)  # the same session again: the call before has ended it
            store._session_cache = dict(kept)
            store.save(must_create=not store.exists(cookie))
            client.cookies[settings.SESSION_COOKIE_NAME] = cookie
            answer = getattr(client, method)(address, headers=headers)
            if not asks_to_sign_in(answer, address=address, headers=headers):
                reached.append(f"{method} {address} {headers}: {answer.status_code}")
    assert reached == []
    assert len(calls) > 100
    evidence(calls=len(calls), answered_after_the_limit=0)


def test_no_address_opens_after_the_membership_ended(front_desk):
    assert front_desk.at("work/").status_code == 200
    boss, member = actor_named("owner"), actor_named("front_desk")
    with in_practice(boss):
        end_membership(Membership.objects.get(pk=member.membership_id), actor=boss)
    reached = []
    for method, address, headers in every_call():
        if not address.startswith("/p/"):
            continue
        answer = getattr(front_desk, method)(address, headers=headers)
        led_out = answer.headers.get("Location", "/accounts/login/").startswith("/accounts/login/")
        if answer.status_code not in (404, 401, 302) or not led_out:
            reached.append(f"{method} {address}: {answer.status_code}")
    assert reached == []
