"""Pages of the books that are no plain list: budgets, the accountant's upload, closing a month."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from finance.forms import BudgetForm, JournalForm, MonthForm
from finance.permissions import FinancePermission
from finance.selectors import books, budgets
from finance.services import budgets as budget_services
from finance.services import imports, periods
from kit import clock
from kit.errors import DomainError
from kit.links import to
from kit.money import ZERO
from kit.words import counted
from practice.audit import note_read

PAGE = 50
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _refused(form: Any, *, error: DomainError) -> tuple[Any, ...]:
    """Put a refusal at its field; the mistakes of a sheet come back for a table."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
    return getattr(error, "mistakes", ())


@require_http_methods(["GET", "POST"])
def budget_list(request: Any) -> HttpResponse:
    """All budgets, and the form to upload one."""
    actor = request.actor
    actor.require(FinancePermission.VIEW_BUDGET)
    today = clock.today(ZoneInfo(request.profile.timezone))
    form = BudgetForm(
        data=request.POST or None, files=request.FILES or None, actor=actor, initial={"year": today.year}
    )
    mistakes: tuple[Any, ...] = ()
    if request.method == "POST":
        actor.require(FinancePermission.CHANGE_BUDGET)
        if form.is_valid():
            try:
                made = budget_services.import_budget(
                    form.cleaned_data["file"], year=form.cleaned_data["year"], actor=actor
                )
                return redirect(to(request, name="finance:budget", budget_id=made.pk))
            except DomainError as error:
                mistakes = _refused(form, error=error)
    context = {
        "form": form if actor.may(FinancePermission.CHANGE_BUDGET) else None,
        "mistakes": mistakes,
        "rows": budgets.visible_to(actor)[:PAGE],
    }
    note_read(request, what="Budgets")
    return render(request, "finance/budgets.html", context, status=422 if form.errors else 200)


@require_GET
def budget(request: Any, budget_id: uuid.UUID) -> HttpResponse:
    """One budget: accounts by months, with totals."""
    request.actor.require(FinancePermission.VIEW_BUDGET)
    found = budgets.get_budget(budget_id, actor=request.actor)
    rows = [(label, months, sum((m or ZERO for m in months), ZERO)) for label, months in budgets.grid(found)]
    note_read(request, what=str(found))
    return render(
        request,
        "finance/budget.html",
        {
            "budget": found,
            "rows": rows,
            "months": MONTHS,
            "may_approve": request.actor.may(FinancePermission.APPROVE_BUDGET) and found.state != "approved",
        },
    )


@require_POST
def budget_approve(request: Any, budget_id: uuid.UUID) -> HttpResponse:
    """Approve a budget."""
    found = budgets.get_budget(budget_id, actor=request.actor)
    try:
        budget_services.approve(found, actor=request.actor)
    except DomainError as error:
        return render(request, "kit/declined.html", {"message": error.message}, status=error.status)
    messages.success(request, f"{found} approved")
    return redirect(to(request, name="finance:budget", budget_id=found.pk))


@require_http_methods(["GET", "POST"])
def upload(request: Any) -> HttpResponse:
    """Upload the accountant's journals."""
    actor = request.actor
    actor.require(FinancePermission.POST_JOURNAL)
    form = JournalForm(data=request.POST or None, files=request.FILES or None, actor=actor)
    mistakes: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            count = imports.import_journal(form.cleaned_data["file"], actor=actor)
            said = (
                f"{counted(count, one='journal', many='journals')} posted"
                if count
                else "This file was posted before"
            )
            messages.success(request, said)
            return redirect(to(request, name="kit:finance_journal_list"))
        except DomainError as error:
            mistakes = _refused(form, error=error)
    return render(
        request,
        "finance/upload.html",
        {"form": form, "mistakes": mistakes},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def months(request: Any) -> HttpResponse:
    """Closed months, and the form to close one."""
    actor = request.actor
    actor.require(FinancePermission.VIEW_BOOKS)
    form = MonthForm(data=request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        today = clock.today(ZoneInfo(request.profile.timezone))
        try:
            period = periods.close_month(form.cleaned_data["month"], today=today, actor=actor)
            messages.success(request, f"{period} closed")
            return redirect(to(request, name="finance:months"))
        except DomainError as error:
            _refused(form, error=error)
    context = {
        "form": form if actor.may(FinancePermission.CLOSE_PERIOD) else None,
        "rows": books.periods(actor)[:PAGE],
    }
    return render(request, "finance/months.html", context, status=422 if form.errors else 200)
