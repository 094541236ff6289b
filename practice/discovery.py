"""Find what each app declares: job kinds, event handlers, permissions. Once, in ladder order."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings


def modules(name: str) -> list[ModuleType]:
    """The module ``<app>.<name>`` of every app of the house that has one."""
    return [import_module(f"{app}.{name}") for app in settings.HOUSE if find_spec(f"{app}.{name}")]


@lru_cache(maxsize=1)
def load_handlers() -> None:
    """Import every app's jobs and event handlers, so that their registrations exist."""
    import_module("practice.events")
    modules("jobs")
    modules("handlers")
