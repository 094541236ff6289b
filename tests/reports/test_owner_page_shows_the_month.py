"""The owners' page: eight numbers at most, each a link; stale figures said plainly; queries that do not grow."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit import clock
from practice.models import JobRun, Location
from reports.models import RollupRun
from reports.services import rollup
from tests.reports.kpi_world import NOON, bare, build

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)


@pytest.fixture
def world(acting):
    with clock.at(NOON), acting("manager") as actor:
        made = build(actor)
        rollup.run_all(actor=actor)
        return made


def test_the_month_stands_in_eight_tiles_at_most_each_with_its_value(world, owner):
    with clock.at(NOON):
        page = owner.at("reports/owner/", month="2026-01")
    text = page.content.decode()
    assert page.status_code == 200
    assert 1 < text.count('class="wr-tile"') <= 8
    for figure in ("$205", "38.0%", "102.8 days", "51.1%", "33.3%", "14.3%"):
        assert figure in text, figure
    assert "Target up to 12.0%" in text
    assert "Above" in text


def test_every_tile_opens_the_rows_it_counts(world, owner):
    with clock.at(NOON):
        text = owner.at("reports/owner/", month="2026-01").content.decode()
        links = re.findall(r'class="wr-tile" href="([^"]+)"', text)
        assert links
        for link in links:
            assert owner.get(link.replace("&amp;", "&")).status_code == 200


def test_each_cell_of_the_ar_table_opens_balances_that_add_up_to_it(world, owner):
    with clock.at(NOON):
        text = owner.at("reports/owner/").content.decode()
        cells = re.findall(r'<td class="wr-heat--\d"><a href="([^"]+)">(.*?)</a>', text)
        assert len(cells) == 10
        for link, amount in cells:
            page = owner.get(link.replace("&amp;", "&")).content.decode()
            total = re.search(r"<span>Total (.*?)</span>", page).group(1)
            assert total.split(".")[0] == amount, link


def test_figures_of_two_nights_ago_are_called_old(world, owner):
    with clock.at(NOON + timedelta(days=3)):
        assert "3 days old" in owner.at("reports/owner/").content.decode()
    with clock.at(NOON):
        assert "days old" not in owner.at("reports/owner/").content.decode()


def test_before_the_first_night_the_page_says_so(owner):
    text = owner.at("reports/owner/").content.decode()
    assert "No figures yet" in text
    assert "wr-tile__v" not in text


def test_another_practice_sees_nothing_of_it(world, stranger):
    with clock.at(NOON):
        text = stranger.at("reports/owner/").content.decode()
    assert "No figures yet" in text
    assert "$205" not in text


def test_the_front_desk_may_not_open_it(front_desk):
    assert front_desk.at("reports/owner/").status_code == 403


@pytest.mark.parametrize(
    "query", [{"month": "2026-13"}, {"month": "x"}, {"month": "2030-01"}, {"location": "x"}]
)
def test_an_address_that_means_nothing_is_not_found(world, owner, query):
    with clock.at(NOON):
        assert owner.at("reports/owner/", **query).status_code == 404


def test_the_site_of_another_practice_is_not_found(world, owner, acting):
    with acting("stranger") as stranger:
        foreign = Location.objects.create(practice_id=stranger.practice_id, name="Elsewhere")
    with clock.at(NOON):
        assert owner.at("reports/owner/", location=str(foreign.pk)).status_code == 404


def queries(owner):
    with clock.at(NOON), CaptureQueriesContext(connection) as seen:
        assert owner.at("reports/owner/", month="2026-01").status_code == 200
    return [query["sql"] for query in seen.captured_queries]


def test_more_sites_days_and_rows_ask_no_more_questions(world, owner, acting):
    queries(owner)  # the first request of a session writes to it
    before = queries(owner)
    with clock.at(NOON), acting("manager") as actor:
        for _ in range(4):
            more = bare(actor)
            for back in range(30):
                on = date(2026, 1, 30) - timedelta(days=back * 9)
                visit = more.visit(patient=f"P{back % 5}", site="A", on=on)
                more.charge(visit=visit, amount="100.00", posted=on, billed=on)
        rollup.run_all(actor=actor)
    after = queries(owner)
    assert len(after) == len(before), [query for query in after if query not in before]
    assert len(before) <= 45


def test_a_failed_night_keeps_the_last_figures_and_says_so(world, owner, acting):
    with acting("manager") as actor:
        JobRun.objects.create(practice_id=actor.practice_id, kind="reports.rollup", key="x", state="failed")
        assert RollupRun.objects.get().finished_at is not None
    with clock.at(NOON):
        text = owner.at("reports/owner/", month="2026-01").content.decode()
    assert "The last computation failed." in text
    assert "38.0%" in text
