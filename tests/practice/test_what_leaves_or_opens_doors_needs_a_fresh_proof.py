"""Step-up: exports and changes of who may do what ask again who it is; tokens are exempt."""

import re
import time
from pathlib import Path

import pytest
from django.test import Client

from practice.models import ApiToken, Role
from practice.services.tokens import issue_token
from tests.cast import Visitor, actor_named, in_practice
from tests.practice.factors import PASSWORD, type_password, with_password

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
EXPORT = "/p/harbor/settings/locations/export/csv/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.STEP_UP_REQUIRED = True


@pytest.fixture
def mara():
    """The manager, who signed in with a password eleven minutes ago."""
    user = with_password("manager")
    client = Visitor(slug="harbor")
    type_password(client, email=user.email)
    age(client, seconds=660)
    return client


def age(client, *, seconds):
    """Let the newest proof of identity be that old."""
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": time.time() - seconds} for record in session["account_authentication_methods"]
    ]
    session.save()


def test_an_export_asks_then_goes_on_where_it_was_asked(mara):
    asked = mara.get(f"{EXPORT}?q=main")
    assert (
        asked["Location"]
        == "/accounts/reauthenticate/?next=%2Fp%2Fharbor%2Fsettings%2Flocations%2Fexport%2Fcsv%2F%3Fq%3Dmain"
    )
    assert b"Confirm it is you" in mara.get(asked["Location"]).content
    wrong = mara.post(asked["Location"], {"password": "something else entirely"})
    assert b"not your password" in wrong.content
    assert mara.get(EXPORT).status_code == 302
    done = mara.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == f"{EXPORT}?q=main"
    assert mara.get(done["Location"])["Content-Type"].startswith("text/csv")


def test_a_sign_in_of_the_last_ten_minutes_is_proof_enough(mara):
    age(mara, seconds=590)
    assert mara.get(EXPORT).status_code == 200
    age(mara, seconds=610)
    assert mara.get(EXPORT).status_code == 302


def test_a_list_is_no_export(mara):
    assert mara.at("settings/locations/").status_code == 200


def test_making_a_token_asks_and_makes_none_before(mara):
    with in_practice(actor_named("owner")):
        role = Role.objects.get(code="biller")
    page = "http://testserver/p/harbor/settings/tokens/new/"
    answer = mara.send(
        "settings/tokens/new/", {"name": "EHR", "role": role.pk, "days": 30}, HTTP_REFERER=page
    )
    assert answer["Location"] == "/accounts/reauthenticate/?next=%2Fp%2Fharbor%2Fsettings%2Ftokens%2Fnew%2F"
    with in_practice(actor_named("owner")):
        assert not ApiToken.objects.exists()
    age(mara, seconds=10)
    assert mara.send("settings/tokens/new/", {"name": "EHR", "role": role.pk, "days": 30}).status_code == 200
    with in_practice(actor_named("owner")):
        assert ApiToken.objects.count() == 1


def test_it_never_leads_away_from_here(mara):
    with in_practice(actor_named("owner")):
        role = Role.objects.get(code="biller")
    answer = mara.send(
        "settings/tokens/new/",
        {"name": "EHR", "role": role.pk, "days": 30},
        HTTP_REFERER="https://evil.example/p",
    )
    assert answer["Location"] == "/accounts/reauthenticate/?next=%2F"


def test_htmx_is_led_to_the_page(mara):
    answer = mara.get(
        EXPORT, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/p/harbor/work/"}
    )
    assert answer.status_code == 403
    assert answer["HX-Redirect"] == "/accounts/reauthenticate/?next=%2Fp%2Fharbor%2Fwork%2F"


def test_a_token_is_not_asked():
    boss = actor_named("owner")
    with in_practice(boss):
        _, raw = issue_token("EHR", role=Role.objects.get(code="manager"), actor=boss)
    assert Client().get(EXPORT, headers={"Authorization": f"Bearer {raw}"}).status_code == 200


def test_no_service_that_changes_rights_forgets_to_ask():
    """Read from the code: a new service is caught without anybody thinking of this list."""
    asked, forgot = 0, []
    for path in sorted((ROOT / "practice" / "services").glob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if re.search(r"\.require\(PracticePermission\.CHANGE_(ROLES|TOKENS)\)", line):
                asked += 1
                if "require_fresh()" not in lines[number + 1]:
                    forgot.append(f"{path.name}:{number + 1}")
    assert forgot == []
    assert asked >= 10
