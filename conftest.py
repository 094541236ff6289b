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
    """Long files first; the order inside stays random. Of those that need the story of two practices one begins, and
    the others come last of the long ones: a run tells it once, and whoever needs it meanwhile would wait.
    """
    tellers = [item.path for item in items if _tells(item)]
    first = tellers[0] if tellers else None

    def rank(item: pytest.Item) -> int:
        if item.path == first:
            return 0
        return 2 if _tells(item) else 1 if item.nodeid.startswith(LONG) else 3

    items.sort(key=rank)


def _tells(item: pytest.Item) -> bool:
    names = vars(item.module) if isinstance(item, pytest.Function) else {}
    return any(getattr(each, "__module__", "") == "tests.security.two_practices" for each in names.values())


def pytest_collection_finish() -> None:
    """What stands by now is no garbage: going through it again and again was a twentieth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
