"""The web server's entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from practice.startup import insist

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
application = get_wsgi_application()
insist()
# Every view is imported now, so that no first visitor of a process waits seconds for it.
get_resolver().url_patterns  # noqa: B018
