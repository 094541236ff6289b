"""Declare and enqueue background work: a row in the caller's transaction (ARCHITECTURE.md 6).

A handler is one function per kind::

    @jobs.kind("reports.rollup", every="night")
    def rollup(job: jobs.Job) -> None:
        with job.step():
            ...

``every`` makes the beat queue it for each practice: "night" (key = local date) or "month" (key = the month
just ended, YYYY-MM). Each ``job.step()`` is one transaction; work must be replace, never increment.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.models import QuerySet

from practice import stopping
from practice.actor import Actor
from practice.models import JobRun
from practice.services.work import close_items
from practice.transactions import acting_in

Every = Literal["", "night", "month"]
FAILED_ITEM = "practice.job_failed"  # the work item that a failed job puts on the list


class NotAgain(Exception):
    """A failure that trying again cannot mend; its text is shown to the user as it is."""


class LeaseLost(Exception):
    """Another worker has taken the job over: this one was away for longer than its lease and must stop."""


class Interrupted(Exception):
    """The worker is to stop: the job goes back into the queue as it stands, which costs it no attempt."""


@dataclass(frozen=True)
class Kind:
    """A registered kind of job."""

    name: str
    run: Callable[[Job], dict[str, Any] | None]
    label: str
    every: Every = ""
    each_missed: bool = False


KINDS: dict[str, Kind] = {}


def kind(
    name: str, *, label: str, every: Every = "", each_missed: bool = False
) -> Callable[[Callable[[Job], dict[str, Any] | None]], Callable[[Job], dict[str, Any] | None]]:
    """Register a handler. ``label`` is what the Jobs page calls it.

    ``each_missed``: after days without a beat every missed period gets a job of its own, oldest first; without it only
    the latest does, which suits work that looks at how things stand now.
    """

    def register(function: Callable[[Job], dict[str, Any] | None]) -> Any:
        if name in KINDS and KINDS[name].run.__qualname__ != function.__qualname__:
            raise ValueError(f"job kind {name} is registered twice")
        KINDS[name] = Kind(name=name, run=function, label=label, every=every, each_missed=each_missed)
        return function

    return register


def kinds() -> Iterable[str]:
    """The names of all kinds of work."""
    label_of("")  # has them all loaded
    return KINDS.keys()


def label_of(name: str) -> str:
    """What people call a kind; its name when nothing of that name is left in the code."""
    if name not in KINDS:
        from practice.discovery import load_handlers  # a web process may not have met any kind yet

        load_handlers()
    return KINDS[name].label if name in KINDS else name


@dataclass
class Job:
    """A running job as its handler sees it: arguments, steps, progress."""

    id: uuid.UUID
    practice_id: uuid.UUID
    key: str
    args: dict[str, Any]
    actor: Actor
    report: Callable[[int, int, str], None] = field(default=lambda done, total, note: None)
    attempt: int = 0  # which attempt this worker holds; 0 outside a worker

    @contextmanager
    def step(self, *, read_only: bool = False) -> Iterator[Actor]:
        """One short transaction of the job, as the job's actor. Raises LeaseLost when another worker has it now,
        Interrupted when this one is to stop.
        """
        if self.attempt and stopping.is_asked():
            raise Interrupted
        with acting_in(self.practice_id, actor=self.actor, read_only=read_only):
            if self.attempt and not self.held().exists():
                raise LeaseLost
            yield self.actor

    def held(self) -> QuerySet[JobRun]:
        """The job's row, as long as the attempt that runs is still this worker's."""
        return JobRun.objects.filter(pk=self.id, state=JobRun.State.RUNNING, attempts=self.attempt)

    def progress(self, done: int, *, total: int, note: str = "") -> None:
        """Tell whoever watches; also renews the lease. Written on a connection of its own."""
        self.report(done, total, note)


def enqueue(
    name: str,
    *,
    actor: Actor,
    key: str,
    args: dict[str, Any] | None = None,
    run_after: datetime | None = None,
) -> JobRun:
    """Queue a job in the caller's transaction; the same kind and key twice is one job (the first is returned).

    ``args`` holds ids and plain parameters only, never names or other personal data.
    """
    if name not in KINDS:
        from practice.discovery import load_handlers  # a web process may not have met any kind yet

        load_handlers()
    if name not in KINDS:
        raise ValueError(f"unknown job kind {name}")
    values: dict[str, Any] = {
        "args": args or {},
        "requested_by": actor.user_id,
        "request_id": actor.request_id,
    }
    if run_after is not None:
        values["run_after"] = run_after
    job, made = JobRun.objects.get_or_create(
        practice_id=actor.practice_id, kind=name, key=key, defaults=values
    )
    if made:
        with connection.cursor() as cursor:
            cursor.execute("NOTIFY wellrun_jobs")  # a hint; the relay's poll is the net
    return job


def again(job: JobRun, *, actor: Actor) -> JobRun:
    """Put a failed or finished job back into the queue with fresh attempts."""
    locked = JobRun.objects.select_for_update(no_key=True).get(pk=job.pk)
    if locked.state in (JobRun.State.FAILED, JobRun.State.DONE):
        locked.state, locked.attempts, locked.error, locked.finished_at = JobRun.State.QUEUED, 0, "", None
        locked.lease_until = None
        locked.requested_by = actor.user_id
        locked.save()
        close_items(locked, kind=FAILED_ITEM, outcome="Run again", actor=actor)
        with connection.cursor() as cursor:
            cursor.execute("NOTIFY wellrun_jobs")
    return locked
