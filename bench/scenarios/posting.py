"""80,000 ledger rows in one posting against the same rows into a table with nothing but its indexes."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from bench.measure import Line, Report
from bench.world import World, owner
from billing.models import LedgerEntry, ProcedureCode
from billing.services import ledger
from billing.services.ledger import Posting
from practice.transactions import acting_in

ROWS, PER_CHARGE, ROUNDS = 80_000, 3, 3
DAY = date(2026, 3, 2)
Kind = LedgerEntry.Kind
CHARGES = """
INSERT INTO billing_charge (practice_id, appointment_id, patient_id, provider_id, location_id, procedure_id, modifier1,
  modifier2, modifier3, modifier4, units, amount, service_date, posted_on, place_of_service)
SELECT practice_id, id, patient_id, provider_id, location_id, %s, '', '', '', '', 1, 100, local_day, local_day, '11'
FROM scheduling_appointment WHERE practice_id = %s ORDER BY id LIMIT %s
RETURNING id, patient_id
"""


def measure(world: World, *, report: Report) -> None:
    """Bare INSERT, the ledger's INSERT, and the whole posting service; each with its commit, best of the rounds."""
    postings = _postings(world)
    bare, ours, whole = [], [], []
    for number in range(ROUNDS):
        bare.append(_bare(postings, world=world))
        ours.append(_insert(postings, world=world))
        _empty()
        whole.append(_post(postings, world=world))
        _empty()
        if number == 0:
            report.facts.append((f"{len(postings):,} ledger rows were written each time", True))
    _line(report, "80,000 ledger rows: keys, row security, audit", bare=bare, ours=ours, limit=4.5)
    _line(report, "80,000 ledger rows: the posting service, open items too", bare=bare, ours=whole, limit=8)


def _line(report: Report, operation: str, *, bare: list[float], ours: list[float], limit: float) -> None:
    spread = max(max(times) / min(times) for times in (bare, ours))
    report.lines.append(
        Line(
            operation,
            min(bare),
            min(ours),
            limit,
            percentile="min",
            n=ROUNDS,
            spread=min(spread, 1.5),
            unit="s",
        )
    )


def _postings(world: World) -> list[Posting]:
    mine = {"practice_id": world.practice.id}
    with acting_in(world.practice.id, actor=world.actor):
        code = ProcedureCode.objects.create(system="cpt", code="99213", name="Bench visit", **mine)
    with owner() as cursor:
        cursor.execute(CHARGES, [str(code.pk), str(world.practice.id), -(-ROWS // PER_CHARGE)])
        charges = cursor.fetchall()
        cursor.execute("ANALYZE billing_charge")
    kinds = ((Kind.INSURANCE_PAYMENT, "-60"), (Kind.ADJUSTMENT, "-30"), (Kind.WRITE_OFF, "-10"))
    return [
        Posting(
            kind=kind,
            patient_id=patient,
            charge_id=charge,
            location_id=world.location.pk,
            amount=Decimal(amount),
            service_date=DAY,
            posted_on=DAY,
            source_kind="remittance",
            source_key=f"bench/{number}/{kind}",
            payer_id=world.payer.pk,
        )
        for number, (charge, patient) in enumerate(charges)
        for kind, amount in kinds
    ][:ROWS]


def _values(postings: list[Posting], *, world: World) -> list[Any]:
    columns = [[ledger._plain(getattr(one, name)) for one in postings] for name, _ in ledger._COLUMNS]
    return [str(world.practice.id), *columns]


def _bare(postings: list[Posting], *, world: World) -> float:
    """The same columns and indexes, no key, no policy, no trigger; as the owner, in one transaction."""
    values = _values(postings, world=world)
    with owner() as cursor:
        cursor.execute(
            "CREATE TABLE bench_ledger (LIKE billing_ledgerentry INCLUDING DEFAULTS INCLUDING INDEXES)"
        )
        sql = ledger.INSERT.replace("billing_ledgerentry", "bench_ledger")
        began = time.perf_counter()
        cursor.execute(sql, values)
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_ledger")
    return took


def _insert(postings: list[Posting], *, world: World) -> float:
    values = _values(postings, world=world)
    began = time.perf_counter()
    with acting_in(world.practice.id, actor=world.actor), connection.cursor() as cursor:
        cursor.execute(ledger.INSERT, values)
    return time.perf_counter() - began


def _post(postings: list[Posting], *, world: World) -> float:
    began = time.perf_counter()
    with acting_in(world.practice.id, actor=world.actor):
        written = ledger.post(postings, actor=world.actor)
    took = time.perf_counter() - began
    if written != len(postings):
        raise RuntimeError(f"{written} of {len(postings)} ledger rows were written")
    return took


def _empty() -> None:
    """Back to no entry: the bench's database is thrown away, so its owner may cut where nobody else can."""
    with owner() as cursor:
        cursor.execute("TRUNCATE billing_ledgerentry, billing_openitem CASCADE")
