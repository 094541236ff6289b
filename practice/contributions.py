"""What upper rooms add to what stands below them, by dotted name in the setting CONTRIBUTIONS (ARCHITECTURE.md 1).

A contributor that is missing or fails is never taken for "fine": its answer says that it could not be checked.
"""

from __future__ import annotations

import logging
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
    """Ask every contributor of a kind, in the order of the setting; each in a savepoint of its own.

    Raises KeyError for a kind that the setting does not know.
    """
    return [_ask(name, args, kwargs) for name in settings.CONTRIBUTIONS[kind]]


def _ask(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Answer:
    source = AREAS.get(name.split(".")[0], name.split(".")[0].capitalize())
    try:
        with transaction.atomic():
            return Answer(source=source, value=import_string(name)(*args, **kwargs))
    except Exception:
        log.exception("contributor %s failed", name)
        return Answer(source=source, failed=True)
