"""Import runs, their files and what they refused."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import Http404

from billing.models import UnmappedCode
from interop.models import ImportFile, ImportRefusal, ImportRun
from interop.permissions import InteropPermission
from practice.actor import Actor
from practice.models import JobRun

SHOWN = 100


def visible_to(actor: Actor) -> QuerySet[ImportRun]:
    """Imports of the practice, newest first, for those who may see them."""
    found = ImportRun.objects.filter(practice_id=actor.practice_id)
    return found.order_by("-created_at", "-id") if actor.may(InteropPermission.VIEW_IMPORTS) else found.none()


def get_run(run_id: uuid.UUID, *, actor: Actor) -> ImportRun:
    """One import; what is unknown, foreign or forbidden is 404."""
    found = visible_to(actor).filter(pk=run_id).first()
    if found is None:
        raise Http404
    return found


def with_counts(runs: list[ImportRun]) -> list[dict[str, Any]]:
    """Runs with the sums of their files."""
    files = ImportFile.objects.filter(run__in=runs).order_by().values("run_id")
    sums = files.annotate(
        rows=Sum("rows_total"), read=Sum("rows_read"), new=Sum("rows_new"), refused=Sum("rows_refused")
    )
    by_run = {row["run_id"]: row for row in sums}
    empty = {"rows": 0, "read": 0, "new": 0, "refused": 0}
    return [{"run": run, "counts": by_run.get(run.pk, empty)} for run in runs]


def progress(run: ImportRun) -> dict[str, Any]:
    """Where an import stands: its files, its job, percent done, whether it still moves."""
    files = list(ImportFile.objects.filter(run=run))
    job = JobRun.objects.filter(kind=ImportRun.job_kind, key=str(run.pk)).first()
    total, read = sum(file.rows_total for file in files), sum(file.rows_read for file in files)
    if run.is_dry_run and job is not None and job.progress_total:
        total, read = job.progress_total, max(read, job.progress_done)
    over = run.state in (ImportRun.State.DONE, ImportRun.State.FAILED)
    stopped = not over and job is not None and job.state == JobRun.State.FAILED
    percent = 100 if run.state == ImportRun.State.DONE else min(99, 100 * read // total if total else 0)
    return {
        "files": files, "job": job, "percent": percent, "moving": not over and not stopped, "stopped": stopped,
        "total": total, "read": read,
    }  # fmt: skip


def refusals(run: ImportRun) -> QuerySet[ImportRefusal]:
    """Refused rows of a run, by file and line."""
    return (
        ImportRefusal.objects.filter(file__run=run)
        .select_related("file")
        .order_by("file__position", "row_number")
    )


def get_file(file_id: uuid.UUID, *, run: ImportRun) -> ImportFile:
    """A file of a run, or 404."""
    found = ImportFile.objects.filter(pk=file_id, run=run).first()
    if found is None:
        raise Http404
    return found


def refused_sheet(file: ImportFile) -> tuple[list[str], list[list[Any]]]:
    """Heading and lines of a file's refused rows as they came, with line, field and reason behind them."""
    found = list(ImportRefusal.objects.filter(file=file))
    columns: list[str] = []
    for refusal in found:
        columns += [name for name in refusal.row if name and name not in columns]
    lines = [
        [*(refusal.row.get(name, "") for name in columns), refusal.row_number, refusal.field, refusal.message]
        for refusal in found
    ]
    return [*columns, "Line", "Field", "Problem"], lines


def unmapped_codes(*, actor: Actor) -> tuple[list[UnmappedCode], int, Decimal]:
    """Open codes by money (the first ones), how many there are, and their money."""
    found = UnmappedCode.objects.filter(practice_id=actor.practice_id, state=UnmappedCode.State.OPEN)
    total = found.aggregate(money=Sum("charge_amount"))["money"] or Decimal("0.00")
    return list(found.select_related("code").order_by("-charge_amount", "id")[:20]), found.count(), total
