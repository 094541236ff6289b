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
    """Long files first; the order inside stays random. Of those that need a told story one file of each story begins,
    and the others come last of the long ones: a run tells it once, and whoever needs it meanwhile would wait.
    """
    first = {_story(item): item.path for item in reversed(items)}

    def rank(item: pytest.Item) -> int:
        if story := _story(item):
            return 0 if item.path == first[story] else 2
        return 1 if item.nodeid.startswith(LONG) else 3

    items.sort(key=rank)


def _story(item: pytest.Item) -> str:
    """Which story a test is told before it begins, "" for none."""
    if item.nodeid.startswith("tests/browser/"):
        return "a day that begins at ten"
    names = vars(item.module) if isinstance(item, pytest.Function) else {}
    told = any(getattr(each, "__module__", "") == "tests.security.two_practices" for each in names.values())
    return "two practices" if told else ""


def pytest_collection_finish() -> None:
    """What stands by now is no garbage: going through it again and again was a twentieth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
