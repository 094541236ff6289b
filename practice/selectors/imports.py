"""Every read of imports: runs, progress, columns, a preview, what was refused, what was made."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.http import Http404

from kit.sheet_target import SheetTarget
from practice import sheet_registry
from practice.actor import Actor
from practice.models import (
    ImportedRecord,
    ImportFile,
    ImportRefusal,
    ImportRun,
    JobRun,
    SheetColumn,
    SheetMapping,
)
from practice.permissions import PracticePermission
from practice.selectors.records import visible

SHOWN = 100


def visible_to(actor: Actor) -> QuerySet[ImportRun]:
    """Imports of what the actor may look at, newest first."""
    if not actor.may(PracticePermission.VIEW_IMPORTS):
        return ImportRun.objects.none()
    found = ImportRun.objects.filter(
        practice_id=actor.practice_id, target__in=sheet_registry.visible_names(actor)
    )
    return found.annotate(  # type: ignore[no-redef]
        taken_rows=_sum("rows_new"), refused_rows=_sum("rows_refused")
    ).order_by("-created_at", "-id")


def _sum(column: str) -> Subquery:
    """A figure of a run's own files, not of its dry run's."""
    files = ImportFile.objects.filter(run=OuterRef("pk"), is_rehearsal=False).order_by().values("run_id")
    return Subquery(files.annotate(total=Sum(column)).values("total"), output_field=IntegerField())


def get_run(run_id: uuid.UUID, *, actor: Actor) -> ImportRun:
    """One import; what is unknown, foreign or forbidden is 404."""
    found = visible_to(actor).select_related("mapping", "asked_by__user").filter(pk=run_id).first()
    if found is None:
        raise Http404
    return found


def failed(queryset: QuerySet[ImportRun], *, actor: Actor) -> QuerySet[ImportRun]:
    """Those that stopped."""
    return queryset.filter(state=ImportRun.State.FAILED)


def job_of(run: ImportRun) -> JobRun | None:
    """The background work that was asked for last."""
    return JobRun.objects.filter(
        kind__in=(ImportRun.job_kind, ImportRun.undo_kind), key=f"{run.pk}:{run.tries}"
    ).first()


def progress(run: ImportRun) -> dict[str, Any]:
    """Where an import stands: its files, its job, percent done, whether it still moves."""
    rehearsal = run.state in (ImportRun.State.TRYING, ImportRun.State.TRIED, ImportRun.State.DRAFT)
    files = list(ImportFile.objects.filter(run=run, is_rehearsal=rehearsal))
    if not files and run.state in (ImportRun.State.FAILED, ImportRun.State.QUEUED):
        files = list(ImportFile.objects.filter(run=run, is_rehearsal=True))
    job = job_of(run)
    total, read = sum(file.rows_total for file in files), sum(file.rows_read for file in files)
    if job is not None and job.progress_total and run.is_moving:
        total, read = job.progress_total, max(0 if rehearsal else read, job.progress_done)
    stopped = run.is_moving and job is not None and job.state == JobRun.State.FAILED
    over = not run.is_moving
    percent = 100 if over else min(99, 100 * read // total if total else 0)
    return {
        "files": files, "job": job, "percent": percent, "moving": run.is_moving and not stopped,
        "stopped": stopped, "total": total, "read": read, "rehearsal": rehearsal, "counts": _counts(files),
    }  # fmt: skip


def _counts(files: list[ImportFile]) -> dict[str, int]:
    names = ("rows_read", "rows_new", "rows_changed", "rows_known", "rows_refused")
    return {name.removeprefix("rows_"): sum(getattr(file, name) for file in files) for name in names}


def refusals(run: ImportRun) -> QuerySet[ImportRefusal]:
    """Refused rows of a run, by file and row: of the run itself once it began, of its dry run before."""
    return (
        ImportRefusal.objects.filter(file__run=run, file__is_rehearsal=run.started_at is None)
        .select_related("file")
        .order_by("file__position", "row_number")
    )


def get_file(file_id: uuid.UUID, *, run: ImportRun) -> ImportFile:
    """A file of a run, or 404."""
    found = ImportFile.objects.filter(pk=file_id, run=run).first()
    if found is None:
        raise Http404
    return found


PROBLEM = ("Row", "Column", "Problem")  # what a sheet of refused rows has behind its own columns


def refused_sheet(file: ImportFile) -> tuple[list[str], list[list[Any]]]:
    """Headings and lines of a file's refused rows as they came, with row, column and problem behind them."""
    found = list(ImportRefusal.objects.filter(file=file))
    columns: list[str] = []
    for refusal in found:
        columns += [name for name in refusal.row if name and name not in columns and name not in PROBLEM]
    order = _order(file)
    columns.sort(key=lambda name: order.get(name, len(order)))
    lines = [
        [*(refusal.row.get(name, "") for name in columns), refusal.row_number, refusal.field, refusal.message]
        for refusal in found
    ]
    return [*columns, *PROBLEM], lines


def _order(file: ImportFile) -> dict[str, int]:
    """Where each heading stood in the sheet: JSON does not keep the order of its names."""
    if file.run.mapping_id is None:
        return {}
    columns = SheetColumn.objects.filter(mapping_id=file.run.mapping_id)
    return dict(columns.values_list("heading", "position"))


def columns_of(run: ImportRun) -> list[SheetColumn]:
    """The columns of a run with the meanings of their words."""
    if run.mapping_id is None:
        return []
    return list(SheetColumn.objects.filter(mapping_id=run.mapping_id).prefetch_related("meanings"))


def kept_mappings(target: str) -> list[str]:
    """Source systems whose columns are known for a target."""
    found = SheetMapping.objects.filter(target=target).exclude(name="")
    return list(found.order_by("name").values_list("name", flat=True))


def made(run: ImportRun, *, actor: Actor) -> tuple[list[tuple[ImportedRecord, Any]], int]:
    """The first records a run made that the actor may see, and how many it made in all."""
    target = sheet_registry.find(run.target)
    rows = ImportedRecord.objects.filter(run=run)
    if not isinstance(target, SheetTarget):
        return [], 0
    first = list(rows.order_by("id")[:SHOWN])
    records = visible(target.model_class, ids=[row.record_id for row in first], actor=actor)
    return [(row, records[row.record_id]) for row in first if row.record_id in records], rows.count()


def undone(run: ImportRun) -> tuple[int, list[ImportedRecord], int]:
    """How many records an undo withdrew, the first of those it left, and how many it left."""
    rows = ImportedRecord.objects.filter(run=run)
    left = rows.exclude(left_because="")
    return rows.exclude(withdrawn_at=None).count(), list(left.order_by("id")[:SHOWN]), left.count()


def left_records(
    rows: list[ImportedRecord], *, run: ImportRun, actor: Actor
) -> list[tuple[ImportedRecord, Any]]:
    """Records an undo left, as far as the actor may see them (None for the others)."""
    target = sheet_registry.sheet_target(run.target)
    records = visible(target.model_class, ids=[row.record_id for row in rows], actor=actor)
    return [(row, records.get(row.record_id)) for row in rows]
