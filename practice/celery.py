"""Celery: carries the ids of jobs to workers, and the beat's minute tick. Nothing else."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logging(**_: object) -> None:
    """Celery's own hook: with a receiver it leaves the logging of practice/logs.py as it is."""


app = Celery("wellrun")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["practice"], related_name="tasks")
