"""The web server's entry point."""

import gc
import os

import django
from django.urls import get_resolver

from practice.edges import HouseHandler
from practice.startup import insist

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
django.setup(set_prefix=False)
application = HouseHandler()
insist()
# Every view is imported now, so that no first visitor of a process waits seconds for it.
get_resolver().url_patterns  # noqa: B018
# What stands now stays until the end: no collection goes through it again while somebody waits.
gc.collect()
gc.freeze()
