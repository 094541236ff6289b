"""Is the audit trail what was sealed? Every digest is computed again, by statements of our own.

Nothing here trusts a stored function: the chain is hashed in Python, the rows by PostgreSQL's built-ins, and the
heads are compared with the signed anchors outside the database. One pass over each table, however many batches.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from time import monotonic
from typing import Any

from django.db import connection

from kit.clock import system_now
from practice.models import GLOBAL_CHAIN
from practice.seal_sql import DIGEST, STEADY
from practice.services import anchors, chains
from practice.services.chains import Batch, Chain, Part
from practice.services.retention import RETIRED_TABLES, kept_since


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was sealed: in which table and batch, and when its rows were written."""

    what: str
    table: str = ""
    batch: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    def __str__(self) -> str:
        where = f"batch {self.batch}" if self.batch else ""
        where += f", table {self.table}" if self.table else ""
        if self.first_at and self.last_at:
            where += f", {self.first_at:%Y-%m-%d %H:%M:%S} to {self.last_at:%Y-%m-%d %H:%M:%S} UTC"
        return f"{where}: {self.what}" if where else self.what


@dataclass
class Report:
    """What a verification looked at and found."""

    slug: str
    batches: int = 0
    rows: int = 0
    retired: int = 0
    anchored: int = 0
    seconds: float = 0.0
    head: str = ""
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(*, practice_id: uuid.UUID, slug: str, anchored: bool = True, head: str = "") -> Report:
    """Verify one chain in the caller's transaction (``acting_in`` that practice; the owner for the global one).

    ``anchored=False`` leaves out the comparison with the anchor file, for a machine that does not have it.
    ``head``: a digest (hex) that somebody kept and that must stand in the chain.
    """
    began = monotonic()
    with connection.cursor() as cursor:
        for name, value in STEADY.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        cursor.execute("SET LOCAL work_mem = '128MB'")
        chain = chains.load(cursor, practice_id=practice_id)
        report = Report(slug=slug, batches=len(chain.batches))
        report.findings += [Finding(what, batch=batch) for what, batch in chain.problems()]
        _check_rows(cursor, chain=chain, report=report)
    report.head = chain.batches[-1].digest.hex() if chain.batches else ""
    if anchored:
        _check_anchors(chain, report=report)
    if head and head.lower() not in {batch.digest.hex() for batch in chain.batches}:
        report.findings.append(Finding(f"the head {head[:16]}… does not stand in the chain"))
    report.seconds = monotonic() - began
    return report


def _check_rows(cursor: Any, *, chain: Chain, report: Report) -> None:
    """Compare each table's rows with the digests of their batches."""
    covered = {name: (tenant, clock, columns) for name, tenant, clock, columns in chains.covered(cursor)}
    for table in sorted({name for batch in chain.batches for name in batch.parts} - set(covered)):
        report.findings.append(Finding("the table is gone, or its transaction column is", table=table))
    for table, (tenant, clock, columns) in covered.items():
        if not tenant and chain.practice_id != GLOBAL_CHAIN:
            continue
        for era, batches in chain.eras():
            window = _Window(table=table, tenant=tenant, clock=clock, chain=chain, era=era)
            for names, run in _runs(batches, table=table, columns=columns):
                _check_run(cursor, window=window, names=names, present=columns, run=run, report=report)
        _check_future(cursor, table=table, tenant=tenant, clock=clock, chain=chain, report=report)


@dataclass(frozen=True)
class _Window:
    """The rows of one table in one epoch of a chain."""

    table: str
    tenant: bool
    clock: str
    chain: Chain
    era: int

    def where(self) -> tuple[str, list[Any]]:
        since, until = self.chain.bounds(self.era)
        text = f"{self.clock} >= %s AND {self.clock} < %s"
        values: list[Any] = [since, until]
        if self.tenant:
            text, values = f"practice_id = %s AND {text}", [str(self.chain.practice_id), *values]
        return text, values


def _runs(batches: list[Batch], *, table: str, columns: str) -> list[tuple[str, list[Batch]]]:
    """Batches one after the other that cover the same columns of a table, each with those columns' names."""
    names = [batch.parts[table].columns if table in batch.parts else "" for batch in batches]
    for place in range(1, len(names)):
        names[place] = names[place] or names[place - 1]
    for place in reversed(range(len(names) - 1)):
        names[place] = names[place] or names[place + 1]
    pairs = groupby(zip(names, batches, strict=True), key=lambda pair: pair[0])
    return [(shape or columns, [batch for _, batch in group]) for shape, group in pairs]


def _check_run(
    cursor: Any, *, window: _Window, names: str, present: str, run: list[Batch], report: Report
) -> None:
    if lost := set(names.split(",")) - set(present.split(",")):
        report.findings.append(Finding(f"columns are gone: {', '.join(sorted(lost))}", table=window.table))
        return
    where, values = window.where()
    digest = DIGEST.format(columns=names)
    # Names come from the catalog, values are bound; width_bucket finds a row's batch by its transaction.
    cursor.execute(
        f"SELECT width_bucket(tx, %s::xid8[]), count(*), {digest}, min({window.clock}), max({window.clock}) "  # noqa: S608
        f"FROM {window.table} WHERE {where} AND tx >= %s::xid8 AND tx < %s::xid8 GROUP BY 1",
        [[str(batch.upto) for batch in run], *values, str(run[0].since), str(run[-1].upto)],
    )
    found = {number: (rows, bytes(sha), first, last) for number, rows, sha, first, last in cursor.fetchall()}
    for place, batch in enumerate(run):
        rows, sha, first, last = found.get(place, (0, b"", None, None))
        part = batch.parts.get(window.table)
        report.rows += rows
        what = _difference(part, rows=rows, sha=sha)
        if part is not None and part.retired and what:
            what = _retired(part, table=window.table, rows=rows)
            report.retired += part.rows if not what else 0
        if what:
            times = (part.first_at, part.last_at) if part else (first, last)
            report.findings.append(Finding(what, window.table, batch.number, *times))


def _difference(part: Part | None, *, rows: int, sha: bytes) -> str:
    if part is None:
        return f"{rows} rows were added" if rows else ""
    if rows != part.rows:
        more = rows - part.rows
        return f"{more} rows were added" if more > 0 else f"{-more} of {part.rows} rows are missing"
    return "" if sha == part.digest else "rows were changed or swapped"


def _retired(part: Part, *, table: str, rows: int) -> str:
    """Why a part that is said to be retired may not be; '' when exactly what the rule allows is gone."""
    if table not in RETIRED_TABLES:
        return "rows are missing, and records of this table are never retired"
    if part.last_at >= kept_since(system_now().year):
        return "rows are missing that must still be kept"
    if rows:
        return f"{rows} rows stand where the batch was retired"
    return "" if part.retired == part.digest else "the retirement names another digest"


def _check_future(cursor: Any, *, table: str, tenant: bool, clock: str, chain: Chain, report: Report) -> None:
    """Rows of transactions that have not begun yet were never written by one."""
    where, values = _Window(table=table, tenant=tenant, clock=clock, chain=chain, era=chain.epoch).where()
    cursor.execute(
        f"SELECT count(*), min({clock}), max({clock}) FROM {table} "  # noqa: S608
        f"WHERE {where} AND tx >= pg_snapshot_xmax(pg_current_snapshot())",
        values,
    )
    rows, first, last = cursor.fetchone()
    if rows:
        report.findings.append(Finding(f"{rows} rows of transactions that never were", table, 0, first, last))


def _check_anchors(chain: Chain, *, report: Report) -> None:
    """Every signed head must still stand in the chain, but for what a signed restore lost."""
    kept = anchors.read(report.slug)
    if not kept.exists:
        if chain.batches:
            report.findings.append(Finding(f"there is no anchor file {kept.path}: a cut tail cannot be told"))
        return
    if kept.broken_line:
        report.findings.append(Finding(f"line {kept.broken_line} of {kept.path} is not what was signed"))
    epochs = {(number, started.isoformat()) for number, started in chain.epochs.items()}
    restores = [
        (place, entry)
        for place, entry in enumerate(kept.entries)
        if entry["kind"] == "epoch" and (entry["epoch"], entry["started_at"]) in epochs
    ]
    digests = {batch.number: batch for batch in chain.batches}
    lost = 0
    for place, entry in enumerate(kept.entries):
        if entry["kind"] != "seal" or entry["chain"] != str(chain.practice_id):
            continue
        batch = digests.get(entry["number"])
        if batch is not None and batch.digest.hex() == entry["digest"]:
            report.anchored += 1
        elif any(later > place and epoch["number"] < entry["number"] for later, epoch in restores):
            lost += 1
        else:
            what = "is missing" if batch is None else "is not the one that was anchored"
            at = datetime.fromisoformat(entry["at"])
            report.findings.append(
                Finding(f"the batch {what}: the chain was cut or made anew", "", entry["number"], at, at)
            )
    if lost:
        report.notes.append(f"{lost} anchored batches were lost by a restore")
    for number, started in sorted(epochs - {(e["epoch"], e["started_at"]) for _, e in restores}):
        report.findings.append(Finding(f"epoch {number}, begun {started}, was never anchored"))
