"""Tests run as the app role: otherwise row-level security is not tested."""

import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
pytest_plugins = ["tests.cast", "tests.evidence"]
