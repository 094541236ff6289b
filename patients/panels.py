"""What upper apps add to a patient's page: facts, boxes and actions, declared by dotted name in PATIENT_PANELS."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from patients.models import Patient
from practice.actor import Actor

log = logging.getLogger(__name__)


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
    """One app's contribution."""

    facts: tuple[Fact, ...] = ()
    boxes: tuple[Box, ...] = ()
    steps: tuple[Step, ...] = ()
    failed: str = ""


class Contributor(Protocol):
    """``panel(patient, *, actor, slug)``; None when it has nothing to show this actor. Reads only."""

    def __call__(self, patient: Patient, *, actor: Actor, slug: str) -> Panel | None: ...


def panels_for(patient: Patient, *, actor: Actor, slug: str) -> list[Panel]:
    """Every contribution, in the order of the setting; one that fails says so and never looks like "fine"."""
    found = []
    for name in getattr(settings, "PATIENT_PANELS", []):
        try:
            with transaction.atomic():
                panel = import_string(name)(patient, actor=actor, slug=slug)
        except Exception:
            log.exception("patient panel %s failed", name)
            panel = Panel(failed=name.split(".")[0])
        if panel is not None:
            found.append(panel)
    return found
