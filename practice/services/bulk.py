"""One act on many records: kept as a run, done at once or by a job, each record in its own savepoint."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kit import bulk, clock, registry
from practice import jobs
from practice.actor import Actor
from practice.encrypted import reveal
from practice.models import BulkItem, BulkRun, Practice
from practice.selectors.people import user_actor

KIND = "practice.bulk"
STEP = 25  # records a transaction of the job
NOT_A_MEMBER = (
    "Whoever asked for this is no longer a member of the practice. What was not done yet stays as it is."
)


@transaction.atomic
def begin(
    kind: str, *, action: str, ids: Sequence[uuid.UUID], answers: str, later: bool, actor: Actor
) -> BulkRun:
    """Note an act on these records, then do it: now, or ``later`` in the background as the same person.

    The records are fixed here: one that matches by then, but did not when it was asked for, is not touched.
    """
    run = BulkRun.objects.create(
        practice_id=actor.practice_id,
        kind=kind,
        action=action,
        answers=answers,
        asked_by=str(actor),
        member_id=actor.membership_id,
        total=len(ids),
    )
    rows = [BulkItem(practice_id=actor.practice_id, run=run, record_id=pk) for pk in ids]
    BulkItem.objects.bulk_create(rows, batch_size=1_000)
    if later:
        job = jobs.enqueue(KIND, actor=actor, key=str(run.pk), args={"bulk_id": str(run.pk)})
        run.job_id = job.pk
        run.save()
    else:
        do_some(run, items=run.items.filter(state=BulkItem.State.WAITING), actor=actor)
        _finish(run)
    return run


def do_some(run: BulkRun, *, items: QuerySet[BulkItem], actor: Actor) -> int:
    """Act on the records of these items, in the caller's transaction; returns how many there were."""
    resource = registry.get(run.kind)
    action = resource.action(run.action)
    waiting = {item.record_id: item for item in items}
    if action is None or not action.bulk:  # a release took it away while the run was waiting
        outcomes = [(pk, "This can no longer be done to many at once") for pk in waiting]
    else:
        answers = reveal(run, "answers") if run.answers else ""
        outcomes = list(bulk.each(action, resource=resource, ids=waiting, actor=actor, answers=answers))
    for pk, why in outcomes:
        waiting[pk].state = BulkItem.State.REFUSED if why else BulkItem.State.DONE
        waiting[pk].reason = why[:500]
    BulkItem.objects.bulk_update(waiting.values(), ["state", "reason"])
    return len(waiting)


def carry_out(job: jobs.Job) -> dict[str, int]:
    """The job of a run: a few records a transaction, as whoever asked, with the rights they have by then."""
    with job.step(read_only=True) as system:
        run = BulkRun.objects.select_related("member__user").get(pk=job.args["bulk_id"])
        practice = Practice.objects.get(pk=job.practice_id)
        member: Any = run.member
        actor = user_actor(user=member.user, practice=practice, request_id=system.request_id)
    if actor is None:
        raise jobs.NotAgain(NOT_A_MEMBER)
    theirs = replace(job, actor=actor)
    while True:
        with theirs.step():
            do_some(run, items=_waiting(run)[:STEP], actor=actor)
            left = _waiting(run).count()
            if not left:
                _finish(run)
                return {"records": run.total}
        job.progress(run.total - left, total=run.total)


def _waiting(run: BulkRun) -> QuerySet[BulkItem]:
    return run.items.filter(state=BulkItem.State.WAITING).order_by("record_id")


def _finish(run: BulkRun) -> None:
    BulkRun.objects.filter(pk=run.pk, finished_at=None).update(finished_at=clock.system_now())
