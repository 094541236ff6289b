"""Budgets: uploaded as a sheet, in versions; an approved one is locked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, cast

from django.db import transaction
from django.db.models import Max

from finance.models import Account, Budget, BudgetLine
from finance.permissions import FinancePermission
from finance.sheet_targets import BUDGET, MONTHS
from kit import clock
from kit.errors import Conflict, DomainError
from kit.money import MoneyError, parse_money
from kit.sheet_reader import Mistake, SheetRefused
from kit.sheet_target import SheetRow, Whole
from practice.actor import Actor
from practice.services import sheet_direct

LEDGER_FROM = 4000  # only revenue and expense are budgeted here
ACROSS = {f"m{number:02}": number for number in range(1, 13)}
Cell = tuple[str, int, str]  # field, month, text


def _month_of(text: str) -> int:
    """1 to 12 for ``Jan``, ``January``, ``1``, ``2026-01`` or ``01/2026``; 0 for anything else."""
    low = text.strip().lower()
    if low[:3] in MONTHS:
        return MONTHS.index(low[:3]) + 1
    found = re.fullmatch(r"(?:\d{4}-)?(\d{1,2})(?:-\d{1,2}|/\d{4})?", low)
    return int(found[1]) if found and 1 <= int(found[1]) <= 12 else 0


def _cells(row: SheetRow) -> Iterator[Cell]:
    """Amounts of a row, whether months stand across (a column each) or down (columns month and amount)."""
    if "month" in row.texts and "amount" in row.texts:
        month = _month_of(row.texts["month"])
        yield "amount" if month else "month", month, row.texts["amount"]
        return
    for name, text in row.texts.items():
        if name in ACROSS:
            yield name, ACROSS[name], text


def _read(
    rows: Sequence[SheetRow], *, accounts: dict[int, Account]
) -> tuple[dict[tuple[int, int], Decimal], list[Mistake]]:
    amounts: dict[tuple[int, int], Decimal] = {}
    mistakes: list[Mistake] = []
    for row in rows:
        mistakes += row.wrong
        text = row.texts.get("account", "")
        number = re.match(r"\d{4}(?!\d)", text)
        if number is None or int(number[0]) not in accounts:
            said = "Enter the number of a revenue or expense account" if text else "Enter the account"
            mistakes.append(Mistake(row=row.number, field=row.heading("account"), message=said))
            continue
        for name, month, amount in _cells(row):
            key = (int(number[0]), month)
            try:
                if not month:
                    raise MoneyError("Enter the month as 1 to 12, Jan to Dec, or 2026-01")
                if key in amounts and amount:
                    raise MoneyError("This account has an amount for this month already")
                if amount:
                    amounts[key] = parse_money(amount)
            except MoneyError as error:
                mistakes.append(Mistake(row=row.number, field=row.heading(name), message=str(error)))
    return amounts, mistakes


@transaction.atomic
def import_budget(file: IO[bytes], *, year: int, actor: Actor) -> Budget:
    """Read a year's budget from a sheet into a new draft version, here and now.

    Columns: ``account`` and one per month, or ``account``, ``month`` and ``amount``; amounts in dollars,
    positive as the account normally runs. Raises SheetRefused with every mistake; then nothing is saved.
    """
    whole = sheet_direct.take_all(file, target=BUDGET, options={"year": str(year)}, actor=actor)
    return cast(Budget, whole.records[0])


@transaction.atomic
def take_sheet(rows: Sequence[SheetRow], *, key: str, options: Mapping[str, str], actor: Actor) -> Whole:
    """The rows of a sheet as a new draft version of ``options["year"]``. Raises SheetRefused with every mistake."""
    actor.require(FinancePermission.CHANGE_BUDGET)
    if not rows:
        raise DomainError("Upload a sheet with at least one account.", field="file")
    accounts = {account.number: account for account in Account.objects.filter(number__gte=LEDGER_FROM)}
    amounts, mistakes = _read(rows, accounts=accounts)
    if mistakes:
        raise SheetRefused(mistakes)
    budget = _save(amounts, year=int(options["year"]), accounts=accounts, actor=actor)
    return Whole(records=[budget], new=len(rows))


@transaction.atomic
def discard(budget: Budget, *, actor: Actor) -> None:
    """Take a draft away with its lines. Raises Conflict once somebody has approved it."""
    actor.require(FinancePermission.CHANGE_BUDGET)
    locked = Budget.objects.select_for_update(of=("self",), no_key=True).get(pk=budget.pk)
    if locked.state == Budget.State.APPROVED:
        raise Conflict("is approved: upload a new version in its place")
    locked.delete()


def _save(
    amounts: dict[tuple[int, int], Decimal], *, year: int, accounts: dict[int, Account], actor: Actor
) -> Budget:
    newest = Budget.objects.filter(year=year).aggregate(newest=Max("version"))["newest"] or 0
    budget = Budget.objects.create(practice_id=actor.practice_id, year=year, version=newest + 1)
    BudgetLine.objects.bulk_create(
        BudgetLine(
            practice_id=actor.practice_id,
            budget=budget,
            account=accounts[number],
            month=date(year, month, 1),
            amount=amount,
        )
        for (number, month), amount in sorted(amounts.items())
    )
    return budget


@transaction.atomic
def approve(budget: Budget, *, actor: Actor) -> Budget:
    """Approve a version, which locks it: a change is a new version. Raises Conflict when it is approved already."""
    actor.require(FinancePermission.APPROVE_BUDGET)
    locked = Budget.objects.select_for_update(of=("self",), no_key=True).get(pk=budget.pk)
    if locked.state == Budget.State.APPROVED:
        raise Conflict("This budget is approved already.")
    locked.state, locked.approved_at = Budget.State.APPROVED, clock.now()
    locked.approved_by_id = actor.membership_id
    locked.save()
    return locked
