"""A key figure's page: definition, rows with links, and plain words when rows and figure have parted."""

from datetime import date

import pytest
from django.utils.html import escape

from kit import clock
from practice.models import JobRun
from reports.catalogue import KPIS
from reports.services import rollup
from tests.reports.kpi_world import NOON, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(acting):
    with clock.at(NOON), acting("manager") as actor:
        made = build(actor)
        rollup.run_all(actor=actor)
        return made


def test_the_page_of_every_figure_shows_figure_definition_and_rows(world, manager):
    with clock.at(NOON):
        for kpi in KPIS:
            page = manager.at(f"reports/kpi/{kpi.code}/", **{"from": "2026-01-01", "to": "2026-01-31"})
            text = page.content.decode()
            assert page.status_code == 200, kpi.code
            assert escape(kpi.formula) in text
            assert ("A. Doe" if kpi.code == "third_next_available" else "Lind") in text
            assert "add up to" not in text


def test_rows_that_changed_since_the_night_are_said_to_differ(world, manager, acting):
    with acting("manager"):
        world.visit(patient="Sam", site="A", on=date(2026, 1, 9))
    with clock.at(NOON):
        text = manager.at("reports/kpi/visits/", month="2026-01").content.decode()
    assert "These rows add up to 6 now" in text
    assert "came to 5" in text


def test_an_unknown_figure_is_not_found_and_a_stranger_sees_no_rows(world, manager, stranger, front_desk):
    with clock.at(NOON):
        assert manager.at("reports/kpi/nonsense/").status_code == 404
        assert (
            manager.at("reports/kpi/visits/", **{"from": "2026-01-01", "to": "2025-01-01"}).status_code == 404
        )
        text = stranger.at(
            "reports/kpi/visits/", **{"from": "2026-01-01", "to": "2026-01-31"}
        ).content.decode()
        assert "Lind" not in text
        assert "No rows." in text
        assert front_desk.at("reports/kpi/visits/").status_code == 403


def test_the_wall_shows_all_ten(world, manager):
    with clock.at(NOON):
        text = manager.at("reports/kpi/", month="2026-01").content.decode()
    assert text.count('class="wr-tile"') == 20
    for kpi in KPIS:
        assert kpi.name in text


def test_computing_again_is_asked_of_the_background_by_those_who_may(world, manager, biller, acting):
    assert biller.send("reports/kpi/compute/").status_code == 403
    assert manager.send("reports/kpi/compute/").status_code == 302
    with acting("manager"):
        assert [row.args for row in JobRun.objects.filter(kind="reports.rollup")] == [{"all": True}]
