"""The pages of rules and deadlines, and the same by REST."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practice.models import RuleCheck, RuleValue
from practice.services import holidays, rule_values
from practice.services.rule_catalogue import definitions

pytestmark = pytest.mark.django_db
BREACH = "breach.individuals_days"
PAGE = f"settings/rules/{BREACH}/"
NEW = "settings/rule-values/new/"
VALUE = {"code": BREACH, "value": "45", "effective_from": "01/01/2040", "reason": "State law"}


def hidden(answer):
    return dict(answer.context["given"])


def test_the_list_finds_a_rule_by_its_source_and_says_who_verified_it(manager):
    pages = [manager.at(f"settings/rules/?page={number}").content for number in (1, 2)]
    assert pages[0].count(b'scope="row"') == 100, "a page the browser carries lightly"
    assert sum(page.count(b'scope="row"') for page in pages) == len(definitions())
    found = manager.at("settings/rules/?q=164.404")
    assert found.content.count(b'scope="row"') == 1
    assert b"Not verified" in found.content
    assert b"No rule fits" in manager.at("settings/rules/?q=nothing+like+it").content
    assert b"No change is planned" in manager.at("settings/rules/?view=coming").content


def test_the_list_costs_the_same_however_many_values_there_are(manager, acting):
    def cost():
        manager.at("settings/rules/")
        with CaptureQueriesContext(connection) as asked:
            assert manager.at("settings/rules/").status_code == 200
        return len(asked)

    few = cost()
    with acting("manager") as actor:
        for number, code in enumerate(list(definitions())[:10]):
            if definitions()[code].unit != "time of day":
                rule_values.set_value(
                    actor=actor, code=code, value="7", effective_from=date(2026, 1, 1 + number), reason="x"
                )
    assert cost() == few


def test_a_change_is_told_in_words_before_it_is_kept_and_then_once(manager):
    told = manager.send(NEW, VALUE)
    assert "From 01/01/2040: 60 calendar days → 45 calendar days" in told.content.decode()
    assert not RuleValue.objects.exists()
    sent = hidden(told)
    for _ in range(2):
        assert manager.send(NEW, sent).status_code == 302
    page = manager.at(PAGE).content.decode()
    assert "45 calendar days" in page
    assert "Mara Mendez" in page
    assert b"From" in manager.at("settings/rules/?view=coming").content


def test_what_cannot_be_keeps_what_was_typed(manager):
    refused = manager.send(NEW, VALUE | {"value": "90"})
    assert refused.status_code == 422
    assert b"at most 60 calendar days" in refused.content
    assert b"State law" in refused.content
    assert manager.send(NEW, {}).status_code == 422
    assert not RuleValue.objects.exists()


def test_a_check_keeps_who_and_when_and_where(manager, front_desk):
    form = {"effective_from": "2013-03-26", "own": "False", "found_in": "ecfr.gov"}
    assert front_desk.send(f"{PAGE}check/", form).status_code == 403
    assert manager.send(f"{PAGE}check/", form | {"found_in": ""}).status_code == 422
    assert manager.send(f"{PAGE}check/", form | {"effective_from": "2013-03-27"}).status_code == 404
    assert not RuleCheck.objects.exists()
    assert manager.send(f"{PAGE}check/", form).status_code == 302
    page = manager.at(PAGE).content.decode()
    assert "Verified" in page
    assert "ecfr.gov" in page


def test_only_those_who_may_see_and_change(front_desk, stranger, manager, nobody):
    assert front_desk.at("settings/rules/").status_code == 200
    assert b"Set your own" not in front_desk.at(PAGE).content
    assert front_desk.at(NEW).status_code == 403
    assert front_desk.send(NEW, VALUE).status_code == 403
    assert manager.at("settings/rules/no.such/").status_code == 404
    assert stranger.get(f"/p/harbor/{PAGE}").status_code == 404
    assert nobody.at(PAGE).status_code == 302


def test_another_practices_values_are_not_shown(manager, stranger):
    manager.send(NEW, hidden(manager.send(NEW, VALUE)))
    assert b"State law" in manager.at(PAGE).content
    assert b"State law" not in stranger.at(PAGE).content


def test_a_deadline_names_each_skipped_day(manager, acting):
    with acting("manager") as actor:
        holidays.add(actor=actor, day=date(2026, 11, 27), name="Bridge day", status="closed")
        holidays.add(actor=actor, day=date(2026, 10, 12), name="We work", status="open")
    asked = {
        "start": "11/25/2026", "length": "1", "unit": "business days", "direction": "after", "roll": "stay",
    }  # fmt: skip
    page = manager.at("settings/deadlines/", **asked).content.decode()
    assert "Due Monday, November 30, 2026" in re.sub(r"<[^>]+>", "", page)
    for why in ("Thanksgiving Day", "Bridge day", "Saturday", "Sunday"):
        assert why in page
    assert "November 27, 2026" in manager.at("settings/deadlines/", **asked, by_law="on").content.decode()
    worked = manager.at("settings/deadlines/", **asked | {"start": "10/09/2026"}).content.decode()
    assert "October 12, 2026" in worked
    refused = manager.at("settings/deadlines/", **asked | {"length": "x"})
    assert (refused.status_code, b"enter a number" in refused.content) == (422, True)
    taken = manager.at("settings/deadlines/", rule="estimate.booked_far_days").content.decode()
    assert 'value="3"' in taken


def test_the_same_by_rest(manager):
    manager.send(NEW, hidden(manager.send(NEW, VALUE)))
    rules = {row["code"]: row for row in manager.at("api/v1/rules/").json()}
    assert rules[BREACH]["value"] == "60"
    assert rules[BREACH]["changes_on"] == "2040-01-01"
    later = {row["code"]: row for row in manager.at("api/v1/rules/", on="2040-01-01").json()}
    assert (later[BREACH]["words"], later[BREACH]["own"]) == ("45 calendar days", True)
    told = manager.at(f"api/v1/rules/{BREACH}/").json()
    assert [(row["value"], row["reason"]) for row in told] == [("45", "State law"), ("60", "")]
    assert manager.at("api/v1/rules/no.such/").status_code == 404
    due = manager.at("api/v1/deadlines/", start="2026-07-02", length="1", unit="business days").json()
    assert (due["due"], due["skipped"][0]["why"]) == ("2026-07-06", "Independence Day (kept)")
    assert manager.at("api/v1/deadlines/", start="2026-07-02", length="-1", unit="months").status_code == 422
