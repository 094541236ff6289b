"""The patient ledger's daily mirror in the general ledger: one journal a day, and its differences later.

Journals cannot be changed, so what a day's ledger has become since is posted as the difference, under the
next number of that day: the sum of a day's journals is always that day of the ledger.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min

from billing.models import LedgerEntry
from billing.rules.books import moves
from finance.services import journal
from finance.services.journal import Entry, Line
from kit.money import ZERO
from practice.actor import Actor

SOURCE = "billing.daily"
DAY = timedelta(days=1)
Place = tuple[uuid.UUID, int, str]  # location, account number, basis
Days = dict[date, dict[Place, Decimal]]

# A reversal counts as what it takes back, also when that was a reversal itself.
LEDGER = """
SELECT entry.posted_on, entry.location_id,
       origin.kind AS meant, CASE WHEN origin.kind = 'write_off' THEN entry.reason_code ELSE '' END AS reason,
       sum(entry.amount)
FROM billing_ledgerentry entry
-- Asked for reversals only: as a plain join a table without statistics was read once for each of its rows.
CROSS JOIN LATERAL (
  SELECT CASE WHEN entry.kind <> 'reversal' THEN entry.kind ELSE coalesce(
    (SELECT CASE WHEN first.kind <> 'reversal' THEN first.kind ELSE
       (SELECT second.kind FROM billing_ledgerentry second
        WHERE second.practice_id = first.practice_id AND second.id = first.reverses_id) END
     FROM billing_ledgerentry first
     WHERE first.practice_id = entry.practice_id AND first.id = entry.reverses_id), 'adjustment') END AS kind
) origin
WHERE entry.practice_id = %s AND entry.posted_on >= %s AND entry.posted_on <= %s
GROUP BY 1, 2, 3, 4
"""
# The day stands in the key: a difference to a closed month is dated in a later one.
BOOKED = """
SELECT left(head.source_key, 10)::date, line.location_id, account.number, line.basis,
       sum(line.debit - line.credit)
FROM finance_journal head
JOIN finance_journalline line ON line.practice_id = head.practice_id AND line.journal_id = head.id
JOIN finance_account account ON account.practice_id = line.practice_id AND account.id = line.account_id
WHERE head.practice_id = %s AND head.source = %s AND head.source_key >= %s AND head.source_key < %s
GROUP BY 1, 2, 3, 4
"""
NUMBERS = """
SELECT left(source_key, 10)::date, count(*) FROM finance_journal
WHERE practice_id = %s AND source = %s AND source_key >= %s AND source_key < %s GROUP BY 1
"""


def years() -> list[int]:
    """The years in which anything was posted to the patient ledger. Inside ``acting_in``."""
    edges = LedgerEntry.objects.aggregate(first=Min("posted_on"), last=Max("posted_on"))
    if edges["first"] is None:
        return []
    return list(range(edges["first"].year, edges["last"].year + 1))


@transaction.atomic
def post_days(first: date, *, last: date, actor: Actor) -> int:
    """Bring the books of these days up to the patient ledger; returns how many journals were posted.

    A second run posts nothing. Days in a closed month are corrected in the next open one.
    """
    journal.lock_books(actor=actor)
    wanted = _wanted(first, last=last, actor=actor)
    booked = _booked(first, last=last, actor=actor)
    numbers = {day: int(count) for day, count in _journals(NUMBERS, first=first, last=last, actor=actor)}
    closed = journal.closed_months()
    entries = []
    for day in sorted(set(wanted) | set(booked)):
        places = sorted(
            set(wanted.get(day, {})) | set(booked.get(day, {})), key=lambda p: (p[1], p[2], str(p[0]))
        )
        off = {place: wanted[day][place] - booked[day][place] for place in places}
        if not any(off.values()):
            continue
        number = numbers.get(day, 0) + 1
        entries.append(
            Entry(
                dated_on=_open_day(day, closed=closed),
                source=SOURCE,
                source_key=f"{day.isoformat()}/{number}",
                lines=tuple(_lines(off)),
                memo=f"Patient ledger of {day:%m/%d/%Y}" + (", difference" if number > 1 else ""),
            )
        )
    return journal.post_all(entries, actor=actor)


def _journals(query: str, *, first: date, last: date, actor: Actor) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, [str(actor.practice_id), SOURCE, first.isoformat(), (last + DAY).isoformat()])
        return list(cursor.fetchall())


def _days() -> Days:
    return defaultdict(lambda: defaultdict(lambda: ZERO))


def _wanted(first: date, *, last: date, actor: Actor) -> Days:
    """What the ledger says each day should come to."""
    found = _days()
    with connection.cursor() as cursor:
        cursor.execute(LEDGER, [str(actor.practice_id), first, last])
        for day, location, kind, reason, amount in cursor.fetchall():
            for account, basis, moved in moves(kind, reason=reason, amount=amount):
                found[day][location, account, basis] += moved
    return found


def _booked(first: date, *, last: date, actor: Actor) -> Days:
    """What the journals of each day come to."""
    found = _days()
    rows = _journals(BOOKED, first=first, last=last, actor=actor)
    for day, location, account, basis, amount in rows:
        found[day][location, account, basis] += amount
    return found


def _lines(off: dict[Place, Decimal]) -> Iterable[Line]:
    for (location, account, basis), amount in off.items():
        if amount:
            yield Line(
                account=account,
                debit=max(amount, ZERO),
                credit=max(-amount, ZERO),
                basis=basis,
                location_id=location,
            )


def _open_day(day: date, *, closed: set[date]) -> date:
    """The day itself, or the first day of the next month that is open."""
    while day.replace(day=1) in closed:
        day = (day.replace(day=28) + 7 * DAY).replace(day=1)
    return day
