"""⌘K: patients, claims and pages of one's own practice and rights, nothing else; searches are logged."""

from datetime import date

import pytest

from patients.services.patients import register
from practice.models import AuditAccess
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def zelda():
    actor = actor_named("manager")
    with in_practice(actor):
        return register(
            actor=actor,
            first_name="Zelda",
            last_name="Quibble",
            birth_date=date(1980, 3, 4),
            phone="9145550123",
        )


def labels(client, text):
    answer = client.at("palette/", q=text)
    assert answer.status_code == 200
    return [hit["label"] for hit in answer.json()]


def test_a_patient_is_found_by_the_start_of_the_name_and_the_search_is_logged(front_desk, zelda):
    assert labels(front_desk, "quib") == ["Quibble, Zelda"]
    with in_practice(actor_named("manager")):
        assert AuditAccess.objects.filter(action="search", patients__patient_id=zelda.pk).count() == 1


def test_another_practice_finds_nobody_of_ours(stranger, zelda):
    assert labels(stranger, "quib") == []


def test_pages_are_found_by_their_words_and_only_those_one_may_see(owner, front_desk):
    assert "API tokens" in labels(owner, "token")
    assert labels(front_desk, "token") == []


def test_what_was_opened_last_is_offered_first_and_only_while_it_may_be_seen(owner, front_desk, acting):
    from practice.services import places

    with acting("owner") as actor:
        one, two = (places.add_location(actor=actor, name=name) for name in ("Pier Clinic", "Quay Clinic"))
    for site in (one, two, one):
        owner.at(f"settings/locations/{site.pk}/")
    assert labels(owner, "")[:2] == ["Pier Clinic", "Quay Clinic"]
    assert "Pier Clinic" not in labels(front_desk, "")


def test_a_record_is_found_by_what_its_resource_says_and_things_can_be_done(manager, stranger, acting):
    from staff.services import employees

    with acting("manager") as actor:
        person = employees.add(actor=actor, first_name="Nell", last_name="Quartermain", job_title="Nurse")
    page = f"/p/harbor/staff/employees/{person.pk}/"
    hits = {hit["url"]: hit for hit in manager.at("palette/", q="quarterm").json()}
    assert page in hits
    assert stranger.at("palette/", q="quarterm").json() == []
    assert "New location" in labels(manager, "new loc")
    here = [hit["label"] for hit in manager.at("palette/", q="", at=page).json() if hit["group"] == "Do here"]
    assert "Put on leave" in here
    assert [hit for hit in stranger.at("palette/", q="", at=page).json() if hit["group"] == "Do here"] == []
