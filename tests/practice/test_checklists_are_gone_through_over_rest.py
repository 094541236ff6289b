"""Checklists over REST: what is due, its steps with their ids, answers, signature; with the same doors as the pages."""

import json

import pytest

from practice.models import Role
from tests.practice.checklist_samples import make_run

pytestmark = pytest.mark.django_db
API = "/p/harbor/api/v1/checklists/"


def post(visitor, path, body):
    return visitor.post(f"{API}{path}", json.dumps(body), content_type="application/json")


@pytest.fixture
def run(acting):
    with acting("owner") as actor:
        return make_run(actor, role=Role.objects.get(code="front_desk"))


def test_one_is_found_answered_and_signed(run, front_desk):
    listed = front_desk.get(API).json()["results"]
    assert [each["id"] for each in listed] == [str(run.pk)]
    steps = front_desk.get(f"{API}{run.pk}/steps/").json()
    assert [(each["text"], each["kind"], each["lowest"], each["unit"]) for each in steps][:2] == [
        ("Lights on", "tick", None, ""),
        ("Refrigerator", "number", "36.00", "°F"),
    ]
    for each, value in zip(steps, ("done", "47"), strict=False):
        assert post(front_desk, f"{run.pk}/answer/", {"step": each["id"], "value": value}).status_code == 200
    said = front_desk.get(f"{API}{run.pk}/steps/").json()
    assert [(each["value"], each["outside"]) for each in said] == [
        ("done", False), ("47", True), ("", False), ("", False),
    ]  # fmt: skip
    signed = post(front_desk, f"{run.pk}/sign/", {"signed_name": "Fay Flores"})
    assert (signed.status_code, signed.json()["state"]) == (200, "signed")
    assert post(front_desk, f"{run.pk}/answer/", {"step": steps[0]["id"], "value": ""}).status_code == 409


def test_whoever_lacks_the_role_or_the_practice_is_refused(run, biller, stranger, front_desk):
    step = front_desk.get(f"{API}{run.pk}/steps/").json()[0]["id"]
    assert post(biller, f"{run.pk}/answer/", {"step": step, "value": "done"}).status_code == 403
    assert stranger.get(f"/p/summit/api/v1/checklists/{run.pk}/steps/").status_code == 404
    assert stranger.get(f"{API}{run.pk}/steps/").status_code == 404
    assert [each["value"] for each in front_desk.get(f"{API}{run.pk}/steps/").json()] == [""] * 4
