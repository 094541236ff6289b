"""The only two Celery tasks: run one job by id, and dispatch what is due."""

import uuid

from celery import shared_task
from django.db import close_old_connections
from structlog.contextvars import clear_contextvars


@shared_task(name="practice.run_job")  # type: ignore[untyped-decorator]
def run_job(practice_id: str, job_id: str) -> None:
    """Run a JobRun. Safe to deliver twice: only the holder of its lease works."""
    from practice.worker import run

    close_old_connections()  # kept from the last job: after a restart of PostgreSQL it would be a dead one
    try:
        run(job_id=uuid.UUID(job_id), practice_id=uuid.UUID(practice_id))
    finally:
        clear_contextvars()  # the log's next lines are another practice's


@shared_task(name="practice.dispatch")  # type: ignore[untyped-decorator]
def dispatch() -> None:
    """Queue each practice's nightly and monthly work once its local night has come."""
    from practice.relay import dispatch_due

    dispatch_due()
