"""Pages of the books that no declaration says: a budget's grid, sheets of budgets and journals."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from finance.forms import BudgetForm, JournalForm
from finance.permissions import FinancePermission
from finance.selectors import budgets
from finance.services import budgets as budget_services
from finance.services import imports
from kit import clock
from kit.errors import DomainError
from kit.links import to
from kit.money import ZERO
from kit.views import gate
from kit.words import counted
from practice.audit import note_read

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _refused(form: Any, *, error: DomainError) -> tuple[Any, ...]:
    """Put a refusal at its field; the mistakes of a sheet come back for a table."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
    return getattr(error, "mistakes", ())


@require_http_methods(["GET", "POST"])
def budget_upload(request: Any) -> HttpResponse:
    """A year's budget from a sheet; the mistakes of the sheet come back row by row."""
    actor = request.actor
    actor.require(FinancePermission.CHANGE_BUDGET)
    today = clock.today(ZoneInfo(request.profile.timezone))
    form = BudgetForm(
        data=request.POST or None, files=request.FILES or None, actor=actor, initial={"year": today.year}
    )
    mistakes: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = budget_services.import_budget(
                form.cleaned_data["file"], year=form.cleaned_data["year"], actor=actor
            )
            return redirect(to(request, name="finance:budget", budget_id=made.pk))
        except DomainError as error:
            mistakes = _refused(form, error=error)
    context = {"form": form, "mistakes": mistakes}
    return render(request, "finance/budget_upload.html", context, status=422 if form.errors else 200)


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
            "may_approve": request.actor.may(FinancePermission.APPROVE_BUDGET) and found.can_approve,
            "nonce": gate.nonce(request),
        },
    )


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
