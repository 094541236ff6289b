"""Every read of budgets."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.http import Http404

from finance.models import Budget, BudgetLine
from finance.permissions import FinancePermission
from practice.actor import Actor


def visible_to(actor: Actor) -> QuerySet[Budget]:
    """The budgets."""
    every = Budget.objects.select_related("approved_by__user")
    return every if actor.may(FinancePermission.VIEW_BUDGET) else every.none()


def get_budget(budget_id: uuid.UUID, *, actor: Actor) -> Budget:
    """One budget, or 404."""
    found = visible_to(actor).filter(pk=budget_id).first()
    if found is None:
        raise Http404
    return found


def in_force(year: int) -> Budget | None:
    """The budget a year is measured by: the newest approved version, else the newest of all."""
    every = Budget.objects.filter(year=year).order_by("-version")
    return every.filter(state=Budget.State.APPROVED).first() or every.first()


def sums(budget: Budget, *, first: date, last: date) -> dict[uuid.UUID, Decimal]:
    """What a budget plans for each account over the months from ``first`` to ``last``."""
    rows = (
        BudgetLine.objects.filter(budget_id=budget.pk, month__gte=first, month__lte=last)
        .values_list("account_id")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    return dict(rows)


def grid(budget: Budget) -> list[tuple[str, list[Decimal | None]]]:
    """Rows of account and twelve months (None where nothing is planned), in the order of the chart."""
    rows: dict[str, list[Decimal | None]] = {}
    found = (
        BudgetLine.objects.filter(budget_id=budget.pk)
        .values_list("account__number", "account__name", "month")
        .annotate(total=Sum("amount"))
        .order_by("account__number", "month")
    )
    for number, name, month, total in found:
        rows.setdefault(f"{number} {name}", [None] * 12)[month.month - 1] = total
    return list(rows.items())
