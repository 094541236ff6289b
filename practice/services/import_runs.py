"""Ask for what an import can do: a dry run, the run itself, its undo. Each becomes a job."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum

from kit.errors import Conflict, DomainError
from kit.sheet_target import AnyTarget, SheetTarget
from practice import jobs, sheet_registry
from practice.actor import Actor
from practice.models import ImportFile, ImportRun, SheetColumn
from practice.permissions import PracticePermission
from practice.services.work import close_items

KIND, UNDO = ImportRun.job_kind, ImportRun.undo_kind
State = ImportRun.State


@transaction.atomic
def dry_run(run: ImportRun, *, actor: Actor) -> ImportRun:
    """Try every row and roll everything back: exact counts, and what would be refused.

    Raises DomainError when a column that is needed is missing, Conflict when the import has begun.
    """
    target = _required(run, actor=actor)
    locked = _locked(run)
    if not locked.can_try:
        raise Conflict("A dry run is not possible any more: this import has begun.")
    if isinstance(target, SheetTarget) and (missing := lacking(locked, target=target)):
        raise DomainError(f"Choose a column for: {', '.join(missing)}.")
    return _ask(locked, state=State.TRYING, kind=KIND, rehearsal=True, actor=actor)


@transaction.atomic
def take(run: ImportRun, *, actor: Actor) -> ImportRun:
    """Take the rows, as the last dry run counted them; or go on where a run has stopped.

    Raises Conflict without a dry run, DomainError for a sheet that is taken whole and has a refused row.
    """
    target = _required(run, actor=actor)
    locked = _locked(run)
    if not locked.can_run:
        raise Conflict("Make a dry run first, then import what it has counted.")
    if isinstance(target, SheetTarget) and target.whole and _refused(locked):
        raise DomainError(
            "This sheet is taken whole or not at all: correct its refused rows and upload it again."
        )
    return _ask(locked, state=State.QUEUED, kind=KIND, rehearsal=False, actor=actor)


@transaction.atomic
def undo(run: ImportRun, *, reason: str = "", actor: Actor) -> ImportRun:
    """Withdraw what the run made; what was changed or used since stays, and is named. Conflict when it cannot be."""
    _required(run, actor=actor)
    locked = _locked(run)
    if not locked.can_undo:
        raise Conflict("This import cannot be undone.")
    locked.undone_because = " ".join(reason.split())[:500]
    close_items(locked, kind="practice.refused_rows", outcome="Import undone", actor=actor)
    return _ask(locked, state=State.UNDOING, kind=UNDO, rehearsal=False, actor=actor)


def lacking(run: ImportRun, *, target: SheetTarget) -> list[str]:
    """What must still have a column, in words."""
    mapped = SheetColumn.objects.filter(mapping=run.mapping).exclude(field="").values_list("field", flat=True)
    return target.lacking(set(mapped))


def new_run(
    target: AnyTarget, *, label: str, actor: Actor, directory: str = "", upload: bool = False
) -> ImportRun:
    """A run of several files, before anything of it was tried. The caller required its permission."""
    return ImportRun.objects.create(
        practice_id=actor.practice_id,
        target=target.name,
        label=label[:120],
        directory=directory,
        upload=upload,
        asked_by_id=actor.membership_id,
        requested_by=actor.name or str(actor),
    )


def begin(run: ImportRun, *, rehearsal: bool, actor: Actor) -> ImportRun:
    """Queue the first work of a run of several files, whose columns nobody chooses."""
    state = State.TRYING if rehearsal else State.QUEUED
    return _ask(run, state=state, kind=KIND, rehearsal=rehearsal, actor=actor)


def _required(run: ImportRun, *, actor: Actor) -> AnyTarget:
    actor.require(PracticePermission.RUN_IMPORTS)
    target = sheet_registry.find(run.target)
    if target is None:
        raise Conflict("Nothing of this kind can be imported any more.")
    actor.require(target.permission)
    return target


def _locked(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)


def _refused(run: ImportRun) -> int:
    found = ImportFile.objects.filter(run=run, is_rehearsal=True).aggregate(refused=Sum("rows_refused"))
    return found["refused"] or 0


def _ask(run: ImportRun, *, state: str, kind: str, rehearsal: bool, actor: Actor) -> ImportRun:
    """Queue the work in the name of whoever asks now."""
    run.state, run.error, run.tries = state, "", run.tries + 1
    run.asked_by_id, run.requested_by = actor.membership_id, actor.name or str(actor)
    run.save()
    args = {"run_id": str(run.pk), "rehearsal": rehearsal}
    jobs.enqueue(kind, actor=actor, key=f"{run.pk}:{run.tries}", args=args)
    return run
