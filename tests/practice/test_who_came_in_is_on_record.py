"""The trail of people: sign-ins and what guards them, written after the request, without what was typed."""

import time

import pytest
from django.test import Client

from practice.models import Membership, User
from practice.services.people import end_membership
from tests.cast import actor_named, in_practice, owner_cursor

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough passphrase"
TYPED = "Maria.Lopez@nowhere.example"


def trail():
    with owner_cursor() as cursor:
        cursor.execute(
            "SELECT event, row_id, detail, host(address), request_id, actor FROM practice_auditglobal "
            "WHERE event <> '' ORDER BY id"
        )
        return cursor.fetchall()


@pytest.fixture
def fay():
    user = User.objects.get(email="front_desk@harbor.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(email, password):
    client = Client(REMOTE_ADDR="203.0.113.7")
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    return client, answer


def test_signing_in_and_out_is_written_with_address_and_request(fay):
    client, answer = sign_in(fay.email, PASSWORD)
    assert answer.status_code == 302
    client.post("/accounts/logout/")
    came, went = trail()
    assert (came[0], went[0]) == ("sign_in", "sign_out")
    assert came[1] == went[1] == fay.pk
    assert came[3] == "203.0.113.7"
    assert came[4] == answer["X-Request-Id"]
    assert came[5] == f"user:{fay.pk}"


def test_a_failed_sign_in_names_a_known_person_and_never_what_was_typed(fay):
    sign_in(fay.email, "wrong words entirely")
    sign_in(TYPED, "wrong words entirely")
    sign_in(TYPED.upper(), "other wrong words")
    known, unknown, again = trail()
    assert [row[0] for row in (known, unknown, again)] == ["sign_in_failed"] * 3
    assert known[1] == fay.pk
    assert unknown[1] is None
    assert len(unknown[2]) == 32
    assert unknown[2] == again[2]  # the same address is told to be the same
    with owner_cursor() as cursor:
        cursor.execute("SELECT string_agg(g::text, ' ') FROM practice_auditglobal g")
        said = cursor.fetchone()[0].lower()
    for hidden in (TYPED.lower(), "wrong words", fay.email):
        assert hidden not in said


def test_a_changed_password_and_an_asked_reset_are_written(fay):
    client, _ = sign_in(fay.email, PASSWORD)
    client.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "another long passphrase",
            "password2": "another long passphrase",
        },
    )
    Client().post("/accounts/password/reset/", {"email": fay.email})
    assert [row[0] for row in trail()] == ["sign_in", "password_changed", "password_reset_asked"]


def test_a_second_factor_shows_when_it_is_added_even_past_the_product(fay):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=fay, type="totp", data={"secret": "hidden"})
    with owner_cursor() as cursor:
        cursor.execute(
            "SELECT row_id, action, columns::text FROM practice_auditglobal WHERE table_name = 'mfa_authenticator'"
        )
        ((person, action, columns),) = cursor.fetchall()
    assert (person, action) == (fay.pk, "I")
    assert "hidden" not in columns


def test_an_idle_session_ends_in_the_trail(fay):
    client, _ = sign_in(fay.email, PASSWORD)
    session = client.session
    session["began_at"] = session["seen_at"] = int(time.time()) - 3_600
    session.save()
    client.get("/p/harbor/work/")
    assert [row[0] for row in trail()] == ["sign_in", "session_ended"]


def test_a_practice_sees_the_door_of_its_own_people_only(fay):
    from practice.selectors.door import at_the_door

    sign_in(fay.email, PASSWORD)
    sign_in("stranger@summit.example", "wrong words entirely")
    sign_in(TYPED, "wrong words entirely")
    with in_practice(actor_named("owner")) as actor:
        ours = at_the_door(actor)
    with in_practice(actor_named("stranger")) as actor:
        theirs = at_the_door(actor)
    assert [(row.event, row.person) for row in ours] == [("sign_in", fay.pk)]
    assert [row.event for row in theirs] == ["sign_in_failed"]


def test_what_somebody_did_after_they_left_is_not_the_practices_any_more(fay):
    from practice.selectors.door import at_the_door

    with in_practice(actor_named("owner")) as actor:
        end_membership(Membership.objects.get(user=fay), actor=actor)
    sign_in(fay.email, PASSWORD)
    with in_practice(actor_named("owner")) as actor:
        assert at_the_door(actor) == []
    assert [row[0] for row in trail()][:1] == ["sign_in"]


def test_a_refused_record_and_a_refused_page_are_logged_after_the_rollback(front_desk):
    from uuid import uuid4

    missing = uuid4()
    assert front_desk.at(f"patients/{missing}/").status_code == 404
    assert front_desk.at("settings/tokens/").status_code == 403
    with owner_cursor() as cursor:
        cursor.execute("SELECT what, path FROM practice_auditaccess WHERE action = 'refused' ORDER BY id")
        rows = cursor.fetchall()
    assert rows == [
        ("record not found", f"/p/harbor/patients/{missing}/"),
        ("practice.change_tokens", "/p/harbor/settings/tokens/"),
    ]
