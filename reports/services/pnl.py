"""The monthly P&L variance report: made from the journal and the budget, explained, made final."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q

from finance.models import Account, Budget
from finance.selectors import books, budgets
from finance.services import drivers
from finance.services.journal import lock_books
from kit import clock
from kit.errors import Conflict, DomainError
from kit.money import ZERO
from practice import jobs
from practice.actor import Actor
from practice.models import Attachment, JobRun, Membership
from practice.services import attachments
from reports.models import VarianceExplanation, VarianceLine, VarianceReport
from reports.permissions import ReportPermission
from reports.rules import variance as rules
from reports.selectors import pnl as selectors
from scheduling.models import Appointment

State = VarianceReport.State
MAKE, PDF = "reports.pnl", "reports.pnl_pdf"
FIGURES = ("actual", "budget", "prior_year", "ytd_actual", "ytd_budget", "ytd_prior_year", "is_material")


def month_end(month: date) -> date:
    """The last day of a month."""
    return (month.replace(day=28) + timedelta(days=7)).replace(day=1) - timedelta(days=1)


def _years_ago(day: date, *, first: bool) -> date:
    """The same month a year earlier: its first or last day."""
    start = day.replace(year=day.year - 1, day=1)
    return start if first else month_end(start)


@transaction.atomic
def order(month: date, *, basis: str, actor: Actor) -> JobRun:
    """Have a month's report made in the background, again when it was made before. Returns the job.

    Raises DomainError for a month that has not ended.
    """
    actor.require(ReportPermission.CHANGE_PNL)
    _ended(month)
    key = f"{month:%Y-%m}" if basis == VarianceReport.Basis.ACCRUAL else f"{month:%Y-%m}:{basis}"
    run = jobs.enqueue(MAKE, actor=actor, key=key, args={"month": f"{month:%Y-%m}", "basis": basis})
    return jobs.again(run, actor=actor)


def _ended(month: date) -> None:
    if month.replace(day=1) >= clock.today(ZoneInfo(selectors.zone())).replace(day=1):
        raise DomainError("Choose a month that has ended.", field="month")


@transaction.atomic
def make(month: date, *, basis: str, actor: Actor) -> VarianceReport:
    """Freeze a month's figures: actual, budget, prior year, month and year to date, in one basis.

    A draft is replaced and keeps its explanations; after a final one comes the next version. Raises DomainError
    for a month that has not ended.
    """
    actor.require(ReportPermission.CHANGE_PNL)
    month = month.replace(day=1)
    _ended(month)
    lock_books(actor=actor)  # nothing is posted while it is read, and two makers come one after the other
    report = _draft(month, basis=basis, actor=actor)
    budget = budgets.in_force(month.year)
    report.budget_label = f"{budget}, {budget.get_state_display().lower()}" if budget else ""
    report.visits_planned, report.visits_actual = _visits(month, actor=actor)
    report.as_of = clock.now()
    report.save()
    _freeze(report, budget=budget, actor=actor)
    return report


def _draft(month: date, *, basis: str, actor: Actor) -> VarianceReport:
    """The open draft of the month, or the next version."""
    latest = (
        VarianceReport.objects.select_for_update(of=("self",), no_key=True)
        .filter(month=month, basis=basis)
        .order_by("-version")
        .first()
    )
    if latest is not None and latest.state == State.DRAFT:
        latest.prepared_by_id = actor.membership_id or latest.prepared_by_id
        return latest
    return VarianceReport(
        practice_id=actor.practice_id,
        month=month,
        basis=basis,
        version=latest.version + 1 if latest else 1,
        prepared_by_id=actor.membership_id,
    )


def _visits(month: date, *, actor: Actor) -> tuple[Decimal | None, Decimal | None]:
    """Planned and completed visits of the month; the count of each site is pushed down as the driver's value."""
    found = Appointment.objects.filter(
        status=Appointment.Status.COMPLETED, local_day__gte=month, local_day__lte=month_end(month)
    )
    counts = dict(found.order_by().values_list("location_id").annotate(count=Count("id")))
    for location in counts.keys() | books.driver_sites("visits", month=month):
        actual = Decimal(counts.get(location, 0))
        drivers.record("visits", month=month, actual=actual, location_id=location, actor=actor)
    return books.driver_month("visits", month=month)


def _freeze(report: VarianceReport, *, budget: Budget | None, actor: Actor) -> None:
    """Write the report's lines over what it had; lines of accounts without figures go."""
    month, last, start = report.month, month_end(report.month), report.month.replace(month=1)
    spans = {
        "actual": (month, last),
        "prior_year": (_years_ago(month, first=True), _years_ago(month, first=False)),
        "ytd_actual": (start, last),
        "ytd_prior_year": (start.replace(year=start.year - 1), _years_ago(month, first=False)),
    }
    sums = {
        name: books.sums(first=first, last=end, basis=report.basis) for name, (first, end) in spans.items()
    }
    if budget is not None:
        sums["budget"] = budgets.sums(budget, first=month, last=month)
        sums["ytd_budget"] = budgets.sums(budget, first=start, last=month)
    elsewhere = rules.CASH_ONLY if report.basis == VarianceReport.Basis.ACCRUAL else rules.ACCRUAL_ONLY
    least, dollars = selectors.thresholds(month)
    lines = []
    for account in Account.objects.filter(number__gte=4000).exclude(number__in=elsewhere):
        values = {name: found.get(account.pk, ZERO) for name, found in sums.items()}
        if any(values.values()):
            line = VarianceLine(practice_id=actor.practice_id, report=report, account=account, **values)
            line.is_material = _material(line, polarity=account.polarity, least=least, dollars=dollars)
            lines.append(line)
    kept = [line.account_id for line in lines]
    VarianceLine.objects.filter(report_id=report.pk).filter(~Q(account_id__in=kept)).delete()
    VarianceLine.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["practice", "report", "account"], update_fields=FIGURES
    )


def _material(line: VarianceLine, *, polarity: int, least: Decimal, dollars: Decimal) -> bool:
    if line.budget is None:
        return False
    found = rules.variance(line.actual, budget=line.budget, polarity=polarity)
    return rules.is_material(found, percent=least, dollars=dollars)


def _open(report_id: uuid.UUID) -> VarianceReport:
    """The report, locked; Conflict when it is final."""
    locked = VarianceReport.objects.select_for_update(of=("self",), no_key=True).get(pk=report_id)
    if locked.state == State.FINAL:
        raise Conflict("This report is final. Make the month again to get a new version.")
    return locked


@transaction.atomic
def explain(
    line: VarianceLine,
    *,
    cause: str,
    text: str,
    is_permanent: bool = False,
    full_year_effect: Decimal | None = None,
    action: str = "",
    action_owner: Membership | None = None,
    action_due_on: date | None = None,
    actor: Actor,
) -> VarianceExplanation:
    """Say why a line is off; said again, it replaces what was said. Raises Conflict on a final report."""
    actor.require(ReportPermission.CHANGE_PNL)
    _open(line.report_id)
    explanation, _ = VarianceExplanation.objects.update_or_create(
        practice_id=actor.practice_id,
        line=line,
        defaults={
            "cause": cause,
            "text": text,
            "is_permanent": is_permanent,
            "full_year_effect": full_year_effect,
            "action": action,
            "action_owner": action_owner,
            "action_due_on": action_due_on,
            "written_by_id": actor.membership_id,
        },
    )
    return explanation


@transaction.atomic
def finalize(report: VarianceReport, *, actor: Actor) -> VarianceReport:
    """Make a report final; its PDF is made again in the background.

    Raises DomainError naming every material line without an explanation, Conflict when it is final already.
    """
    actor.require(ReportPermission.FINALIZE_PNL)
    locked = _open(report.pk)
    if missing := selectors.unexplained(locked):
        names = ", ".join(str(line.account) for line in missing)
        raise DomainError(f"Explain these lines first: {names}.")
    locked.state, locked.finalized_at = State.FINAL, clock.now()
    locked.finalized_by_id = actor.membership_id
    locked.save()
    order_pdf(locked, actor=actor)
    return locked


def order_pdf(report: VarianceReport, *, actor: Actor) -> JobRun:
    """Have the report's PDF made in the background, again when it was made before."""
    actor.require(ReportPermission.VIEW_PNL)
    key = f"{report.pk}:{report.state}"
    run = jobs.enqueue(PDF, actor=actor, key=key, args={"report": str(report.pk)})
    return jobs.again(run, actor=actor)


@transaction.atomic
def keep_pdf(report_id: uuid.UUID, *, content: bytes, rendered_from: Any, actor: Actor) -> Attachment:
    """Store a rendered PDF with its report; ``rendered_from`` is the moment its figures were read."""
    locked = VarianceReport.objects.select_for_update(of=("self",), no_key=True).get(pk=report_id)
    name = f"pnl-variance-{locked.month:%Y-%m}-{locked.basis}-v{locked.version}-{locked.state}.pdf"
    kept = attachments.store(content, name=name, record=locked, note="P&L variance report", actor=actor)
    locked.pdf_made_at = rendered_from
    locked.save(update_fields=["pdf_made_at"])
    return kept


def pdf_is_current(report: VarianceReport) -> bool:
    """Whether the PDF was made after the last change of the report and of its explanations."""
    if report.pdf_made_at is None:
        return False
    since = VarianceExplanation.objects.filter(
        line__report_id=report.pk, updated_at__gt=report.pdf_made_at
    ).exists()
    return not since and report.pdf_made_at >= max(report.as_of, report.finalized_at or report.as_of)
