"""The accountant's journals, uploaded as a sheet: payroll, rent, everything Wellrun does not post itself."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO

from django.db import transaction

from finance.models import Account
from finance.permissions import FinancePermission
from finance.services import journal
from finance.services.budgets import Mistake, SheetRefused
from finance.services.journal import Basis, Entry, Line
from kit import sheet_reader
from kit.errors import DomainError
from kit.forms import DATES
from kit.money import ZERO, MoneyError, parse_money
from practice.actor import Actor
from practice.models import Location

SOURCE = "accountant"
NEEDED = {"date", "account", "debit", "credit"}
# Wellrun posts these from its own ledger: one source of truth per account (DOMAIN.md 9).
OWN = frozenset({1100, 4100, 4150, 4200, 4250, 4280, 4800})


class _Row:
    """One row while it is read: its values, and the mistakes found in it."""

    def __init__(self, line: sheet_reader.Line) -> None:
        self.number = line.number
        self.values = {name.lower(): text for name, text in line.values.items()}
        self.mistakes: list[Mistake] = []

    def wrong(self, field: str, *, message: str) -> None:
        self.mistakes.append(Mistake(row=self.number, field=field, message=message))

    def day(self) -> date:
        for form in DATES:
            try:
                return datetime.strptime(self.values.get("date", ""), form).date()
            except ValueError:
                continue
        self.wrong("date", message="Enter a date like 03/04/2026")
        return date.min

    def money(self, field: str) -> Decimal:
        text = self.values.get(field, "")
        if not text:
            return ZERO
        try:
            return parse_money(text)
        except MoneyError as error:
            self.wrong(field, message=str(error))
            return ZERO

    def account(self, known: set[int]) -> int:
        text = self.values.get("account", "")[:4]
        number = int(text) if text.isascii() and text.isdigit() else 0
        if number in OWN:
            self.wrong("account", message="Wellrun posts this account from the patient ledger")
        elif number not in known:
            self.wrong("account", message="Enter the number of an account of the chart")
        return number

    def site(self, sites: dict[str, uuid.UUID]) -> uuid.UUID | None:
        text = self.values.get("location", "")
        if text and text.lower() not in sites:
            self.wrong("location", message="Enter a location as it is written in Settings, or leave it empty")
        return sites.get(text.lower())

    def line(self, *, known: set[int], sites: dict[str, uuid.UUID]) -> Line:
        """The journal line of this row."""
        debit, credit = self.money("debit"), self.money("credit")
        if not self.mistakes and (min(debit, credit) < 0 or bool(debit) == bool(credit)):
            self.wrong("debit", message="Enter either a debit or a credit, above zero")
        return Line(
            account=self.account(known),
            debit=debit,
            credit=credit,
            basis=Basis.BOTH,
            location_id=self.site(sites),
        )


@transaction.atomic
def import_journal(file: IO[bytes], *, actor: Actor) -> int:
    """Read journals from a CSV or XLSX sheet: one per day and memo. Returns how many were new.

    Columns: date, account, debit, credit; memo and location where wanted. The same file again posts nothing.
    Raises SheetRefused with every mistake, DomainError for a closed month; then nothing is posted.
    """
    actor.require(FinancePermission.POST_JOURNAL)
    body = file.read(sheet_reader.BYTES + 1)
    lines = sheet_reader.read(io.BytesIO(body))
    if not lines or not {name.lower() for name in lines[0].values} >= NEEDED:
        raise DomainError("Give the sheet the columns date, account, debit and credit.", field="file")
    entries = _entries(lines, digest=hashlib.sha256(body).hexdigest()[:32])
    try:
        return journal.post_all(entries, actor=actor)
    except DomainError as error:
        raise DomainError(error.message, field="file") from error


def _entries(lines: Sequence[sheet_reader.Line], *, digest: str) -> list[Entry]:
    known = set(Account.objects.values_list("number", flat=True))
    sites = {name.lower(): pk for name, pk in Location.objects.values_list("name", "id")}
    groups: dict[tuple[date, str], list[Line]] = {}
    rows: dict[tuple[date, str], int] = {}
    mistakes: list[Mistake] = []
    for line in lines:
        row = _Row(line)
        key = (row.day(), row.values.get("memo", ""))
        groups.setdefault(key, []).append(row.line(known=known, sites=sites))
        rows.setdefault(key, row.number)
        mistakes += row.mistakes
    entries = [
        Entry(
            dated_on=day,
            source=SOURCE,
            source_key=f"{digest}/{rows[day, memo]}",
            lines=tuple(found),
            memo=memo,
        )
        for (day, memo), found in groups.items()
    ]
    for entry in entries if not mistakes else []:
        try:
            journal.check(entry)
        except DomainError as error:
            row_number = int(entry.source_key.rpartition("/")[2])
            mistakes.append(Mistake(row=row_number, field="debit", message=error.message))
    if mistakes:
        raise SheetRefused(mistakes)
    return entries
