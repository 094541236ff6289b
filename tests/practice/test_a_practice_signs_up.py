"""Sign-up: who may open a practice, how, and that it opens exactly one thing."""

import re
import threading

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from practice.models import Membership, Practice, Role, User
from practice.services import signup
from practice.views.signup import SALT
from tests.cast import actor_named, in_practice, owner_cursor

pytestmark = pytest.mark.django_db
PASSWORD = "four-plain-words-here"
FORM = {
    "name": "Nell Nash",
    "address": "Nell@North.example",
    "password": PASSWORD,
    "practice": "North & Sons Clinic",
    "slug": "",
    "timezone": "America/Chicago",
}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def mode(settings):
    def choose(name):
        settings.SIGNUP = name

    return choose


@pytest.fixture
def no_practice():
    """An empty house; what was in it comes back with the transactional test's flush."""
    with owner_cursor() as cursor:
        cursor.execute("TRUNCATE practice_practice CASCADE")


def opened():
    return set(Practice.objects.values_list("slug", flat=True))


@pytest.mark.django_db(transaction=True)
def test_on_the_first_run_the_form_makes_owner_and_practice_and_leads_into_the_set_up(mode, no_practice):
    mode("first-run")
    visitor = Client()
    assert visitor.get("/")["Location"] == "/sign-up/"
    answer = visitor.post("/sign-up/", FORM)
    assert answer["Location"] == "/p/north-sons-clinic/settings/setup/"
    page = visitor.get(answer["Location"])
    assert page.status_code == 200
    assert b"Guided set-up" in page.content
    user = User.objects.get(email="nell@north.example")
    practice = Practice.objects.get()
    assert user.check_password(PASSWORD)
    with owner_cursor() as cursor:
        cursor.execute(
            "SELECT r.code FROM practice_membershiprole l JOIN practice_role r ON r.id = l.role_id "
            "JOIN practice_membership m ON m.id = l.membership_id WHERE m.user_id = %s AND m.practice_id = %s",
            [str(user.id), str(practice.id)],
        )
        assert cursor.fetchall() == [("owner",)]
    assert Client().get("/sign-up/").status_code == 403


def test_with_a_practice_there_the_first_run_is_over(mode):
    mode("first-run")
    before = opened()
    visitor = Client()
    assert visitor.get("/")["Location"] == "/accounts/login/"
    assert visitor.get("/sign-up/").status_code == 403
    assert visitor.post("/sign-up/", FORM).status_code == 403
    assert opened() == before
    assert not User.objects.filter(email="nell@north.example").exists()


def test_by_invitation_nobody_opens_a_practice(mode, manager):
    mode("invite")
    before = opened()
    signed = signing.dumps({"email": "nell@north.example"}, salt=SALT)
    for visitor in (Client(), manager):
        for address in ("/sign-up/", f"/sign-up/{signed}/"):
            assert visitor.post(address, FORM).status_code == 403
    assert opened() == before


def test_allauths_own_sign_up_is_closed_in_every_mode(mode):
    for name in ("first-run", "open", "invite"):
        mode(name)
        body = {"email": "nell@north.example", "password1": PASSWORD, "password2": PASSWORD}
        Client().post("/accounts/signup/", body)
        assert not User.objects.filter(email="nell@north.example").exists()


def test_open_sign_up_mails_a_link_first_and_answers_known_and_unknown_alike(mode, mailoutbox):
    mode("open")
    ask = re.compile(rb"hx-headers='[^']*'|nonce=\"[^\"]*\"|We wrote to [^ ]*")
    pages = set()
    for email in ("nell@north.example", "Manager@harbor.example"):
        answer = Client().post("/sign-up/", {"email": email})
        assert answer.status_code == 200
        pages.add(ask.sub(b"", answer.content))
    assert len(pages) == 1
    fresh, known = mailoutbox
    assert "/sign-up/" in fresh.body
    assert "have an account already" in known.body
    visitor = Client()
    address = re.search(r"/sign-up/\S+/", fresh.body)[0]
    answer = visitor.post(address, FORM | {"slug": "north"})
    assert answer["Location"] == "/p/north/settings/setup/"
    assert visitor.get("/p/north/work/").status_code == 200
    assert visitor.get("/p/harbor/work/").status_code == 404
    assert Client().get(address)["Location"].startswith("/accounts/login/")


def test_a_link_is_no_longer_good_after_a_day_or_with_a_changed_letter(mode):
    mode("open")
    import time_machine

    with time_machine.travel("2026-01-01T00:00:00Z"):
        old = signing.dumps({"email": "nell@north.example"}, salt=SALT)
    forged = signing.dumps({"email": "nell@north.example"}, salt="other")
    before = opened()
    for signed in (old, forged, "x"):
        assert Client().post(f"/sign-up/{signed}/", FORM).status_code == 404
    assert opened() == before


def test_a_taken_address_and_a_weak_password_are_named_and_nothing_is_made(mode):
    mode("open")
    signed = signing.dumps({"email": "nell@north.example"}, salt=SALT)
    before = opened()
    for change, words in (
        ({"slug": "harbor"}, b"This address is taken"),
        ({"slug": "Not Good"}, b"Use small letters"),
        ({"password": "short"}, b"at least 12 characters"),
        ({"timezone": "Mars/Olympus"}, b"Choose the time zone from the list"),
    ):
        answer = Client().post(f"/sign-up/{signed}/", FORM | change)
        assert answer.status_code == 422
        assert words in answer.content
    assert opened() == before
    assert not User.objects.filter(email="nell@north.example").exists()


def test_signing_up_for_an_existing_address_never_gives_a_way_into_it(mode, stranger):
    mode("open")
    answer = stranger.post("/sign-up/", {"practice": "X", "slug": "harbor", "timezone": "America/Chicago"})
    assert answer.status_code == 422
    assert stranger.get("/p/harbor/work/").status_code == 404
    wanted = signup.Wanted(name="X", slug="harbor", timezone="America/Chicago")
    with pytest.raises(signup.DomainError, match="taken"):
        signup.found_practice(
            wanted, founder=User.objects.get(email="stranger@summit.example"), request_id="t"
        )
    assert stranger.get("/p/harbor/work/").status_code == 404


def test_somebody_who_is_signed_in_opens_another_practice_when_open(mode, stranger):
    mode("open")
    answer = stranger.post("/sign-up/", {"practice": "Summit", "timezone": "America/Denver"})
    assert answer["Location"] == "/p/summit-2/settings/setup/"
    assert stranger.get("/p/summit-2/work/").status_code == 200
    assert stranger.get("/p/summit/work/").status_code == 200


def test_the_mailing_form_slows_down_who_asks_too_often(mode, mailoutbox):
    mode("open")
    answers = [Client().post("/sign-up/", {"email": "nell@north.example"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1]["Retry-After"]
    assert len(mailoutbox) == 3


def test_the_app_role_may_open_a_practice_but_not_move_or_delete_one(stranger):
    for statement in (
        "UPDATE practice_practice SET slug = 'taken-over'",
        "DELETE FROM practice_practice",
        "DELETE FROM practice_user",
        "UPDATE practice_tokenlookup SET row_id = uuidv7()",
    ):
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert opened() == {"harbor", "summit"}


@pytest.mark.django_db(transaction=True)
def test_two_first_runs_at_once_make_one_practice(settings, no_practice):
    settings.SIGNUP = "first-run"
    answers, start = [], threading.Barrier(2)

    def run(number):
        visitor = Client()
        start.wait(timeout=20)
        form = FORM | {"address": f"nell{number}@north.example", "slug": f"north-{number}"}
        answers.append(visitor.post("/sign-up/", form).status_code)
        connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers) in ([302, 422], [302, 403])
    assert Practice.objects.count() == 1
    assert User.objects.filter(email__endswith="@north.example").count() == 1


def test_the_set_up_counts_what_is_there_and_leaves_the_start_page_when_put_away(manager, front_desk):
    page = manager.at("work/").content
    assert b"left" in page
    assert b"Go on with the set-up" in page
    assert b"Go on with the set-up" not in front_desk.at("work/").content
    assert front_desk.at("settings/setup/").status_code == 403
    assert front_desk.send("settings/setup/away/").status_code == 403
    assert b"2 of 6 done" in manager.at("settings/setup/").content
    manager.send(
        "settings/locations/new/", {"name": "Main", "timezone": "America/New_York", "place_of_service": "11"}
    )
    assert manager.send("settings/setup/away/").status_code == 302
    assert b"Go on with the set-up" not in manager.at("work/").content
    assert manager.send("settings/setup/away/", {"back": "1"}).status_code == 302
    assert b"Go on with the set-up" in manager.at("work/").content


def test_the_practices_facts_are_changed_by_who_may_and_judged(manager, front_desk):
    good = {
        "name": "Harbor Family Care", "timezone": "America/Denver", "night_hour": "3", "idle_minutes": "10",
        "books_basis": "cash",
    }  # fmt: skip
    assert front_desk.send("settings/practice/", good).status_code == 403
    assert manager.send("settings/practice/", good | {"idle_minutes": "90"}).status_code == 422
    assert Practice.objects.get(slug="harbor").name == "Harbor Family Medicine"
    assert manager.send("settings/practice/", good).status_code == 302
    assert Practice.objects.get(slug="harbor").name == "Harbor Family Care"
    with in_practice(actor_named("manager")):
        assert Role.objects.count() == 10
        assert Membership.objects.filter(ended_at=None).count() == 5
