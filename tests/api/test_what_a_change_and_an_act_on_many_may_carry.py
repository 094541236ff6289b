"""What belongs to adding alone is unknown to a change; an act on many is refused whole for what each would refuse."""

import json
from uuid import uuid4

import pytest

from compliance.services.programmes import install_programme
from practice.api_docs import schema
from tests.cast import actor_named, in_practice
from tests.patients.consent_samples import consent_form

pytestmark = pytest.mark.django_db
API = "/p/harbor/api/v1"


def send(visitor, path, body, *, method="post", **headers):
    return getattr(visitor, method)(
        f"{API}/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def test_what_is_asked_only_when_adding_is_unknown_to_a_change(owner):
    with in_practice(actor_named("owner")) as actor:
        programme = install_programme(actor=actor, checklist="security")
    address = f"compliance/programmes/{programme.pk}/"
    etag = owner.get(f"{API}/{address}")["ETag"]
    answer = send(owner, address, {"checklist": "privacy"}, method="patch", **{"If-Match": etag})
    assert (answer.status_code, "checklist" in answer.json()["detail"]) == (422, True)
    answer = send(owner, address, {"is_active": False}, method="patch", **{"If-Match": etag})
    assert (answer.status_code, answer.json()["is_active"]) == (200, False)


def test_what_is_asked_only_later_is_unknown_when_adding(owner):
    answer = send(owner, "compliance/programmes/", {"checklist": "privacy", "is_active": False})
    assert (answer.status_code, "is_active" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize("body", [{"source": None}, {"source": ""}, {}])
def test_an_act_on_many_without_what_it_needs_is_refused_whole(owner, body):
    answer = send(owner, "staff/credentials/bulk/verify/", {**body, "ids": [str(uuid4())]})
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"source"}


@pytest.mark.parametrize("number", ["\udb54\udec9\u0000", "\x00", "A\n"])
def test_a_number_that_is_no_text_names_nobody(owner, number):
    with in_practice(actor_named("owner")) as actor:
        version = consent_form(actor)
    body = {"patient": number, "version": str(version.pk), "answer": "signed"}
    answer = send(owner, "patients/consents/", body, **{"Idempotency-Key": "one"})
    assert answer.status_code == 422
    assert "patient" in {each["field"] for each in answer.json()["errors"]}


def test_what_the_service_fills_in_is_not_required_and_an_address_is_never_empty(owner):
    announced = send(owner, "announcements/", {"title": "Doors", "text": "The front door locks at six"})
    assert (announced.status_code, bool(announced.json()["from_on"])) == (201, True)
    hired = {"last_name": "Lind", "first_name": "Nora", "job_title": "Nurse", "hired_on": "2026-03-02"}
    refused = send(owner, "staff/employees/", {**hired, "email": ""})
    assert [each["field"] for each in refused.json()["errors"]] == ["email"]
    assert send(owner, "staff/employees/", {**hired, "email": None}).status_code == 201


def test_the_schema_knows_what_is_optional_and_what_is_asked_when():
    bodies = schema()["components"]["schemas"]
    assert "from_on" not in bodies["practice_announcement_new"]["required"]
    assert "material" not in bodies["practice_announcement_new"]["properties"]
    assert "material" in bodies["Patchedpractice_announcement_change"]["properties"]
    assert "checklist" not in bodies["Patchedcompliance_programme_change"]["properties"]
    assert "relationship" not in bodies["patients_coverage_renew_input"]["properties"]
