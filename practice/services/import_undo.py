"""Undo an import: what it made is withdrawn by the target's own service, record by record; nothing is swept away."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import IntegrityError, transaction

from kit import clock
from kit.errors import DomainError
from practice import jobs, sheet_registry
from practice.actor import Actor
from practice.models import ImportedRecord, ImportRun
from practice.services.import_plans import in_name_of_asker

STEP = 50
CHANGED = "was changed since, by somebody or by a later import"
NEEDED = "something else refers to it"


def carry_out(job: jobs.Job) -> None:
    """Withdraw what is left of the run a job names, a step at a time; killed, it goes on."""
    run_id = uuid.UUID(job.args["run_id"])
    with job.step():
        run = ImportRun.objects.select_related("asked_by__user").get(pk=run_id)
        job = in_name_of_asker(job, run=run)
    if run.state != ImportRun.State.UNDOING:
        return
    target = sheet_registry.sheet_target(run.target)
    undo = target.load(target.undo)
    done = 0
    while True:
        with job.step() as actor:
            waiting = list(_waiting(run).order_by("-id").select_for_update(of=("self",), no_key=True)[:STEP])
            records = target.model_class._default_manager.in_bulk([each.record_id for each in waiting])
            for each in waiting:
                _withdraw(each, record=records.get(each.record_id), undo=undo, actor=actor)
            if not waiting:
                ImportRun.objects.filter(pk=run.pk).update(
                    state=ImportRun.State.UNDONE, finished_at=clock.now(), updated_at=clock.now()
                )
                return
        done += len(waiting)
        job.progress(done, total=max(done, _made(run, job=job)), note="Withdrawing")


def _waiting(run: ImportRun) -> Any:
    return ImportedRecord.objects.filter(run=run, withdrawn_at=None, left_because="")


def _made(run: ImportRun, *, job: jobs.Job) -> int:
    with job.step(read_only=True):
        return ImportedRecord.objects.filter(run=run).count()


def _withdraw(each: ImportedRecord, *, record: Any, undo: Any, actor: Actor) -> None:
    """One record: withdrawn, or left with the reason. One that is gone already counts as withdrawn."""
    version = getattr(record, "updated_at", None)
    reason = ""
    if record is not None and each.record_version is not None and version != each.record_version:
        reason = CHANGED
    elif record is not None:
        try:
            with transaction.atomic():
                undo(record, actor=actor)
        except DomainError as error:
            reason = error.message
        except IntegrityError:
            reason = NEEDED
    if reason:
        each.left_because = reason[:300]
    else:
        each.withdrawn_at = clock.now()
    each.save(update_fields=["left_because", "withdrawn_at", "updated_at"])
