"""What a line of the Monday brief is, and what a contributor of the kind "brief_lines" answers.

A contributor is ``lines(*, actor, today)`` in ``<app>/brief.py``: it asks its own selectors what this actor may see and
says nothing about what they may not. ``sentence`` goes out by mail: figures, days and kinds, never the name, number or
words of a patient. ``detail`` stays on the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

from django.urls import reverse

from practice.actor import Actor
from practice.panels import Box

Severity = Literal["bad", "warn", "info"]
SEVERITIES: tuple[Severity, ...] = ("bad", "warn", "info")
ANY = "x"


@dataclass(frozen=True, kw_only=True)
class BriefLine:
    """One thing the week asks for.

    key: stable name of the matter, which a snooze holds on to ("billing.appeals_due"). path: the exact list it counts,
    made by ``at``. owner: who has it, in words.
    """

    key: str
    sentence: str
    severity: Severity
    permission: str
    path: str
    button: str = "Open list"
    detail: str = ""
    amount: Decimal | None = None
    due_on: date | None = None
    count: int = 0
    owner: str = ""


class Lines(Protocol):
    """A contributor of "brief_lines". Reads only."""

    def __call__(self, *, actor: Actor, today: date) -> Iterable[BriefLine]: ...


class Boxes(Protocol):
    """A contributor of "brief_boxes": what stands beside the lines on the screen."""

    def __call__(self, *, actor: Actor, today: date) -> Iterable[Box]: ...


def at(name: str, *, args: Mapping[str, Any] | None = None, **query: object) -> str:
    """The address of a page below its practice: ``at("billing:denials", due="week")``."""
    whole = reverse(name, kwargs={"practice": ANY, **(args or {})})
    words = urlencode({key: value for key, value in query.items() if value not in ("", None)})
    return whole.removeprefix(f"/p/{ANY}/") + (f"?{words}" if words else "")


def who(names: Iterable[str]) -> str:
    """Who has several things: one name, or how many people; '' when nobody has any."""
    found = sorted({name for name in names if name})
    if not found:
        return ""
    return found[0] if len(found) == 1 else f"{len(found)} people"
