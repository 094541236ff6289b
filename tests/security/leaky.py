"""The product's settings, with views and jobs that fail with a patient's data in every place a failure has."""

import logging
import warnings

from practice.settings import *  # noqa: F403

ROOT_URLCONF = "tests.security.leaky_urls"
CELERY_IMPORTS = ["tests.security.leaky_views"]

logging.captureWarnings(capture=True)
warnings.simplefilter("default")
