"""Each of the twenty key figures comes out as docs/algorithms/kpis.md works it out by hand, per month and site."""

from datetime import date
from decimal import Decimal

import pytest

from kit import clock
from reports.catalogue import KPIS
from reports.rules.kpi import month_end, month_start
from reports.selectors import kpis
from reports.services import rollup
from tests.reports.kpi_world import NOON, build, table

pytestmark = pytest.mark.django_db
FIGURES = table("Figures")


@pytest.fixture
def world(acting):
    with clock.at(NOON), acting("manager") as actor:
        made = build(actor)
        rollup.run_all(actor=actor)
        yield made


def asked(row, *, world):
    first = date.fromisoformat(row["month"] + "-01")
    site = None if row["site"] == "all" else world.sites[row["site"]].pk
    return kpis.get_kpi(row["figure"]), first, site


def same(row, *, figure):
    bottom = None if figure.denominator is None else figure.denominator
    assert figure.numerator == Decimal(row["numerator"]), row
    assert bottom == (Decimal(row["denominator"]) if row["denominator"] else None), row
    written = "n/a" if figure.value is None else figure.value.quantize(Decimal("0.1"))
    assert written == (row["value"] if row["value"] == "n/a" else Decimal(row["value"])), row


def test_every_figure_of_the_page_as_a_month_of_the_pages(world):
    for row in FIGURES:
        kpi, first, site = asked(row, world=world)
        upto = min(month_end(first), date(2026, 2, 28))
        found = kpis.months(world.actor, starts=[first], upto=upto, location=site, kpis=[kpi])
        same(row, figure=found[kpi.code][0])


def test_every_figure_of_the_page_as_a_stretch_of_days(world):
    for row in FIGURES:
        kpi, first, site = asked(row, world=world)
        same(row, figure=kpis.period(world.actor, kpi=kpi, first=first, last=month_end(first), location=site))


def test_the_page_works_all_of_them_out():
    assert {row["figure"] for row in FIGURES} == {kpi.code for kpi in KPIS}
    assert len(KPIS) == 20


def test_a_balance_passes_ninety_days_on_its_ninety_first(world):
    kpi = kpis.get_kpi("ar_over_90")
    read = {
        day: kpis.period(world.actor, kpi=kpi, first=month_start(day), last=day).numerator
        for day in (date(2026, 1, 3), date(2026, 1, 4))
    }
    assert read == {date(2026, 1, 3): Decimal(0), date(2026, 1, 4): Decimal("400.00")}


def test_the_window_forgets_a_charge_after_ninety_days(world):
    kpi = kpis.get_kpi("days_in_ar")
    read = {
        day: kpis.period(world.actor, kpi=kpi, first=month_start(day), last=day)
        for day in (date(2025, 12, 31), date(2026, 1, 1))
    }
    assert [figure.denominator for figure in read.values()] == [Decimal("400.00"), Decimal(0)]
    assert read[date(2026, 1, 1)].value is None


def test_imported_visits_and_claims_have_no_lag(world):
    visit = world.visit(patient="Sam", site="B", on=date(2026, 1, 14), via="import")
    charge = world.charge(visit=visit, amount="80.00", posted=date(2026, 1, 14))
    claim = world.claim(charge, submitted=date(2026, 1, 14), origin="import")
    world.post(charge, kind="insurance_payment", amount="-80.00", posted=date(2026, 1, 14), claim_id=claim.pk)
    rollup.run_all(actor=world.actor)
    read = {
        code: kpis.period(
            world.actor, kpi=kpis.get_kpi(code), first=date(2026, 1, 1), last=date(2026, 1, 31)
        ).denominator
        for code in ("charge_lag", "payment_lag", "gross_collection")
    }
    assert read == {
        "charge_lag": Decimal(3),
        "payment_lag": Decimal(2),
        "gross_collection": Decimal("680.00"),
    }
