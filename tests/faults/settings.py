"""The product's settings, with addresses and jobs that exist to be broken. Only fault tests start processes so."""

import os

from practice.settings import *  # noqa: F403

ROOT_URLCONF = "tests.faults.urls"
CELERY_IMPORTS = ["tests.faults.tally"]
CELERY_BEAT_SCHEDULE = {
    "dispatch": {"task": "practice.dispatch", "schedule": float(os.environ.get("WELLRUN_BEAT_SECONDS", "60"))}
}
