"""What belongs to adding alone is unknown to a change; an act on many is refused whole for what each would refuse."""

import json
from uuid import uuid4

import pytest

from compliance.services.programmes import install_programme
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
