"""The only door into the patient ledger: post, transfer, reverse; open items follow in the same transaction.

Nothing here is a decision. Whoever calls has required its own permission and locked its own record; this
module keeps four promises: an entry is written once per source, entries are never changed, open items are
the sum of the entries, and two posters of the same charge wait for each other in one order (charge id).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from billing.models import LedgerEntry
from kit.errors import DomainError
from kit.money import round_cents
from practice.actor import Actor

Kind = LedgerEntry.Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Posting:
    """One entry to be written. ``amount`` in dollars, signed: above zero raises what ``payer_id`` owes.

    ``payer_id`` None means the patient. ``charge_id`` None is money on the patient's account that belongs to
    no charge yet. ``source_kind`` and ``source_key`` name where it comes from; the same pair is never
    written twice.
    """

    kind: str
    patient_id: uuid.UUID
    charge_id: uuid.UUID | None
    location_id: uuid.UUID
    amount: Decimal
    service_date: date
    posted_on: date
    source_kind: str
    source_key: str
    payer_id: uuid.UUID | None = None
    coverage_id: uuid.UUID | None = None
    claim_id: uuid.UUID | None = None
    group_code: str = ""
    reason_code: str = ""
    method: str = ""
    memo: str = ""
    reverses_id: uuid.UUID | None = None


# Column and type of every field, in one order for the INSERT.
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("kind", "text"), ("patient_id", "uuid"), ("charge_id", "uuid"), ("location_id", "uuid"),
    ("amount", "numeric"), ("service_date", "date"), ("posted_on", "date"), ("source_kind", "text"),
    ("source_key", "text"), ("payer_id", "uuid"), ("coverage_id", "uuid"), ("claim_id", "uuid"),
    ("group_code", "text"), ("reason_code", "text"), ("method", "text"), ("memo", "text"),
    ("reverses_id", "uuid"),
)  # fmt: skip
_NAMES = ", ".join(name for name, _ in _COLUMNS)
_ARRAYS = ", ".join(f"%s::{kind}[]" for _, kind in _COLUMNS)

# Names and types above are constants of this module; every value travels as a parameter.
INSERT = (
    f"INSERT INTO billing_ledgerentry (practice_id, {_NAMES}) "  # noqa: S608
    f"SELECT %s::uuid, {_NAMES} FROM unnest({_ARRAYS}) AS given ({_NAMES}) "
    "ON CONFLICT (practice_id, source_kind, source_key) DO NOTHING RETURNING charge_id"
)
LOCK = "SELECT id FROM billing_charge WHERE practice_id = %s AND id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE"
# A party that joins later (the patient, a second payer) keeps the charge's age: balances are never re-aged.
PROJECT = """
INSERT INTO billing_openitem AS item
  (practice_id, charge_id, payer_id, patient_id, location_id, service_date, first_billed_on, balance)
SELECT entry.practice_id, entry.charge_id, entry.payer_id, charge.patient_id, charge.location_id,
       charge.service_date,
       (SELECT min(first_billed_on) FROM billing_openitem other
        WHERE other.practice_id = entry.practice_id AND other.charge_id = entry.charge_id),
       sum(entry.amount)
FROM billing_ledgerentry entry
JOIN billing_charge charge ON charge.practice_id = entry.practice_id AND charge.id = entry.charge_id
WHERE entry.practice_id = %s AND entry.charge_id = ANY(%s::uuid[])
GROUP BY entry.practice_id, entry.charge_id, entry.payer_id, charge.patient_id, charge.location_id,
         charge.service_date
ON CONFLICT (practice_id, charge_id, payer_id)
DO UPDATE SET balance = excluded.balance, updated_at = now() WHERE item.balance <> excluded.balance
"""


@transaction.atomic
def post(postings: Sequence[Posting], *, actor: Actor) -> int:
    """Write entries that are not in the ledger yet, and bring the open items of their charges up to date.

    Returns how many were new: posting the same sources again writes nothing and returns 0. A source already
    known keeps its first amount. Thousands at a time are three statements. Raises DomainError for parts of
    a cent or a charge that is not in this practice; then nothing is written.
    """
    if not postings:
        return 0
    for posting in postings:
        if posting.amount != round_cents(posting.amount):
            raise DomainError(f"{posting.amount} is not a whole number of cents.")
    charges = sorted({str(posting.charge_id) for posting in postings if posting.charge_id})
    lock_charges(charges, actor=actor)
    with connection.cursor() as cursor:
        columns = [[_plain(getattr(posting, name)) for posting in postings] for name, _ in _COLUMNS]
        cursor.execute(INSERT, [str(actor.practice_id), *columns])
        written = cursor.fetchall()
        touched = sorted({str(charge) for (charge,) in written if charge})
        if touched:
            cursor.execute(PROJECT, [str(actor.practice_id), touched])
    return len(written)


def lock_charges(charge_ids: Iterable[uuid.UUID | str], *, actor: Actor) -> list[str]:
    """Hold these charges until the transaction ends, in the one order of the house. Returns their ids, sorted.

    Raises DomainError when one of them is not in this practice. Locks of remittance and claims come before.
    """
    ids = sorted({str(charge) for charge in charge_ids})
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [str(actor.practice_id), ids])
        if len(cursor.fetchall()) != len(ids):
            raise DomainError("A charge of this posting does not exist in this practice.")
    return ids


@transaction.atomic
def mark_billed(
    charge_ids: Iterable[uuid.UUID], *, payer_id: uuid.UUID | None, day: date, actor: Actor
) -> int:
    """Note the first day these charges were billed to a party (None: the patient); a day once set stays.

    Returns how many open items got their day.
    """
    ids = lock_charges(charge_ids, actor=actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_openitem SET first_billed_on = %s, updated_at = now() WHERE practice_id = %s "
            "AND charge_id = ANY(%s::uuid[]) AND payer_id IS NOT DISTINCT FROM %s::uuid "
            "AND first_billed_on IS NULL",
            [day, str(actor.practice_id), ids, _plain(payer_id)],
        )
        return int(cursor.rowcount)


def transfer_postings(template: Posting, *, to_payer_id: uuid.UUID | None) -> list[Posting]:
    """The two entries that move ``template.amount`` from ``template.payer_id`` to another party.

    They sum to zero. The keys are the template's with ``/out`` and ``/in`` behind them.
    """
    base = replace(template, kind=Kind.TRANSFER)
    return [
        replace(base, amount=-template.amount, source_key=f"{template.source_key}/out"),
        replace(
            base,
            amount=template.amount,
            payer_id=to_payer_id,
            coverage_id=None,
            source_key=f"{template.source_key}/in",
        ),
    ]


def transfer(template: Posting, *, to_payer_id: uuid.UUID | None, actor: Actor) -> int:
    """Post a transfer of responsibility (``transfer_postings``). Returns how many entries were new: 2 or 0."""
    return post(transfer_postings(template, to_payer_id=to_payer_id), actor=actor)


def reversal_postings(entries: Iterable[LedgerEntry], *, posted_on: date, memo: str = "") -> list[Posting]:
    """The mirror of each entry: same parties, opposite sign, pointing at what it reverses."""
    return [
        Posting(
            kind=Kind.REVERSAL,
            patient_id=entry.patient_id,
            charge_id=entry.charge_id,
            location_id=entry.location_id,
            amount=-entry.amount,
            service_date=entry.service_date,
            posted_on=posted_on,
            source_kind="reversal",
            source_key=str(entry.pk),
            payer_id=entry.payer_id,
            coverage_id=entry.coverage_id,
            claim_id=entry.claim_id,
            group_code=entry.group_code,
            reason_code=entry.reason_code,
            method=entry.method,
            memo=memo or f"Reversal of {entry.get_kind_display().lower()}",
            reverses_id=entry.pk,
        )
        for entry in entries
    ]


def reverse(entries: Iterable[LedgerEntry], *, posted_on: date, actor: Actor, memo: str = "") -> int:
    """Take entries back with mirror entries. Each entry can be reversed once; returns how many were new."""
    return post(reversal_postings(entries, posted_on=posted_on, memo=memo), actor=actor)


def _plain(value: Any) -> Any:
    """What the driver can put into an array: uuids and enum members as text."""
    if isinstance(value, uuid.UUID):
        return str(value)
    return str(value) if isinstance(value, str) else value


if tuple(field.name for field in fields(Posting)) != tuple(name for name, _ in _COLUMNS):
    raise TypeError("every field of Posting is a column of the INSERT, in its order")
