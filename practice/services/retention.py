"""The audit log is kept for years, then removed by calendar year; its digests stay in the chain.

Only the log itself is ever removed here: what else is append-only (ledger, journals, events) is the record.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from kit import clock
from practice.services.chains import Batch, covered, load
from practice.services.rules import rule, shipped_rule

YEARS = "audit.retention_years"
# Rows that point at others come first.
RETIRED_TABLES = (
    "practice_auditaccesspatient",
    "practice_auditaccess",
    "practice_auditchange",
    "practice_auditglobal",
)


@dataclass
class Retired:
    """What was removed from one chain."""

    before: datetime
    batches: int = 0
    rows: int = 0
    tables: dict[str, int] = field(default_factory=dict)


def shipped_years() -> int:
    """The years that the law asks for: never less, whatever a practice has set."""
    return int(shipped_rule(YEARS, on=clock.now().date()))


def kept_since(year: int, *, years: int = 0) -> datetime:
    """In ``year``, everything written from this moment on (UTC) must still be there."""
    return datetime(year - max(years, shipped_years()), 1, 1, tzinfo=UTC)


@transaction.atomic
def retire(*, practice_id: uuid.UUID) -> Retired:
    """Remove the log of calendar years past their time from one verified chain. As wellrun_owner.

    A batch goes when its newest row is older than the limit; each removed part leaves a retirement with its digest.
    Inside the practice (``app.practice_id``), so that its own longer limit is found.
    """
    today = clock.now().date()
    years = int(rule(YEARS, on=today))
    done = Retired(before=kept_since(today.year, years=years))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.retiring = 'on'")
        chain = load(cursor, practice_id=practice_id)
        tables = {name: (tenant, clock_) for name, tenant, clock_, _ in covered(cursor)}
        for batch in chain.batches:
            since, until = chain.bounds(batch.epoch)
            rows = _retire_batch(
                cursor,
                batch=batch,
                done=done,
                bounds=(since, until),
                tables=tables,
                practice_id=practice_id,
                years=years,
            )
            done.batches += bool(rows)
            done.rows += rows
        cursor.execute("SET LOCAL app.retiring = 'off'")
    return done


def _retire_batch(
    cursor: Any,
    *,
    batch: Batch,
    done: Retired,
    bounds: tuple[Any, Any],
    tables: dict[str, tuple[bool, str]],
    practice_id: uuid.UUID,
    years: int,
) -> int:
    named = [name for name in RETIRED_TABLES if name in batch.parts and not batch.parts[name].retired]
    if not named or any(batch.parts[name].last_at >= done.before for name in named):
        return 0
    removed = 0
    for name in named:
        tenant, clock_ = tables[name]
        cursor.execute(
            f"DELETE FROM {name} WHERE {'practice_id = %s' if tenant else '%s IS NOT NULL'} "  # noqa: S608
            f"AND tx >= %s::xid8 AND tx < %s::xid8 AND {clock_} >= %s AND {clock_} < %s",
            [str(practice_id), str(batch.since), str(batch.upto), *bounds],
        )
        rows = cursor.rowcount
        if rows != batch.parts[name].rows:
            raise ValueError(f"batch {batch.number}: {rows} rows of {name}, sealed {batch.parts[name].rows}")
        cursor.execute(
            "INSERT INTO practice_auditretirement (practice_id, part_id, years_kept, rows, digest) "
            "SELECT p.practice_id, p.id, %s, p.rows, p.digest FROM practice_auditsealpart p "
            "JOIN practice_auditseal s ON s.practice_id = p.practice_id AND s.id = p.seal_id "
            "WHERE p.practice_id = %s AND s.number = %s AND p.table_name = %s",
            [years, str(practice_id), batch.number, name],
        )
        done.tables[name] = done.tables.get(name, 0) + rows
        removed += rows
    return removed
