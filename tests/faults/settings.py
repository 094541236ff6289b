"""The product's settings, with addresses and jobs that exist to be broken. Only fault tests start processes so."""

from practice.settings import *  # noqa: F403

ROOT_URLCONF = "tests.faults.urls"
CELERY_IMPORTS = ["tests.faults.tally"]
