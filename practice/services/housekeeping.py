"""What ends by itself: answers to keyed requests, finished background work, exports, drafts, sessions, uploads
from outside that nobody reviewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from kit import clock
from practice import jobs, public_rates, sessions
from practice.actor import Actor
from practice.models import BulkItem, IdempotencyKey, JobRun
from practice.selectors.days import practice_today
from practice.services import drafts, exports, quarantine
from practice.services.rules import rule

BATCH = 5_000


def tidy(job: jobs.Job) -> dict[str, int]:
    """One night's housekeeping of a practice, a batch a step; returns how much went."""
    with job.step() as actor:
        expired = exports.expire(actor=actor)
        drafts_gone = drafts.purge(actor=actor)
    with job.step():  # these belong to people, not to the practice: any practice's night does it
        sessions_gone = sessions.forget_old()
        public_rates.forget(before=clock.system_now() - timedelta(days=1))
    return {
        "exports": expired,
        "answers": _in_steps(job, delete=forget_answers),
        "jobs": _in_steps(job, delete=forget_jobs),
        "bulk": _in_steps(job, delete=forget_outcomes),
        "drafts": drafts_gone,
        "sessions": sessions_gone,
        "quarantined": _in_steps(job, delete=quarantine.destroy_old, batch=quarantine.BATCH),
    }


def _in_steps(job: jobs.Job, *, delete: Callable[..., int], batch: int = 0) -> int:
    total = 0
    while True:
        with job.step() as actor:
            gone = delete(actor=actor)
        total += gone
        if gone < (batch or BATCH):
            return total


def forget_answers(*, actor: Actor) -> int:
    """Delete a batch of answers to keyed requests that are past their hours."""
    hours = int(rule("custody.answers_keep_hours", on=practice_today(actor)))
    before = clock.system_now() - timedelta(hours=hours)
    old = IdempotencyKey.objects.filter(practice_id=actor.practice_id, created_at__lt=before)
    return IdempotencyKey.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()[0]


def forget_outcomes(*, actor: Actor) -> int:
    """Delete a batch of what became of single records in acts on many; the acts themselves stay on record."""
    days = int(rule("custody.jobs_keep_days", on=practice_today(actor)))
    before = clock.system_now() - timedelta(days=days)
    old = BulkItem.objects.filter(practice_id=actor.practice_id, created_at__lt=before)
    return BulkItem.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()[0]


def forget_jobs(*, actor: Actor) -> int:
    """Delete a batch of finished and failed background work that is past its days.

    A monthly job's key is the month before: the rule's own limit keeps a row as long as the beat may ask for it.
    """
    days = int(rule("custody.jobs_keep_days", on=practice_today(actor)))
    before = clock.system_now() - timedelta(days=days)
    over = (JobRun.State.DONE, JobRun.State.FAILED)
    old = JobRun.objects.filter(practice_id=actor.practice_id, created_at__lt=before, state__in=over)
    return JobRun.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()[0]
