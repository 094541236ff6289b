"""A month with a P&L report: the owners' page opens with its income against the budget and the way there."""

import pytest

from kit import clock
from practice.models import Location
from reports.services import pnl, rollup
from tests.cast import actor_named, in_practice
from tests.reports.kpi_world import build
from tests.reports.pnl_world import MONTH, NOW, books

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(db):
    with in_practice(actor_named("manager")) as actor, clock.at(NOW):
        books(actor)
        build(actor)
        rollup.run_all(actor=actor)
        return pnl.make(MONTH, basis="accrual", actor=actor)


def page(client, **query):
    with clock.at(NOW):
        return client.at("reports/owner/", month="2026-02", **query).content.decode()


def test_income_comes_first_with_its_budget_and_a_verdict_in_words(report, owner):
    text = page(owner)
    first = text.split('class="wr-tile"')[1]
    assert "Net income" in first
    assert "$54,800" in first
    assert "Budget $" in first
    assert "favorable" in first
    assert text.count('class="wr-tile"') == 8
    assert f"reports/pnl/{report.pk}/" in first


def test_the_waterfall_of_the_report_stands_on_the_page(report, owner):
    text = page(owner)
    assert "Net income was $54,800" in text
    assert "Running total" in text


def test_a_single_site_has_no_income_of_its_own(report, owner, acting):
    with acting("manager"):
        site = Location.objects.first()
    text = page(owner, location=str(site.pk))
    assert "Net income" not in text
    assert text.count('class="wr-tile"') == 8
