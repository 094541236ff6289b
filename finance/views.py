"""Pages of the books that are no plain list: budgets, the accountant's upload, closing a month."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from finance.forms import MonthForm
from finance.permissions import FinancePermission
from finance.selectors import books, budgets
from finance.services import budgets as budget_services
from finance.services import periods
from finance.sheet_targets import JOURNAL
from kit import clock
from kit.errors import DomainError
from kit.links import to
from kit.money import ZERO
from kit.writes import explain
from practice.audit import note_read
from practice.permissions import PracticePermission

PAGE = 50
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@require_GET
def budget_list(request: Any) -> HttpResponse:
    """All budgets; a new one is uploaded as every sheet is."""
    actor = request.actor
    actor.require(FinancePermission.VIEW_BUDGET)
    note_read(request, what="Budgets")
    may_upload = actor.may(FinancePermission.CHANGE_BUDGET) and actor.may(PracticePermission.RUN_IMPORTS)
    context = {"rows": budgets.visible_to(actor)[:PAGE], "may_upload": may_upload}
    return render(request, "finance/budgets.html", context)


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


@require_GET
def upload(request: Any) -> HttpResponse:
    """The accountant's journals come in as every sheet does."""
    request.actor.require(FinancePermission.POST_JOURNAL)
    return redirect(f"{to(request, name='practice:import_new')}?target={JOURNAL.name}")


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
            explain(form, error=error)
    context = {
        "form": form if actor.may(FinancePermission.CLOSE_PERIOD) else None,
        "rows": books.periods(actor)[:PAGE],
    }
    return render(request, "finance/months.html", context, status=422 if form.errors else 200)
