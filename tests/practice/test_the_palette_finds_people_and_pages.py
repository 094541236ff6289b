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
