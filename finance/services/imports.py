"""The accountant's journals, uploaded as a sheet: payroll, rent, everything Wellrun does not post itself."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import IO

from django.db import transaction

from finance.models import Account, Journal
from finance.permissions import FinancePermission
from finance.services import journal
from finance.services.journal import Basis, Entry, Line
from finance.sheet_targets import JOURNAL
from kit.errors import DomainError
from kit.money import ZERO, MoneyError, parse_money
from kit.sheet_reader import Mistake, SheetRefused
from kit.sheet_target import SheetRow, Whole
from practice.actor import Actor
from practice.models import Location
from practice.services import sheet_direct

SOURCE = "accountant"
NUMBER = re.compile(r"\d{4}(?!\d)", re.ASCII)
# Wellrun posts these from its own ledger: one source of truth per account (DOMAIN.md 9).
OWN = frozenset({1100, 4100, 4150, 4200, 4250, 4280, 4800})


class _Row:
    """One row while it is read: its texts, and the mistakes found in it."""

    def __init__(self, row: SheetRow) -> None:
        self.row, self.number = row, row.number
        self.mistakes = list(row.wrong)

    def wrong(self, field: str, *, message: str) -> None:
        self.mistakes.append(Mistake(row=self.number, field=self.row.heading(field), message=message))

    def day(self) -> date:
        if text := self.row.texts.get("date", ""):
            return date.fromisoformat(text)
        if "date" in self.row.texts:  # else the sheet's reading has said what is wrong
            self.wrong("date", message="Enter a date like 03/04/2026")
        return date.min

    def money(self, field: str) -> Decimal:
        text = self.row.texts.get(field, "")
        if not text:
            return ZERO
        try:
            return parse_money(text)
        except MoneyError as error:
            self.wrong(field, message=str(error))
            return ZERO

    def account(self, known: set[int]) -> int:
        found = NUMBER.match(self.row.texts.get("account", ""))
        number = int(found[0]) if found else 0
        if number in OWN:
            self.wrong("account", message="Wellrun posts this account from the patient ledger")
        elif number not in known:
            self.wrong("account", message="Enter the number of an account of the chart")
        return number

    def site(self, sites: dict[str, uuid.UUID]) -> uuid.UUID | None:
        text = self.row.texts.get("location", "")
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
    """Read journals from a sheet, here and now: one per day and memo. Returns how many were new.

    Columns: date, account, debit, credit; memo and location where wanted. The same file again posts nothing.
    Raises SheetRefused with every mistake, DomainError for a closed month; then nothing is posted.
    """
    return len(sheet_direct.take_all(file, target=JOURNAL, options={}, actor=actor).records)


@transaction.atomic
def take_sheet(rows: Sequence[SheetRow], *, key: str, options: Mapping[str, str], actor: Actor) -> Whole:
    """Post the rows of a sheet; what this very file (``key``) has posted before is known and left."""
    actor.require(FinancePermission.POST_JOURNAL)
    if not rows:
        raise DomainError("Upload a sheet with at least one row.", field="file")
    for edition in itertools.count():  # what was posted and taken back may come again
        entries, counts = _entries(rows, digest=f"{key[:32]}-{edition}" if edition else key[:32])
        before = _posted(entries)
        reversed_ones = Journal.objects.filter(reverses_id__in=[each.pk for each in before.values()])
        if not before or reversed_ones.count() < len(before):
            break
    try:
        journal.post_all(entries, actor=actor)
    except DomainError as error:
        raise DomainError(error.message, field="file") from error
    made = _posted(entries)
    known = sum(counts[source_key] for source_key in before)
    records = [made[source_key] for source_key in made if source_key not in before]
    return Whole(records=records, new=len(rows) - known, same=known)


def _posted(entries: Sequence[Entry]) -> dict[str, Journal]:
    """Journals of these entries that are in the books, by their key."""
    keys = [entry.source_key for entry in entries]
    return {each.source_key: each for each in Journal.objects.filter(source=SOURCE, source_key__in=keys)}


@transaction.atomic
def take_back(posted: Journal, *, actor: Actor) -> None:
    """Reverse a journal that an import has posted. Raises DomainError: reversed before, or its month is closed."""
    journal.reverse(posted, reason=f"Import undone: {posted}"[:200], actor=actor)


def _entries(rows: Sequence[SheetRow], *, digest: str) -> tuple[list[Entry], dict[str, int]]:
    """Journals by day and memo, and how many rows each has, by its key."""
    known = set(Account.objects.values_list("number", flat=True))
    sites = {name.lower(): pk for name, pk in Location.objects.values_list("name", "id")}
    groups: dict[tuple[date, str], list[Line]] = {}
    first: dict[tuple[date, str], SheetRow] = {}
    mistakes: list[Mistake] = []
    for each in rows:
        row = _Row(each)
        key = (row.day(), each.texts.get("memo", ""))
        groups.setdefault(key, []).append(row.line(known=known, sites=sites))
        first.setdefault(key, each)
        mistakes += row.mistakes
    entries = [
        Entry(
            dated_on=day,
            source=SOURCE,
            source_key=f"{digest}/{first[day, memo].number}",
            lines=tuple(found),
            memo=memo,
        )
        for (day, memo), found in groups.items()
    ]
    for entry, top in zip(entries, first.values(), strict=True) if not mistakes else ():
        try:
            journal.check(entry)
        except DomainError as error:
            mistakes.append(Mistake(row=top.number, field=top.heading("debit"), message=error.message))
    if mistakes:
        raise SheetRefused(mistakes)
    return entries, {entry.source_key: len(entry.lines) for entry in entries}
