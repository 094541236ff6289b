"""Tests run as the app role: otherwise row-level security is not tested."""

import gc
import os

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
pytest_plugins = ["tests.cast", "tests.evidence"]
# Files that take minutes, started first: two workers end together only when what is left at the end is short.
LONG = (
    "tests/faults/",
    "tests/browser/",
    "tests/security/",
    "tests/interop/",
    "tests/reports/",
    "tests/api/",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; the order inside stays random."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """What stands by now is no garbage: going through it again and again was a twentieth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
