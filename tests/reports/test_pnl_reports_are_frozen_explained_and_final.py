"""Making, explaining and finalizing the P&L variance report below the web."""

from datetime import date
from decimal import Decimal

import pytest

from finance.services import journal
from finance.services.journal import Line
from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import JobRun
from reports.models import VarianceExplanation, VarianceLine, VarianceReport
from reports.selectors import pnl as selectors
from reports.services import pnl
from tests.reports.pnl_world import MONTH, NOW, books

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(acting):
    with acting("manager") as found, clock.at(NOW):
        books(found)
        yield found


def make(actor, *, month=MONTH, basis="accrual"):
    return pnl.make(month, basis=basis, actor=actor)


def line(report, account):
    return VarianceLine.objects.get(report=report, account__number=account)


def explain(report, account, *, actor, text="Agency cover."):
    return pnl.explain(line(report, account), cause="one_off", text=text, actor=actor)


def test_the_figures_come_from_journal_budget_and_a_year_ago(actor):
    rent = line(make(actor), 6100)
    assert (rent.actual, rent.budget, rent.prior_year) == (Decimal(4200), Decimal(4200), Decimal(4000))
    assert (rent.ytd_actual, rent.ytd_budget, rent.ytd_prior_year) == (
        Decimal(8400), Decimal(8400), Decimal(4000),
    )  # fmt: skip


def test_accrual_and_cash_show_the_accounts_of_their_own_book(actor):
    numbers = {
        basis: set(
            VarianceLine.objects.filter(report=make(actor, basis=basis)).values_list(
                "account__number", flat=True
            )
        )
        for basis in ("accrual", "cash")
    }
    assert numbers == {"accrual": {4100, 4200, 5800, 6100, 7100}, "cash": {4150, 5800, 6100, 7100}}


def test_totals_are_those_of_the_journal(actor):
    shown = selectors.shown(make(actor))
    assert shown.total("net_revenue").values.actual == Decimal(80000)
    assert shown.total("net_income").values.actual == Decimal(54800)
    assert shown.total("net_income").month.amount == Decimal("-15000")
    assert "under budget" in shown.chart.title


def test_material_lines_are_those_past_both_thresholds(actor):
    report = make(actor)
    material = VarianceLine.objects.filter(report=report, is_material=True)
    assert set(material.values_list("account__number", flat=True)) == {5800, 7100}


def test_a_draft_is_made_again_in_place_and_keeps_its_explanations(actor):
    report = make(actor)
    explain(report, 5800, actor=actor)
    amount = Decimal("500.00")
    journal.post(
        dated_on=date(2026, 2, 28),
        source="test",
        source_key="more",
        lines=(Line(account=5800, debit=amount), Line(account=1010, credit=amount)),
        actor=actor,
    )
    assert line(report, 5800).actual == Decimal(9000)
    assert make(actor).pk == report.pk
    assert line(report, 5800).actual == Decimal(9500)
    assert VarianceExplanation.objects.get().line == line(report, 5800)
    assert VarianceReport.objects.count() == 1


def test_final_is_refused_and_names_every_line_without_an_explanation(actor):
    report = make(actor)
    with pytest.raises(DomainError, match=r"5800 .*, 7100 "):
        pnl.finalize(report, actor=actor)
    explain(report, 5800, actor=actor)
    with pytest.raises(DomainError, match=r"first: 7100 "):
        pnl.finalize(report, actor=actor)
    report.refresh_from_db()
    assert (report.state, report.finalized_at) == ("draft", None)
    assert not JobRun.objects.filter(kind="reports.pnl_pdf").exists()


def test_explained_it_becomes_final_and_its_pdf_is_ordered(actor):
    report = make(actor)
    for account in (5800, 7100):
        explain(report, account, actor=actor)
    final = pnl.finalize(report, actor=actor)
    assert (final.state, final.finalized_by_id) == ("final", actor.membership_id)
    assert JobRun.objects.filter(kind="reports.pnl_pdf").count() == 1


def final(actor):
    report = make(actor)
    for account in (5800, 7100):
        explain(report, account, actor=actor)
    return pnl.finalize(report, actor=actor)


def test_a_final_report_is_not_touched_again(actor):
    report = final(actor)
    with pytest.raises(Conflict):
        explain(report, 5800, actor=actor, text="Other words.")
    with pytest.raises(Conflict):
        pnl.finalize(report, actor=actor)
    assert set(VarianceExplanation.objects.values_list("text", flat=True)) == {"Agency cover."}


def test_after_a_final_one_comes_the_next_version(actor):
    report = final(actor)
    newer = make(actor)
    assert (report.version, newer.version, newer.state) == (1, 2, "draft")
    assert selectors.newest(MONTH, basis="accrual", actor=actor) == newer


def test_a_month_that_runs_is_refused(actor):
    with pytest.raises(DomainError, match="has ended"):
        make(actor, month=date(2026, 3, 1))
    with pytest.raises(DomainError, match="has ended"):
        pnl.order(date(2026, 3, 1), basis="accrual", actor=actor)
    assert not VarianceReport.objects.exists()


def test_without_a_budget_there_is_nothing_to_explain(acting):
    with acting("manager") as actor, clock.at(NOW):
        books(actor, budget=False)
        report = make(actor)
        assert set(report.lines.values_list("budget", "is_material")) == {(None, False)}
        shown = selectors.shown(report)
        assert shown.chart is None
        assert "no budget" in shown.lead


def test_who_may_only_look_makes_explains_and_finalizes_nothing(actor, acting):
    report = make(actor)
    with acting("physician") as physician:
        for act in (
            lambda: make(physician),
            lambda: explain(report, 5800, actor=physician),
            lambda: pnl.finalize(report, actor=physician),
        ):
            with pytest.raises(Forbidden):
                act()
        assert (VarianceReport.objects.count(), VarianceExplanation.objects.count()) == (1, 0)
