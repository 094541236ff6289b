"""What only PostgreSQL can show: its own refusals, prefix search and deep pages under row-level security."""

import re

import pytest
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from practice.models import Payer
from practice.services import places

PAYER = {
    "name": "Alder Mutual",
    "kind": "commercial",
    "filing_code": "CI",
    "filing_days": "90",
    "appeal_days": "60",
    "is_active": "on",
}


def names(answer):
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', answer.content.decode())


def test_a_value_that_is_taken_is_refused_in_words_at_its_field(owner, acting):
    assert owner.send("settings/payers/new/", PAYER).status_code == 302
    answer = owner.send("settings/payers/new/", PAYER)
    assert answer.status_code == 422
    assert answer.content.decode().count("There is already one with this name") == 2
    with acting("owner"):
        assert Payer.objects.filter(name="Alder Mutual").count() == 1


def test_a_double_click_adds_one_and_both_clicks_land_on_it(owner, acting):
    answers = [owner.send("settings/payers/new/", {**PAYER, "idempotency_key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]


def test_a_key_used_for_another_form_is_refused(owner, acting):
    owner.send("settings/payers/new/", {**PAYER, "idempotency_key": "k1"})
    answer = owner.send("settings/payers/new/", {**PAYER, "name": "Other", "idempotency_key": "k1"})
    assert answer.status_code == 422
    with acting("owner"):
        assert not Payer.objects.filter(name="Other").exists()


def test_the_same_name_is_free_in_another_practice(owner, stranger):
    assert owner.send("settings/payers/new/", PAYER).status_code == 302
    assert stranger.send("settings/payers/new/", PAYER).status_code == 302


@pytest.mark.parametrize("sort", ["name", "-filing_days", "payer_id", "-kind"])
def test_deep_pages_have_no_gap_and_no_repeat(owner, acting, monkeypatch, sort):
    monkeypatch.setattr("kit.listing.NUMBERED_PAGES", 1)
    monkeypatch.setattr("kit.views.lists.NUMBERED_PAGES", 1)
    monkeypatch.setattr("kit.listing.PAGE_SIZES", (5, 100))
    with acting("owner") as actor:
        for number in range(23):
            places.add_payer(
                actor=actor, name=f"Plan {number:02}", filing_days=30 + number % 4, payer_id=str(number % 5)
            )
    answer, found = owner.at("settings/payers/", sort=sort), []
    for _ in range(6):
        found += names(answer)
        following = re.search(r'href="(\?[^"]+)" rel="next"', answer.content.decode())
        if following is None:
            break
        answer = owner.get("/p/harbor/settings/payers/" + following[1].replace("&amp;", "&"))
    assert len(found) == len(set(found)) == 23


def test_a_prefix_is_found_literally_and_case_is_kept(acting):
    with acting("owner") as actor:
        for name in ("100% Health", "100 Plan", "alder", "Alder"):
            places.add_payer(actor=actor, name=name)
        assert [p.name for p in Payer.objects.filter(name__prefix="100%")] == ["100% Health"]
        assert [p.name for p in Payer.objects.filter(name__prefix="Al")] == ["Alder"]


def test_the_schema_describes_every_resource_without_a_warning(db):
    # Not by the command of that name: for each line of its warnings it parses the whole file the view stands in.
    reset_generator_stats()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    assert not GENERATOR_STATS, "a warning was printed above"
    paths = schema["paths"].values()
    operations = {operation["operationId"] for path in paths for operation in path.values()}
    assert {"practice_location_list", "practice_payer_create", "practice_room_partial_update"} <= operations
