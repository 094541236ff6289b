"""Every figure opens the rows it counts, and they add up to it: each KPI, each site, each page of rows."""

from dataclasses import replace
from datetime import date

import pytest

from kit import clock
from patients.models import Patient
from reports.catalogue import KPIS
from reports.selectors import drill, kpis
from reports.services import rollup
from tests.reports.kpi_world import NOON, build

pytestmark = pytest.mark.django_db
JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
PERIODS = (
    JANUARY,
    (date(2025, 12, 1), date(2025, 12, 31)),
    (date(2026, 1, 10), date(2026, 1, 20)),
    (date(2022, 1, 1), date(2022, 12, 31)),
)


@pytest.fixture
def world(acting):
    with clock.at(NOON), acting("manager") as actor:
        made = build(actor)
        rollup.run_all(actor=actor)
        yield made


def all_rows(kpi, *, part, days, actor, location=None, size=2):
    """Every page of the rows of a part."""
    after, found = "", []
    while True:
        page = drill.rows(
            kpi,
            part=part,
            first=days[0],
            last=days[1],
            actor=actor,
            location=location,
            after=after,
            size=size,
        )
        found += page.rows
        if not page.after:
            return page, found
        after = page.after


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.code)
def test_the_rows_of_every_figure_add_up_for_all_and_each_site(world, kpi):
    for days in PERIODS:
        for location in (None, world.sites["A"].pk, world.sites["B"].pk):
            figure = kpis.period(world.actor, kpi=kpi, first=days[0], last=days[1], location=location)
            for part, stored in ((kpi.numerator, figure.numerator), (kpi.denominator, figure.denominator)):
                if part is None:
                    continue
                page, rows = all_rows(kpi, part=part, days=days, actor=world.actor, location=location)
                assert page.total == stored, (days, location, part)
                assert sum(row.amount for row in rows) == stored
                assert len(rows) == page.count == len({row.key for row in rows})


def test_an_actor_of_one_site_sees_its_rows_and_figures_only(world):
    here = replace(world.actor, locations=frozenset({world.sites["A"].pk}))
    for kpi in KPIS:
        own = kpis.period(
            world.actor, kpi=kpi, first=JANUARY[0], last=JANUARY[1], location=world.sites["A"].pk
        )
        seen = kpis.period(here, kpi=kpi, first=JANUARY[0], last=JANUARY[1])
        assert seen == own
        page, _ = all_rows(kpi, part=kpi.numerator, days=JANUARY, actor=here)
        assert page.total == own.numerator
        other, rows = all_rows(
            kpi, part=kpi.numerator, days=JANUARY, actor=here, location=world.sites["B"].pk
        )
        assert (other.total, rows) == (0, [])


def test_a_restricted_patient_counts_but_is_not_named(world):
    Patient.objects.filter(pk=world.people["Rosa"].pk).update(is_restricted=True)
    kpi = kpis.get_kpi("visits")
    hidden = frozenset(world.actor.permissions) - {"patients.view_restricted"}
    _, rows = all_rows(kpi, part=kpi.numerator, days=JANUARY, actor=replace(world.actor, permissions=hidden))
    assert sorted(str(row.patient and row.patient.first_name) for row in rows) == [
        "Ann",
        "Bea",
        "None",
        "None",
        "Sam",
    ]


def test_without_the_records_permission_only_the_sum_is_told(world):
    kpi = kpis.get_kpi("days_in_ar")
    fewer = frozenset(world.actor.permissions) - {"billing.view_ledger"}
    page, rows = all_rows(
        kpi, part=kpi.numerator, days=JANUARY, actor=replace(world.actor, permissions=fewer)
    )
    assert (rows, page.missing, page.total) == ([], "billing.view_ledger", 685)
