"""Celery: carries the ids of jobs to workers, and the beat's minute tick. Nothing else."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
app = Celery("wellrun")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["practice"], related_name="tasks")
