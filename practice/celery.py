"""Celery: carries the ids of jobs to workers, and the beat's minute tick. Nothing else."""

import os

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logging(**_: object) -> None:
    """Celery's own hook: with a receiver it leaves the logging of practice/logs.py as it is."""


@worker_init.connect  # type: ignore[untyped-decorator]
def start_well(**_: object) -> None:
    """A worker refuses an unsafe database account, and begins without the word to stop."""
    from practice import startup, stopping

    stopping.forget()
    startup.insist()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def tell_the_jobs(**_: object) -> None:
    """SIGTERM: running jobs give their work back at their next step."""
    from practice import stopping

    stopping.ask()


app = Celery("wellrun")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["practice"], related_name="tasks")
