"""Work items over REST: list, get, make, assign, snooze, done, with the same doors as the pages."""

import json
from datetime import timedelta

import pytest

from practice.models import WorkItem
from practice.selectors.days import practice_today
from practice.services import places
from practice.services.work import open_item
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
API = "/p/harbor/api/v1/work-items/"


def post(visitor, path, body):
    return visitor.post(f"{API}{path}", json.dumps(body), content_type="application/json")


@pytest.fixture
def bound(acting):
    with acting("owner") as actor:
        site = places.add_location(actor=actor, name="Main")
        return open_item(
            "audit.broken", record=site, title="Trail", permission="practice.view_work", actor=actor
        )


def test_a_reminder_is_made_handed_over_put_off_and_finished(manager):
    made = post(manager, "", {"title": "Call the bank", "amount": "120.00"})
    assert made.status_code == 201
    key = made.json()["id"]
    assert made.json()["owner"] == str(actor_named("manager").membership_id)
    bill = str(actor_named("biller").membership_id)
    assert post(manager, f"{key}/assign/", {"owner": bill}).json()["owner"] == bill
    with in_practice(actor_named("owner")) as actor:
        until = (practice_today(actor) + timedelta(days=4)).isoformat()
    slept = post(manager, f"{key}/snooze/", {"until": until, "reason": "Bank holiday"})
    assert slept.json()["snoozed_until"] == until
    done = post(manager, f"{key}/done/", {"outcome": "Called"}).json()
    assert (done["state"], done["outcome"]) == ("done", "Called")
    assert [row["id"] for row in manager.get(f"{API}?state=done").json()["results"]] == [key]
    assert manager.get(f"{API}?state=open").json()["results"] == []


def test_refusals_are_the_pages(bound, manager, stranger):
    assert post(manager, f"{bound.pk}/done/", {}).status_code == 409
    assert post(manager, f"{bound.pk}/snooze/", {"until": "2020-01-01", "reason": "x"}).status_code == 422
    assert post(manager, f"{bound.pk}/assign/", {}).status_code == 422
    nobody = {"owner": "01890000-0000-7000-8000-000000000000"}
    assert post(manager, f"{bound.pk}/assign/", nobody).status_code == 422
    assert post(manager, "", {"title": "x", "location": nobody["owner"]}).status_code == 422
    assert post(manager, "", {"title": "x", "role": nobody["owner"]}).status_code == 422
    assert stranger.get(f"/p/summit/api/v1/work-items/{bound.pk}/").status_code == 404
    assert stranger.get("/p/summit/api/v1/work-items/").json()["results"] == []
    with in_practice(actor_named("owner")):
        assert WorkItem.objects.get().state == "open"
        assert bound.events.count() == 0
