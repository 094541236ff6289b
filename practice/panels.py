"""What stands on a record's page beside its own fields: facts, boxes and steps that other rooms add.

Contributions of the kind "record_panels" speak for any record (notes, files, letters), those of "patient_panels" for
patients alone, and so on for every model that the setting names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings

from kit.status import Status
from practice.actor import Actor
from practice.contributions import gather


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A figure in the strip under the heading; ``tone`` is one of kit.status.TONES or ''."""

    label: str
    value: str
    note: str = ""
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A titled box in the main column, rendered by its own template with ``context`` as ``box``."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    link: tuple[str, str] | None = None  # label, url


@dataclass(frozen=True, kw_only=True)
class Step:
    """A button; the first primary one of all panels becomes the page's one primary button."""

    label: str
    url: str
    primary: bool = False
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One contribution; ``failed`` names the area that could not be asked."""

    facts: tuple[Fact, ...] = ()
    boxes: tuple[Box, ...] = ()
    steps: tuple[Step, ...] = ()
    marks: tuple[Status, ...] = ()  # words in colour beside the heading
    failed: str = ""


class Contributor(Protocol):
    """``panel(record, *, actor, slug)``; None when it has nothing to show this actor. Reads only."""

    def __call__(self, record: Any, *, actor: Actor, slug: str) -> Panel | None: ...


def panels_of(record: Any, *, actor: Actor, slug: str) -> list[Panel]:
    """Every contribution to a record's page; one that fails says so and never looks like "fine"."""
    own = f"{record._meta.model_name}_panels"
    kinds = [kind for kind in (own, "record_panels") if kind in settings.CONTRIBUTIONS]
    answers = [answer for kind in kinds for answer in gather(kind, record, actor=actor, slug=slug)]
    panels = [Panel(failed=answer.source) if answer.failed else answer.value for answer in answers]
    return [panel for panel in panels if panel is not None]
