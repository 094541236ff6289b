"""The web server's entry point."""

import os

from django.core.wsgi import get_wsgi_application

from practice.startup import insist

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
application = get_wsgi_application()
insist()
