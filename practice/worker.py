"""Run one job: take its lease, keep it warm, run the handler's steps, write the outcome."""

from __future__ import annotations

import logging
import threading
import uuid
from datetime import timedelta
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection

from kit import clock
from kit.pdf import PdfUnavailable
from practice.access_log import bind_actor
from practice.actor import Actor
from practice.discovery import load_handlers
from practice.jobs import FAILED_ITEM, KINDS, Interrupted, Job, LeaseLost, NotAgain, label_of
from practice.models import JobRun
from practice.permissions import PracticePermission
from practice.services.work import open_item
from practice.transactions import acting_in

log = logging.getLogger(__name__)
LEASE_SECONDS: int = settings.JOB_LEASE_SECONDS
HEARTBEAT_SECONDS = LEASE_SECONDS / 4

POISON = (
    "The worker stopped in the middle of this work again and again, so it is not started any more. "
    "It may need more memory than there is: tell your administrator before you run it again."
)


class Heartbeat:
    """Writes lease and progress on an autocommit connection of its own, through a definer function.

    The job's own transaction may be long or roll back; what people see of it must not. It connects at the first
    beat, so a job of milliseconds costs no connection, and again whenever the last one broke.
    """

    def __init__(self, *, job_id: uuid.UUID) -> None:
        self.job_id = job_id
        self.connection: Any = None
        self.stop, self.lock = threading.Event(), threading.Lock()
        self.last: tuple[int, int, str] = (0, 0, "")
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Heartbeat:
        if settings.DATABASE_HEARTBEAT_URL:
            self.thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop.set()
        if self.thread.is_alive():
            self.thread.join(timeout=2)
        with self.lock:
            self._hang_up()

    def report(self, done: int, total: int, note: str) -> None:
        """Progress as the handler tells it. One that cannot be written is lost; the work goes on."""
        self.last = (done, total, note)
        if settings.DATABASE_HEARTBEAT_URL:
            self._write()

    def _write(self) -> None:
        with self.lock:
            try:
                if self.connection is None:
                    self.connection = psycopg2.connect(
                        settings.DATABASE_HEARTBEAT_URL,
                        dbname=connection.settings_dict["NAME"],
                        connect_timeout=2,
                    )
                    self.connection.autocommit = True
                with self.connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT job_beat(%s, %s, %s, %s, %s)", [str(self.job_id), *self.last, LEASE_SECONDS]
                    )
            except psycopg2.Error as error:
                log.warning("heartbeat of job %s failed: %s", self.job_id, type(error).__name__)
                self._hang_up()

    def _hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _beat(self) -> None:
        while not self.stop.wait(HEARTBEAT_SECONDS):
            self._write()


def run(*, job_id: uuid.UUID, practice_id: uuid.UUID) -> None:
    """Run a job if nobody else holds it. A failure is written on the row and tried again later."""
    load_handlers()
    actor = Actor(kind="job", practice_id=practice_id, id=job_id, request_id=f"job-{job_id}")
    bind_actor(actor)
    taken = _take_lease(job_id=job_id, actor=actor)
    if taken is None:
        return
    with Heartbeat(job_id=job_id) as heartbeat:
        job = Job(
            id=job_id,
            practice_id=practice_id,
            key=taken.key,
            args=taken.args,
            actor=actor,
            attempt=taken.attempts,
            report=heartbeat.report,
        )
        try:
            result = KINDS[taken.kind].run(job) or {}
        except LeaseLost:
            log.warning("job %s (%s) was taken over by another worker", job_id, taken.kind)
        except Interrupted:
            log.info("job %s (%s) was given back: the worker stops", job_id, taken.kind)
            _give_back(job)
        except (NotAgain, PdfUnavailable) as error:
            _finish(job, state=JobRun.State.FAILED, error=str(error))
        except Exception as error:
            log.exception("job %s (%s) failed", job_id, taken.kind)
            spent = taken.attempts >= taken.max_attempts
            state = JobRun.State.FAILED if spent else JobRun.State.QUEUED
            _finish(job, state=state, error=_plain(error, attempts=taken.attempts if spent else 0))
        else:
            _finish(job, state=JobRun.State.DONE, result=result)


def _take_lease(*, job_id: uuid.UUID, actor: Actor) -> JobRun | None:
    with acting_in(actor.practice_id, actor=actor):
        taken = JobRun.objects.raw(
            "UPDATE practice_jobrun SET state = 'running', attempts = attempts + 1, error = '', "
            "lease_until = clock_timestamp() + make_interval(secs => %s) "
            "WHERE id = %s AND (state IN ('queued', 'sent') "
            "OR (state = 'running' AND lease_until < clock_timestamp())) RETURNING *",
            [LEASE_SECONDS, str(job_id)],
        )
        row = next(iter(taken), None)
        if row is None or row.attempts <= row.max_attempts:
            return row
        # Swept so often that it must be the work itself that ends its workers.
        row.attempts, row.error, row.finished_at = row.max_attempts, POISON, clock.system_now()
        row.state, row.lease_until = JobRun.State.FAILED, None
        row.save()
        _list_failure(row, actor=actor)
        return None


def _finish(job: Job, *, state: str, error: str = "", result: dict[str, Any] | None = None) -> None:
    """Write the outcome, unless another worker holds the job by now: then the outcome is that one's to write."""
    now = clock.system_now()
    outcome: dict[str, Any] = {"state": state, "error": error[:2000], "lease_until": None, "updated_at": now}
    if state == JobRun.State.DONE:
        outcome["result"] = result or {}
    if state == JobRun.State.QUEUED:
        outcome["run_after"] = now + timedelta(seconds=15 * 2**job.attempt)
    else:
        outcome["finished_at"] = now
    with acting_in(job.practice_id, actor=job.actor):
        if not job.held().update(**outcome):
            log.warning("job %s was taken over by another worker; its outcome is not written", job.id)
        elif state == JobRun.State.FAILED:
            _list_failure(JobRun.objects.get(pk=job.id), actor=job.actor)


def _list_failure(row: JobRun, *, actor: Actor) -> None:
    """Put failed work on the list of those who may run it again."""
    title = f"Failed: {label_of(row.kind)}"
    open_item(
        FAILED_ITEM, record=row, title=title, permission=PracticePermission.VIEW_JOBS, again=True, actor=actor
    )


def _give_back(job: Job) -> None:
    """Queue it again at once, as if this worker had never taken it."""
    with acting_in(job.practice_id, actor=job.actor):
        job.held().update(
            state=JobRun.State.QUEUED,
            lease_until=None,
            run_after=clock.system_now(),
            attempts=job.attempt - 1,
            updated_at=clock.system_now(),
        )


def _plain(error: Exception, *, attempts: int) -> str:
    """What a manager may read: the kind of failure, without values (they may be personal data), and what to do.

    ``attempts`` is how often it was tried, once that was too often.
    """
    what = f"An unexpected error ({type(error).__name__}) stopped this work."
    if not attempts:
        return f"{what} It will be tried again by itself."
    return (
        f"{what} It was tried {attempts} times. Run it again; if that fails too, give your administrator the id at "
        "the end of this page's address: the server's log explains it."
    )


def run_waiting(*, practice_id: uuid.UUID, limit: int = 100) -> int:
    """Run what is queued for a practice in this process: tests, and `./run manage work`. Returns how many ran."""
    system = Actor(kind="system", practice_id=practice_id)
    for count in range(limit):
        with acting_in(practice_id, actor=system):
            job_id = (
                JobRun.objects.filter(state=JobRun.State.QUEUED, run_after__lte=clock.system_now())
                .order_by("run_after", "id")
                .values_list("id", flat=True)
                .first()
            )
        if job_id is None:
            return count
        run(job_id=job_id, practice_id=practice_id)
    return limit
