"""Every read of P&L variance reports, and a report as pages and paper show it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from kit.charts import Chart, Step, waterfall
from kit.words import counted, dollars, percent
from practice.actor import Actor
from practice.models import PracticeProfile
from practice.services.rules import rule
from reports.models import VarianceExplanation, VarianceLine, VarianceReport
from reports.permissions import ReportPermission
from reports.rules import variance as rules
from reports.rules.variance import AccountLine, Columns, Row, Split
from reports.rules.waterfall import Effect, cut_below, effects, patient_split


def visible_to(actor: Actor) -> QuerySet[VarianceReport]:
    """The reports. They cover every site: a site's scope sees none."""
    every = VarianceReport.objects.select_related("prepared_by__user", "finalized_by__user")
    if not actor.may(ReportPermission.VIEW_PNL) or actor.locations:
        return every.none()
    return every


def listed(actor: Actor) -> QuerySet[VarianceReport]:
    """The reports with how many of their lines want an explanation, and how many of those have none."""
    wanted = Count("lines", filter=Q(lines__is_material=True))
    missing = Count("lines", filter=Q(lines__is_material=True, lines__explanations=None))
    return visible_to(actor).annotate(material=wanted, missing=missing)


def get_report(report_id: uuid.UUID, *, actor: Actor) -> VarianceReport:
    """One report, or 404."""
    found = visible_to(actor).filter(pk=report_id).first()
    if found is None:
        raise Http404
    return found


def newest(month: date, *, basis: str, actor: Actor) -> VarianceReport | None:
    """The newest version of a month's report in one basis."""
    return visible_to(actor).filter(month=month, basis=basis).order_by("-version").first()


def get_line(line_id: uuid.UUID, *, report: VarianceReport) -> VarianceLine:
    """One line of a report this actor may see, or 404."""
    found = VarianceLine.objects.filter(pk=line_id, report_id=report.pk).select_related("account").first()
    if found is None:
        raise Http404
    return found


def thresholds(day: date) -> tuple[Decimal, Decimal]:
    """From what percent and how many dollars on an explanation is due."""
    return (
        rule("variance.material_percent", on=day).number,
        rule("variance.material_amount", on=day).number,
    )


def zone() -> str:
    """The practice's own time zone. Inside ``acting_in``."""
    return str(PracticeProfile.objects.values_list("timezone", flat=True).get())


def unexplained(report: VarianceReport) -> list[VarianceLine]:
    """Material lines without an explanation, in the chart's order."""
    wanting = VarianceLine.objects.filter(report_id=report.pk, is_material=True, explanations=None)
    return list(wanting.select_related("account").order_by("account__number"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A row with what stands beside it: its explanation, its number in the PDF, whether one is missing."""

    row: Row
    line: VarianceLine | None
    explanation: VarianceExplanation | None
    number: int | None
    is_missing: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A report as it is shown: every row, the way from budget to actual, its words."""

    head: VarianceReport
    rows: list[Shown]
    explained: list[Shown]
    missing: list[Shown]
    split: Split | None
    steps: list[Effect]
    chart: Chart | None
    lead: str
    percent: Decimal
    dollars: Decimal

    @property
    def missing_words(self) -> str:
        """``2 explanations missing``."""
        return counted(len(self.missing), one="explanation", many="explanations") + " missing"

    def total(self, code: str) -> Row:
        """One of the sums, by its code in ``reports.rules.variance.ORDER``."""
        return next(shown.row for shown in self.rows if shown.row.code == code)


def shown(report: VarianceReport) -> Report:
    """Put a report together from its frozen lines: three queries, whatever its size."""
    lines = list(
        VarianceLine.objects.filter(report_id=report.pk)
        .select_related("account")
        .prefetch_related("explanations__written_by__user", "explanations__action_owner__user")
    )
    by_key = {str(line.pk): line for line in lines}
    plain = [account_line(line) for line in lines]
    rows = _rows(rules.statement(plain), by_key=by_key)
    split = patient_split(plain, units=report.visits_actual, planned_units=report.visits_planned)
    steps = effects(plain, split=split)
    net = next(each.row for each in rows if each.row.code == "net_income")
    least, amount = thresholds(report.month)
    return Report(
        head=report,
        rows=rows,
        explained=[each for each in rows if each.explanation],
        missing=[each for each in rows if each.is_missing],
        split=split,
        steps=steps,
        chart=_chart(net, steps=steps),
        lead=_lead(net, steps=steps),
        percent=least,
        dollars=amount,
    )


def account_line(line: VarianceLine) -> AccountLine:
    """A stored line as the rules take it."""
    account = line.account
    return AccountLine(
        number=account.number,
        name=account.name,
        section=account.section,
        is_contra=account.is_contra,
        polarity=account.polarity,
        key=str(line.pk),
        values=Columns(
            actual=line.actual,
            budget=line.budget,
            prior_year=line.prior_year,
            ytd_actual=line.ytd_actual,
            ytd_budget=line.ytd_budget,
            ytd_prior_year=line.ytd_prior_year,
        ),
    )


def _rows(rows: list[Row], *, by_key: dict[str, VarianceLine]) -> list[Shown]:
    found: list[Shown] = []
    number = 0
    for row in rows:
        line = by_key[row.line.key] if row.line else None
        explanation = next(iter(line.explanations.all()), None) if line else None
        number += 1 if explanation else 0
        found.append(
            Shown(
                row=row,
                line=line,
                explanation=explanation,
                number=number if explanation else None,
                is_missing=bool(line and line.is_material and not explanation),
            )
        )
    return found


def _finding(net: Row) -> str:
    """What the month came to, in a sentence without its full stop."""
    values: Any = net.values
    said = f"Net income was {dollars(values.actual, whole=True)}"
    against = net.month
    if against is None:
        return f"{said}; there is no budget to measure it by"
    if not against.amount:
        return f"{said}, on budget"
    off = f"{dollars(abs(against.amount), whole=True)} {'over' if against.amount > 0 else 'under'} budget"
    return f"{said}, {off}"


def _chart(net: Row, *, steps: list[Effect]) -> Chart | None:
    values: Any = net.values
    if values.budget is None:
        return None
    columns = [
        Step("Budgeted income", values.budget, "total"),
        *(Step(step.label, step.amount) for step in steps),
        Step("Actual income", values.actual, "total"),
    ]
    return waterfall(columns, title=_finding(net), cut=cut_below(values.budget, steps=steps))


def _lead(net: Row, *, steps: list[Effect]) -> str:
    """The summary's words: the finding, the largest step down, the largest step up."""
    against = net.month
    share = f" ({percent(abs(against.ratio))})" if against and against.ratio and against.amount else ""
    sentences = [f"{_finding(net)}{share}."]
    worst = min(steps, key=lambda step: step.amount, default=None)
    best = max(steps, key=lambda step: step.amount, default=None)
    if worst and worst.amount < 0:
        sentences.append(f"{worst.label} took away {dollars(-worst.amount, whole=True)}.")
    if best and best.amount > 0:
        sentences.append(f"{best.label} added {dollars(best.amount, whole=True)}.")
    return " ".join(sentences)
