"""Pages of the books that no declaration says: a budget's grid, and the ways to the import of a sheet."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from finance.permissions import FinancePermission
from finance.selectors import budgets
from finance.sheet_targets import BUDGET, JOURNAL
from kit.links import to
from kit.money import ZERO
from kit.views import gate
from practice.audit import note_read

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@require_GET
def budget_upload(request: Any) -> HttpResponse:
    """A year's budget comes in as every sheet does."""
    request.actor.require(FinancePermission.CHANGE_BUDGET)
    return redirect(f"{to(request, name='practice:import_new')}?target={BUDGET.name}")


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


@require_GET
def upload(request: Any) -> HttpResponse:
    """The accountant's journals come in as every sheet does."""
    request.actor.require(FinancePermission.POST_JOURNAL)
    return redirect(f"{to(request, name='practice:import_new')}?target={JOURNAL.name}")
