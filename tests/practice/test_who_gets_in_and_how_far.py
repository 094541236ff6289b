"""The door: sessions, memberships, tokens, and what strangers are told."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from practice.models import ApiToken, AuditAccess, Membership, Role
from practice.services.people import end_membership, issue_token, revoke_token
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


def test_without_a_session_a_page_asks_to_sign_in(nobody):
    answer = nobody.at("work/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=%2Fp%2Fharbor%2Fwork%2F")


def test_without_a_token_the_api_says_401_as_problem_json(nobody):
    answer = nobody.at("api/v1/practice.location/")
    assert answer.status_code in (401, 404)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_strangers_practice_looks_like_an_unknown_one(stranger):
    foreign = stranger.get("/p/harbor/work/")
    unknown = stranger.get("/p/nowhere/work/")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert b"Harbor" not in foreign.content


def test_an_ended_membership_shuts_the_door_at_the_next_request(front_desk):
    assert front_desk.at("work/").status_code == 200
    boss = actor_named("owner")
    member = actor_named("front_desk")
    with in_practice(boss):
        end_membership(Membership.objects.get(pk=member.membership_id), actor=boss)
    answer = front_desk.at("work/")
    assert answer.status_code == 302  # no practice is left to her, so the session itself has ended
    assert answer["Location"].startswith("/accounts/login/")


def test_a_role_without_the_permission_is_refused_told_who_has_it_and_logged(front_desk):
    answer = front_desk.at("settings/tokens/")
    assert answer.status_code == 403
    assert b"Practice manager" in answer.content
    with in_practice(actor_named("owner")):
        assert AuditAccess.objects.filter(action="refused", what="practice.change_tokens").count() == 1


def test_an_idle_session_is_over_and_polling_does_not_keep_it_alive(manager):
    session = manager.session
    session["began_at"] = session["seen_at"] = int(time.time()) - 14 * 60
    session.save()
    assert manager.get("/p/harbor/work/", headers={"X-Wellrun-Poll": "1"}).status_code == 200
    session = manager.session
    assert session["seen_at"] <= int(time.time()) - 14 * 60
    session["seen_at"] = int(time.time()) - 15 * 60 - 1
    session.save()
    assert manager.at("work/").status_code == 302


def test_who_was_signed_out_over_a_form_comes_back_to_its_page(nobody):
    answer = nobody.post(
        "/p/harbor/scheduling/book/new-patient/",
        {"last_name": "Late"},
        headers={"Referer": "http://testserver/p/harbor/scheduling/?day=2026-03-02"},
    )
    assert answer["Location"] == "/accounts/login/?next=%2Fp%2Fharbor%2Fscheduling%2F%3Fday%3D2026-03-02"


def test_a_session_ends_after_twelve_hours_however_busy(manager):
    session = manager.session
    session["began_at"], session["seen_at"] = int(time.time()) - 12 * 3600 - 1, int(time.time())
    session.save()
    out = manager.at("work/")
    assert out.status_code == 302
    assert b"Sign-ins end after 12 hours" in manager.get(out["Location"]).content


def bearer(raw):
    return {"headers": {"Authorization": f"Bearer {raw}"}}


@pytest.fixture
def token():
    boss = actor_named("owner")
    with in_practice(boss):
        row, raw = issue_token("EHR", role=Role.objects.get(code="manager"), actor=boss)
    return row, raw


def test_a_token_opens_its_own_practice_only(token):
    _, raw = token
    assert Client().get("/p/harbor/work/", **bearer(raw)).status_code == 200
    assert Client().get("/p/summit/work/", **bearer(raw)).status_code == 404


def test_only_the_hash_of_a_token_is_kept(token):
    row, raw = token
    with in_practice(actor_named("owner")):
        kept = ApiToken.objects.get(pk=row.pk)
    assert raw not in (kept.token_hash, kept.prefix)
    assert raw.startswith(kept.prefix)


def test_revoked_expired_and_made_up_tokens_open_nothing(token):
    row, raw = token
    boss = actor_named("owner")
    with in_practice(boss):
        ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    api = "/p/harbor/api/v1/settings/locations/"
    assert Client().get(api, **bearer(raw)).status_code == 401
    with in_practice(boss):
        ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() + timedelta(days=1))
    assert Client().get(api, **bearer(raw)).status_code == 200
    with in_practice(boss):
        revoke_token(row, actor=boss)
    assert Client().get(api, **bearer(raw)).status_code == 401
    assert Client().get(api, **bearer("wr_madeup")).status_code == 401


def test_ending_a_membership_ends_the_tokens_made_under_it_and_no_other(token):
    boss, maker = actor_named("owner"), actor_named("manager")
    with in_practice(maker):
        _row, raw = issue_token("Lab", role=Role.objects.get(code="front_desk"), actor=maker)
    api = "/p/harbor/api/v1/patients/"
    assert Client().get(api, **bearer(raw)).status_code == 200
    with in_practice(boss):
        end_membership(Membership.objects.get(pk=maker.membership_id), actor=boss)
    assert Client().get(api, **bearer(raw)).status_code == 401
    _other, theirs = token
    assert Client().get(api, **bearer(theirs)).status_code == 200


def test_pages_of_signed_in_people_are_not_stored(manager):
    assert manager.at("work/")["Cache-Control"] == "no-store"


def test_the_start_page_leads_to_the_persons_own_practice(manager, stranger):
    assert manager.get("/")["Location"] == "/p/harbor/"
    assert stranger.get("/")["Location"] == "/p/summit/"
    assert manager.at("").status_code == 302


def test_the_schema_is_open_to_read(nobody):
    assert nobody.get("/api/schema/").status_code == 200
