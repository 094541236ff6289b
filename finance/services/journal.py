"""The only door into the journal: post, post many, reverse. Nothing here is ever changed afterwards.

The database keeps the books balanced and closed periods shut (finance/sql.py); this module says the same in
words a person can act on, before it does.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, transaction

from finance.models import AccountingPeriod, Journal, JournalLine
from finance.permissions import FinancePermission
from finance.services.accounts import numbered
from kit.errors import Conflict, DomainError
from kit.ids import uuid7
from kit.money import ZERO, round_cents
from kit.words import dollars
from practice.actor import Actor

Basis = JournalLine.Basis


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A debit or a credit in dollars on an account number; ``basis`` says in which of the two books it counts."""

    account: int
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    basis: str = Basis.BOTH
    location_id: uuid.UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A journal to be posted. ``source`` and ``source_key`` say where it comes from: the same pair is one journal."""

    dated_on: date
    source: str
    source_key: str
    lines: tuple[Line, ...]
    memo: str = ""
    reverses_id: uuid.UUID | None = None


def check(entry: Entry) -> None:
    """Raise DomainError in words for a journal without lines, with a line that is no amount, or out of balance."""
    if not entry.lines:
        raise DomainError("A journal needs at least two lines.")
    for line in entry.lines:
        amounts = (line.debit, line.credit)
        if min(amounts) < 0 or all(amounts) or any(amount != round_cents(amount) for amount in amounts):
            raise DomainError(
                f"Account {line.account}: enter either a debit or a credit, in whole cents and above zero."
            )
    for basis, other in ((Basis.ACCRUAL, Basis.CASH), (Basis.CASH, Basis.ACCRUAL)):
        off = sum((line.debit - line.credit for line in entry.lines if line.basis != other), ZERO)
        if off:
            raise DomainError(
                f"The journal is not balanced: debits and credits of the {basis.label.lower()} books "
                f"differ by {dollars(abs(off))}."
            )


def closed_months() -> set[date]:
    """First days of the months that are closed. Inside ``acting_in``."""
    return set(
        AccountingPeriod.objects.filter(state=AccountingPeriod.State.CLOSED).values_list("month", flat=True)
    )


def lock_books(*, actor: Actor) -> None:
    """Hold a practice's books until the transaction ends: posters and closers come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"finance.books:{actor.practice_id}"]
        )


@transaction.atomic
def post_all(entries: Sequence[Entry], *, actor: Actor) -> int:
    """Post journals whose source is not in the books yet; returns how many were new.

    Thousands at a time are a few statements. Raises DomainError for an unbalanced journal, an unknown account
    or a closed month; then nothing is posted.
    """
    actor.require(FinancePermission.POST_JOURNAL)
    lock_books(actor=actor)
    accounts, closed = numbered(actor=actor), closed_months()
    for entry in entries:
        check(entry)
        if entry.dated_on.replace(day=1) in closed:
            raise DomainError(f"{entry.dated_on:%B %Y} is closed. Date the journal in an open month.")
        if unknown := {line.account for line in entry.lines} - set(accounts):
            raise DomainError(f"Account {min(unknown)} is not in the chart of accounts.")
    have = _known(entries)
    new = {
        (entry.source, entry.source_key): entry
        for entry in entries
        if (entry.source, entry.source_key) not in have
    }
    _write(list(new.values()), accounts=accounts, actor=actor)
    return len(new)


def _known(entries: Sequence[Entry]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for source in {entry.source for entry in entries}:
        keys = [entry.source_key for entry in entries if entry.source == source]
        rows = Journal.objects.filter(source=source, source_key__in=keys)
        found |= {(source, key) for key in rows.values_list("source_key", flat=True)}
    return found


# Constants of this module; every value travels in an array. Half the time of bulk_create on long imports.
HEADS = """
INSERT INTO finance_journal (practice_id, id, dated_on, source, source_key, memo, reverses_id)
SELECT %s::uuid, * FROM unnest(%s::uuid[], %s::date[], %s::text[], %s::text[], %s::text[], %s::uuid[])
"""
LINES = """
INSERT INTO finance_journalline
  (practice_id, journal_id, account_id, location_id, dated_on, basis, debit, credit)
SELECT %s::uuid, * FROM
  unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::numeric[], %s::numeric[])
"""


def _write(entries: Sequence[Entry], *, accounts: dict[int, uuid.UUID], actor: Actor) -> None:
    if not entries:
        return
    heads = [
        (str(uuid7()), each.dated_on, each.source, each.source_key, each.memo[:200], _text(each.reverses_id))
        for each in entries
    ]
    lines = [
        (
            head[0],
            str(accounts[line.account]),
            _text(line.location_id),
            entry.dated_on,
            str(line.basis),
            line.debit,
            line.credit,
        )
        for head, entry in zip(heads, entries, strict=True)
        for line in entry.lines
    ]
    with connection.cursor() as cursor:
        # An earlier journal of this transaction has made the rule immediate; these lines come after their heads.
        cursor.execute("SET CONSTRAINTS journal_is_balanced DEFERRED")
        for query, rows in ((HEADS, heads), (LINES, lines)):
            cursor.execute(query, [str(actor.practice_id), *map(list, zip(*rows, strict=True))])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _text(key: uuid.UUID | None) -> str | None:
    return str(key) if key else None


@transaction.atomic
def post(
    *, dated_on: date, source: str, source_key: str, lines: Sequence[Line], memo: str = "", actor: Actor
) -> Journal:
    """Post one journal and return it; the same source and key again returns the first, unchanged.

    Raises DomainError: unbalanced in either basis, unknown account, closed month.
    """
    entry = Entry(dated_on=dated_on, source=source, source_key=source_key, lines=tuple(lines), memo=memo)
    post_all([entry], actor=actor)
    return Journal.objects.get(source=source, source_key=source_key)


@transaction.atomic
def reverse(journal: Journal, *, dated_on: date | None = None, reason: str = "", actor: Actor) -> Journal:
    """Take a journal back with its mirror, dated on its own day unless told otherwise.

    Raises Conflict when it is a reversal itself or was reversed before, DomainError for a closed month.
    """
    actor.require(FinancePermission.POST_JOURNAL)
    if not journal.can_reverse and not journal.reverses_id:
        raise DomainError("This journal follows the patient ledger. Correct the entry there.")
    if journal.reverses_id or Journal.objects.filter(reverses_id=journal.pk).exists():
        raise Conflict("This journal is a reversal or was reversed already.")
    lines = tuple(
        Line(
            account=line.account.number,
            debit=line.credit,
            credit=line.debit,
            basis=line.basis,
            location_id=line.location_id,
        )
        for line in journal.lines.select_related("account")
    )
    entry = Entry(
        dated_on=dated_on or journal.dated_on,
        source="reversal",
        source_key=str(journal.pk),
        lines=lines,
        memo=reason or f"Reversal of {journal}",
        reverses_id=journal.pk,
    )
    post_all([entry], actor=actor)
    return Journal.objects.get(source="reversal", source_key=entry.source_key)
