"""The P&L variance report: made, shown, explained, made final, as a PDF. The list is a Resource."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from finance.permissions import FinancePermission
from finance.selectors import budgets
from kit import clock
from kit.errors import DomainError
from kit.links import to
from practice.audit import note_read
from practice.models import JobRun
from practice.selectors import files
from reports.forms_pnl import ExplainForm, MakeForm
from reports.models import VarianceReport
from reports.permissions import ReportPermission
from reports.rules.variance import group_of
from reports.selectors import pnl as selectors
from reports.services import pnl
from reports.services.pnl import month_end


def _declined(request: Any, *, error: DomainError) -> HttpResponse:
    return render(request, "kit/declined.html", {"message": error.message}, status=error.status)


def _progress(request: Any, *, run: JobRun, following: str) -> HttpResponse:
    """The page of a job, which leads on to ``following``."""
    return redirect(f"{to(request, name='practice:job', job_id=run.pk)}?{urlencode({'next': following})}")


@require_http_methods(["GET", "POST"])
def report_new(request: Any) -> HttpResponse:
    """Have a month's report made; leads to the job that makes it."""
    actor = request.actor
    actor.require(ReportPermission.CHANGE_PNL)
    last = clock.today(ZoneInfo(request.profile.timezone)).replace(day=1) - timedelta(days=1)
    form = MakeForm(data=request.POST or None, actor=actor, last=last)
    if request.method == "POST" and form.is_valid():
        month, basis = form.cleaned_data["month"], form.cleaned_data["basis"]
        try:
            run = pnl.order(month, basis=basis, actor=actor)
            following = to(request, name="reports:pnl_month", month=f"{month:%Y-%m}", basis=basis)
            return _progress(request, run=run, following=following)
        except DomainError as error:
            form.add_error(error.field, error.message)
    return render(request, "reports/pnl_new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def newest(request: Any, month: str, basis: str) -> HttpResponse:
    """The newest version of a month's report."""
    request.actor.require(ReportPermission.VIEW_PNL)
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
    found = selectors.newest(day, basis=basis, actor=request.actor)
    if found is None:
        raise Http404
    return redirect(to(request, name="reports:pnl_report", report_id=found.pk))


@require_GET
def report(request: Any, report_id: uuid.UUID) -> HttpResponse:
    """One report."""
    request.actor.require(ReportPermission.VIEW_PNL)
    found = selectors.get_report(report_id, actor=request.actor)
    note_read(request, what=f"{found}, {found.basis}")
    return _page(request, report=found)


def _page(
    request: Any, *, report: VarianceReport, form: ExplainForm | None = None, line: Any = None
) -> HttpResponse:
    actor = request.actor
    shown = selectors.shown(report)
    chosen = _chosen(shown, wanted=str(line.pk) if line else request.GET.get("line", ""))
    may_explain = actor.may(ReportPermission.CHANGE_PNL) and report.state == VarianceReport.State.DRAFT
    if form is None and chosen and may_explain:
        form = ExplainForm(actor=actor, record=chosen.explanation or None, initial=_said(chosen.explanation))
    budget = budgets.in_force(report.month.year)
    kept = files.of_record(report)
    context = {
        "report": report,
        "shown": shown,
        "rows": [(each, _opens(each, shown=shown)) for each in shown.rows],
        "chosen": chosen,
        "form": form if may_explain else None,
        "spans": _spans(report.month, basis=report.basis),
        "may_open": actor.may(FinancePermission.VIEW_BOOKS),
        "budget": budget if actor.may(FinancePermission.VIEW_BUDGET) else None,
        "may_finalize": actor.may(ReportPermission.FINALIZE_PNL)
        and report.state == VarianceReport.State.DRAFT,
        "may_change": actor.may(ReportPermission.CHANGE_PNL),
        "pdf": kept[0] if kept and pnl.pdf_is_current(report) else None,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "reports/pnl.html", context, status=status)


SECTIONS = {"charges": "revenue", "adjustments": "revenue", "other_revenue": "revenue"}


def _opens(each: selectors.Shown, *, shown: selectors.Report) -> str:
    """The query that opens the journal lines a row sums: its account, its group's accounts, or whole sections."""
    if each.line:
        return f"account={each.line.account_id}"
    groups = each.row.groups
    if each.row.kind == "subtotal":
        inside = [other.line for other in shown.rows if other.line and other.row.line]
        ids = [str(line.account_id) for line in inside if group_of(selectors.account_line(line)) in groups]
        return f"account={','.join(ids)}"
    return "account__section=" + ",".join(dict.fromkeys(SECTIONS.get(code, code) for code in groups))


def _chosen(shown: selectors.Report, *, wanted: str) -> Any:
    """The line beside which words stand: the one asked for, else the first that wants them or has them."""
    for each in shown.rows:
        if each.line and str(each.line.pk) == wanted:
            return each
    return next(iter([*shown.missing, *shown.explained]), None)


def _said(explanation: Any) -> dict[str, Any]:
    return {name: getattr(explanation, name) for name in ExplainForm.base_fields} if explanation else {}


def _spans(month: date, *, basis: str) -> dict[str, str]:
    """The queries that open the journal lines of a column."""
    last = month_end(month)
    before = month.replace(year=month.year - 1)
    spans = {
        "actual": (month, last),
        "prior": (before, month_end(before)),
        "ytd": (month.replace(month=1), last),
    }
    return {
        name: urlencode(
            {"dated_on_from": first.isoformat(), "dated_on_to": end.isoformat(), "basis": f"both,{basis}"}
        )
        for name, (first, end) in spans.items()
    }


@require_POST
def explain(request: Any, report_id: uuid.UUID, line_id: uuid.UUID) -> HttpResponse:
    """Explain a line."""
    found = selectors.get_report(report_id, actor=request.actor)
    line = selectors.get_line(line_id, report=found)
    form = ExplainForm(data=request.POST, actor=request.actor)
    request.actor.require(ReportPermission.CHANGE_PNL)
    if not form.is_valid():
        return _page(request, report=found, form=form, line=line)
    try:
        pnl.explain(line, actor=request.actor, **form.cleaned_data)
    except DomainError as error:
        return _declined(request, error=error)
    messages.success(request, f"{line.account.name} explained")
    return redirect(f"{to(request, name='reports:pnl_report', report_id=found.pk)}?line={line.pk}")


@require_POST
def finalize(request: Any, report_id: uuid.UUID) -> HttpResponse:
    """Make a report final."""
    found = selectors.get_report(report_id, actor=request.actor)
    try:
        pnl.finalize(found, actor=request.actor)
    except DomainError as error:
        return _declined(request, error=error)
    messages.success(request, "Report made final; its PDF is being made")
    return redirect(to(request, name="reports:pnl_report", report_id=found.pk))


@require_POST
def make_pdf(request: Any, report_id: uuid.UUID) -> HttpResponse:
    """Have the PDF made, with progress."""
    found = selectors.get_report(report_id, actor=request.actor)
    run = pnl.order_pdf(found, actor=request.actor)
    return _progress(request, run=run, following=to(request, name="reports:pnl_report", report_id=found.pk))
