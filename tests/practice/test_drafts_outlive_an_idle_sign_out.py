"""What is typed and not saved: encrypted, own, given back, cleared by the save, purged."""

import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from practice.actor import system_actor
from practice.models import Draft, Location, Membership, Practice, User
from practice.services import drafts
from practice.services.people import admit
from tests.cast import Visitor, actor_named, in_practice

pytestmark = pytest.mark.django_db
FORM = "/p/harbor/settings/locations/new/"


def keep(visitor, entries, *, form=FORM, **extra):
    return visitor.send("drafts/", {"form": form, "entries": json.dumps(entries)}, **extra)


def count():
    with in_practice(actor_named("owner")):
        return Draft.objects.count()


def test_entries_are_kept_as_ciphertext_and_given_back_with_the_time(manager):
    assert keep(manager, {"name": ["Quay Street"]}).status_code == 204
    assert keep(manager, {"name": ["Quay Street 4"], "is_active": []}).status_code == 204
    assert count() == 1
    with in_practice(actor_named("owner")):
        assert Draft.objects.get().entries.startswith("gAAAA")
    given = manager.at("drafts/", form=FORM).json()
    assert given["entries"] == {"name": ["Quay Street 4"], "is_active": []}
    assert given["said"].endswith(("AM", "PM"))


def test_a_draft_is_its_writers_alone(manager, front_desk, stranger):
    keep(manager, {"name": ["Quay Street"]})
    assert front_desk.at("drafts/", form=FORM).status_code == 204
    assert stranger.at("drafts/", form=FORM).status_code == 204
    assert stranger.get(f"/p/harbor/drafts/?form={FORM}").status_code == 404
    front_desk.send("drafts/", {"form": FORM, "discard": "1"})
    assert manager.at("drafts/", form=FORM).status_code == 200


def test_secrets_are_never_kept_whatever_the_browser_sends(manager):
    keep(manager, {"name": ["A"], "tax_id": ["12-3456789"], "ssn": ["1"], "password": ["x"], "portal_secret": ["y"],
                   "csrfmiddlewaretoken": ["z"], "_version": ["3"]})  # fmt: skip
    assert manager.at("drafts/", form=FORM).json()["entries"] == {"name": ["A"]}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"form": FORM},
        {"form": FORM, "entries": "[]"},
        {"form": FORM, "entries": '{"a": "b"}'},
        {"form": FORM, "entries": "[" * 100_000},
        {"form": FORM, "entries": json.dumps({"a": ["x" * 61_000]})},
        {"form": "https://elsewhere.example/", "entries": "{}"},
        {"form": "/p/" + "x" * 300, "entries": "{}"},
    ],
)
def test_what_is_no_draft_is_refused_in_words(manager, data):
    answer = manager.send("drafts/", data)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert count() == 0


def test_a_save_clears_its_draft_and_a_refused_one_does_not(manager):
    keep(manager, {"name": ["Quay"]})
    refused = manager.post(FORM, {"name": "", "_draft": FORM})
    assert refused.status_code == 422
    assert count() == 1
    good = {
        "name": "Quay",
        "timezone": "America/New_York",
        "place_of_service": "11",
        "is_active": "on",
        "_draft": FORM,
    }
    assert manager.post(FORM, good).status_code == 302
    assert count() == 0
    with in_practice(actor_named("owner")):
        assert Location.objects.filter(name="Quay").count() == 1


def test_it_is_there_after_an_idle_sign_out_and_a_new_sign_in(manager):
    keep(manager, {"name": ["Quay"]})
    session = manager.session
    session["began_at"] = session["seen_at"] = int(time.time()) - 16 * 60
    session.save()
    out = manager.get(FORM)
    assert out["Location"].startswith(
        "/accounts/login/?next=%2Fp%2Fharbor%2Fsettings%2Flocations%2Fnew%2F&reason=idle"
    )
    assert manager.at("drafts/", form=FORM).status_code == 302
    back = Visitor(slug="harbor")
    back.force_login(User.objects.get(email="manager@harbor.example"))
    assert back.at("drafts/", form=FORM).json()["entries"] == {"name": ["Quay"]}


def test_typing_is_activity_and_the_save_of_a_warning_is_not(manager):
    manager.at("work/")
    session = manager.session
    session["seen_at"] = int(time.time()) - 600
    session.save()
    keep(manager, {"name": ["A"]}, HTTP_X_WELLRUN_POLL="1")
    assert manager.session["seen_at"] <= time.time() - 600
    keep(manager, {"name": ["B"]})
    assert manager.session["seen_at"] > time.time() - 60


def test_discarding_forgets_it(manager):
    keep(manager, {"name": ["Quay"]})
    assert manager.send("drafts/", {"form": FORM, "discard": "1"}).status_code == 204
    assert count() == 0


def test_old_drafts_are_purged_by_the_practices_own_rule(manager):
    keep(manager, {"name": ["old"]})
    keep(manager, {"name": ["new"]}, form="/p/harbor/patients/new/")
    practice = Practice.objects.get(slug="harbor")
    with in_practice(system_actor(practice_id=practice.id)) as actor:
        Draft.objects.filter(form=FORM).update(saved_at=timezone.now() - timedelta(days=15))
        assert drafts.purge(actor=actor) == 1
        assert Draft.objects.get().form == "/p/harbor/patients/new/"


def test_the_same_person_has_separate_drafts_in_two_practices(manager):
    summit = Practice.objects.get(slug="summit")
    boss = system_actor(practice_id=summit.id)
    user = User.objects.get(email="manager@harbor.example")
    with in_practice(boss):
        admit(user, roles=["manager"], actor=boss)
        assert Membership.objects.filter(user=user).exists()
    keep(manager, {"name": ["harbor's"]})
    assert manager.get(f"/p/summit/drafts/?form={FORM}").status_code == 204
