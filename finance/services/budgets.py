"""Budgets: uploaded as a sheet, in versions; an approved one is locked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO

from django.db import transaction
from django.db.models import Max

from finance.models import Account, Budget, BudgetLine
from finance.permissions import FinancePermission
from kit import clock, sheet_reader
from kit.errors import Conflict, DomainError
from kit.money import MoneyError, parse_money
from practice.actor import Actor

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LEDGER_FROM = 4000  # only revenue and expense are budgeted here


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """What is wrong in an uploaded sheet: row as the spreadsheet shows it, column, and what to do."""

    row: int
    field: str
    message: str


class SheetRefused(DomainError):
    """A sheet with mistakes: nothing of it was saved. ``mistakes`` says where they are."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        count = len(mistakes)
        super().__init__(
            f"Nothing was saved: correct {count} mistake{'' if count == 1 else 's'} and upload it again.",
            field="file",
        )
        self.mistakes = tuple(mistakes)


Cell = tuple[int, str, int, str]  # row, header, month, text


def _month_of(header: str) -> int | None:
    """1 to 12 for ``Jan``, ``January``, ``1``, ``2026-01`` or ``01/2026``; None for anything else."""
    text = header.strip().lower()
    if text[:3] in MONTHS:
        return MONTHS.index(text[:3]) + 1
    found = re.fullmatch(r"(?:\d{4}-)?(\d{1,2})(?:-\d{1,2}|/\d{4})?", text)
    return int(found[1]) if found and 1 <= int(found[1]) <= 12 else None


def _cells(line: sheet_reader.Line) -> Iterator[Cell]:
    """Amounts of a row, whether months stand across (a column each) or down (columns month and amount)."""
    low = {header.lower(): (header, text) for header, text in line.values.items()}
    if "month" in low and "amount" in low:
        month = _month_of(low["month"][1])
        yield line.number, low["amount"][0] if month else low["month"][0], month or 0, low["amount"][1]
        return
    for header, text in line.values.items():
        month = _month_of(header)
        if month:
            yield line.number, header, month, text


def _read(
    lines: Sequence[sheet_reader.Line], *, accounts: dict[int, Account]
) -> tuple[dict[tuple[int, int], Decimal], list[Mistake]]:
    amounts: dict[tuple[int, int], Decimal] = {}
    mistakes: list[Mistake] = []
    for line in lines:
        text = next((text for name, text in line.values.items() if name.lower() == "account"), "")
        number = re.match(r"\d{4}", text)
        if number is None or int(number[0]) not in accounts:
            said = "Enter the number of a revenue or expense account" if text else "Enter the account"
            mistakes.append(Mistake(row=line.number, field="account", message=said))
            continue
        for row, header, month, amount in _cells(line):
            key = (int(number[0]), month)
            try:
                if not month:
                    raise MoneyError("Enter the month as 1 to 12, Jan to Dec, or 2026-01")
                if key in amounts and amount:
                    raise MoneyError("This account has an amount for this month already")
                if amount:
                    amounts[key] = parse_money(amount)
            except MoneyError as error:
                mistakes.append(Mistake(row=row, field=header, message=str(error)))
    return amounts, mistakes


@transaction.atomic
def import_budget(file: IO[bytes], *, year: int, actor: Actor) -> Budget:
    """Read a year's budget from a CSV or XLSX sheet into a new draft version.

    Columns: ``account`` and one per month, or ``account``, ``month`` and ``amount``; amounts in dollars,
    positive as the account normally runs. Raises SheetRefused with every mistake; then nothing is saved.
    """
    actor.require(FinancePermission.CHANGE_BUDGET)
    lines = sheet_reader.read(file)
    if not lines:
        raise DomainError("Upload a sheet with at least one account.", field="file")
    names = {name.lower() for name in lines[0].values}
    if "account" not in names or not ({"month", "amount"} <= names or any(map(_month_of, names))):
        raise DomainError("Give the sheet a column account and one for each month.", field="file")
    accounts = {account.number: account for account in Account.objects.filter(number__gte=LEDGER_FROM)}
    amounts, mistakes = _read(lines, accounts=accounts)
    if mistakes:
        raise SheetRefused(mistakes)
    return _save(amounts, year=year, accounts=accounts, actor=actor)


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
