"""REST: definitions and values with numerator, denominator, unit, version and as-of; bounded; scoped."""

from datetime import datetime

import pytest

from kit import clock
from reports.services import rollup
from tests.reports.kpi_world import NOON, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(acting):
    with clock.at(NOON), acting("manager") as actor:
        made = build(actor)
        rollup.run_all(actor=actor)
        return made


def ask(client, *, code="no_show", **query):
    with clock.at(NOON):
        return client.at(f"api/v1/kpis/{code}/", **query)


def test_the_catalogue_lists_every_definition(world, manager):
    found = manager.at("api/v1/kpis/").json()
    assert len(found) == 20
    by_code = {each["code"]: each for each in found}
    assert by_code["visits"]["denominator"] is None
    assert by_code["net_collection"]["numerator"] == "Payments less refunds"


def test_a_value_comes_with_its_parts_unit_version_and_time(world, manager):
    found = ask(manager, **{"from": "2026-01-01", "to": "2026-01-31"}).json()
    assert found["values"] == [
        {
            "first": "2026-01-01",
            "last": "2026-01-31",
            "numerator": "1.0000",
            "denominator": "7.0000",
            "value": "14.2857",
        }
    ]
    assert (found["unit"], found["definition_version"], found["covers_up_to"]) == ("percent", 1, "2026-02-28")
    assert datetime.fromisoformat(found["as_of"]) == NOON


def test_nothing_to_divide_by_is_null_not_zero(world, manager):
    found = ask(manager, **{"from": "2025-12-01", "to": "2025-12-31"}).json()
    assert found["values"][0]["value"] is None


def test_months_and_days_come_one_by_one_and_by_site(world, manager):
    span = {"from": "2025-12-01", "to": "2026-01-31"}
    months = ask(manager, code="visits", by="month", **span).json()["values"]
    assert [(each["first"], each["value"]) for each in months] == [
        ("2025-12-01", "0.0000"),
        ("2026-01-01", "5.0000"),
    ]
    days = ask(manager, code="visits", by="day", location=str(world.sites["A"].pk), **span).json()["values"]
    assert [(each["first"], each["value"]) for each in days] == [
        ("2026-01-05", "1.0000"),
        ("2026-01-20", "3.0000"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-01-31", "to": "2026-01-01"},
        {"from": "x"},
        {"from": "2020-01-01", "to": "2026-01-01", "by": "day"},
        {"from": "1990-01-01", "to": "2026-01-01", "by": "month"},
        {"by": "hour"},
    ],
)
def test_too_much_or_nonsense_is_refused(world, manager, query):
    assert ask(manager, **query).status_code == 422


def test_unknown_figures_foreign_sites_and_missing_roles(world, manager, front_desk, stranger):
    assert ask(manager, code="nonsense").status_code == 404
    assert ask(manager, location="x").status_code == 422
    assert ask(front_desk).status_code == 403
    assert ask(stranger, location=str(world.sites["A"].pk)).status_code == 404
    assert (
        ask(stranger, **{"from": "2026-01-01", "to": "2026-01-31"}).json()["values"][0]["denominator"]
        == "0.0000"
    )
