"""What upper rooms add to what stands below them, by dotted name in the setting CONTRIBUTIONS (ARCHITECTURE.md 1).

A contributor that is missing or fails is never taken for "fine": its answer says that it could not be checked.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from practice.permissions import AREAS

log = logging.getLogger(__name__)
COULD_NOT = "could not be checked"


@dataclass(frozen=True)
class Answer:
    """What one contributor said; ``failed`` means that nobody knows, ``source`` names the area it speaks for."""

    source: str
    value: Any = None
    failed: bool = False


def gather(kind: str, /, *args: Any, **kwargs: Any) -> list[Answer]:
    """Ask every contributor of a kind, in the order of the setting: all in one savepoint, and only if one fails there,
    each again in one of its own (contributors read and never write, so asking twice changes nothing).

    Raises KeyError for a kind that the setting does not know.
    """
    names = settings.CONTRIBUTIONS[kind]
    try:
        with transaction.atomic():
            return [_ask(name, args, kwargs) for name in names]
    except Exception:
        return [_ask_alone(name, args, kwargs) for name in names]


def _ask(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Answer:
    value = import_string(name)(*args, **kwargs)
    # A generator would ask its questions, and fail, after the savepoint.
    return Answer(source=_source(name), value=list(value) if isinstance(value, Iterator) else value)


def _ask_alone(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Answer:
    try:
        with transaction.atomic():
            return _ask(name, args, kwargs)
    except Exception:
        log.exception("contributor %s failed", name)
        return Answer(source=_source(name), failed=True)


def _source(name: str) -> str:
    app = name.split(".")[0]
    return AREAS.get(app, app.capitalize())
