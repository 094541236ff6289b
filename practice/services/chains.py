"""A chain of sealed batches as it stands in the database, and whether it hangs together."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

EPOCH_OF_UNIX = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Part:
    """What a batch says about one table."""

    columns: str
    shape: bytes
    rows: int
    digest: bytes
    first_at: datetime
    last_at: datetime
    retired: bytes = b""


@dataclass
class Batch:
    """One link of the chain: rows of transactions ``since`` <= tx < ``upto`` of its epoch."""

    number: int
    epoch: int
    since: int
    upto: int
    rows: int
    previous: bytes
    digest: bytes
    at: datetime
    parts: dict[str, Part] = field(default_factory=dict)

    def computed(self, *, practice_id: uuid.UUID) -> bytes:
        """The digest this batch must have for what it says."""
        said = "".join(
            f"{name}|{part.shape.hex()}|{part.rows}|{part.digest.hex()}|{_micro(part.first_at)}|{_micro(part.last_at)}\n"
            for name, part in sorted(self.parts.items())
        )
        head = f"{practice_id}|{self.number}|{self.epoch}|{self.since}|{self.upto}|{self.rows}|{_micro(self.at)}\n"
        return hashlib.sha256(self.previous + (head + said).encode()).digest()


@dataclass
class Chain:
    """All batches of one practice, oldest first, and the epochs of the database."""

    practice_id: uuid.UUID
    batches: list[Batch]
    epochs: dict[int, datetime]

    @property
    def epoch(self) -> int:
        """The running epoch; the first has no row."""
        return 1 + len(self.epochs)

    def bounds(self, era: int) -> tuple[datetime | str, datetime | str]:
        """From when until (without) when rows of an epoch were written, for PostgreSQL."""
        return self.epochs.get(era, "-infinity"), self.epochs.get(era + 1, "infinity")

    def eras(self) -> Iterator[tuple[int, list[Batch]]]:
        """The batches of each epoch."""
        for era, group in groupby(self.batches, key=lambda batch: batch.epoch):
            yield era, list(group)

    def problems(self) -> list[tuple[str, int]]:
        """Where the chain itself does not hang together: (what, batch)."""
        found: list[tuple[str, int]] = []
        before: Batch | None = None
        if list(self.epochs) != list(range(2, 2 + len(self.epochs))):
            found.append(("the epochs are not in order", 0))
        for place, batch in enumerate(self.batches, start=1):
            if batch.number != place:
                found.append((f"batch {place} is missing", batch.number))
                return found
            continues = before is not None and before.epoch == batch.epoch
            since = before.upto if before is not None and continues else 0
            if batch.previous != (before.digest if before else b""):
                found.append(("it does not follow the batch before it", batch.number))
            elif batch.since != since or batch.upto <= batch.since or (before and batch.epoch < before.epoch):
                found.append(("its range does not follow the batch before it", batch.number))
            elif batch.digest != batch.computed(practice_id=self.practice_id):
                found.append(("what the batch says was changed", batch.number))
            elif batch.rows != sum(part.rows for part in batch.parts.values()):
                found.append(("its rows do not add up", batch.number))
            elif batch.epoch > self.epoch:
                found.append(("its epoch does not exist", batch.number))
            found += [
                ("the list of its columns was changed", batch.number)
                for name, part in batch.parts.items()
                if part.shape != hashlib.sha256(f"{name}|{part.columns}".encode()).digest()
            ]
            before = batch
        return found


def covered(cursor: Any) -> list[tuple[str, bool, str, str]]:
    """Every append-only table, asked of the catalog itself: name, whether a tenant's, its clock, its columns."""
    cursor.execute(
        "SELECT c.relname, bool_or(a.attname = 'practice_id'), "
        "CASE WHEN bool_or(a.attname = 'created_at') THEN 'created_at' ELSE 'at' END, "
        "string_agg(quote_ident(a.attname), ',' ORDER BY a.attnum) "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
        "AND EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tx' "
        "AND t.atttypid = 'xid8'::regtype AND NOT t.attisdropped) GROUP BY c.relname"
    )
    return list(cursor.fetchall())


def load(cursor: Any, *, practice_id: uuid.UUID) -> Chain:
    """The chain of a practice. As the app's role only inside ``acting_in`` that practice."""
    cursor.execute("SELECT number, started_at FROM practice_auditepoch ORDER BY number")
    epochs = dict(cursor.fetchall())
    cursor.execute(
        "SELECT id, number, epoch, since::text, upto::text, rows, previous, digest, at "
        "FROM practice_auditseal WHERE practice_id = %s ORDER BY number",
        [str(practice_id)],
    )
    batches = {
        key: Batch(number, epoch, int(since), int(upto), rows, bytes(previous), bytes(digest), at)
        for key, number, epoch, since, upto, rows, previous, digest, at in cursor.fetchall()
    }
    cursor.execute(
        "SELECT p.seal_id, p.table_name, s.columns, s.digest, p.rows, p.digest, p.first_at, p.last_at, r.digest "
        "FROM practice_auditsealpart p JOIN practice_auditshape s ON s.practice_id = p.practice_id "
        "AND s.id = p.shape_id LEFT JOIN practice_auditretirement r ON r.practice_id = p.practice_id "
        "AND r.part_id = p.id WHERE p.practice_id = %s",
        [str(practice_id)],
    )
    for key, table, columns, shape, rows, digest, first, last, retired in cursor.fetchall():
        if key in batches:
            batches[key].parts[table] = Part(
                columns, bytes(shape), rows, bytes(digest), first, last, bytes(retired or b"")
            )
    return Chain(practice_id=practice_id, batches=list(batches.values()), epochs=epochs)


def _micro(moment: datetime) -> int:
    return (moment - EPOCH_OF_UNIX) // timedelta(microseconds=1)
