"""What a room knows about a patient that whoever books a visit should hear: it warns and never blocks.

Contributions of the kind "booking_checks": ``check(patient, *, day, actor) -> Iterable[BookingWarning]``, reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from practice.actor import Actor
from practice.contributions import COULD_NOT, gather


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingWarning:
    """``code`` is what whoever books says they accept; ``wants_reason``: and in words why."""

    code: str
    message: str
    wants_reason: bool = True


class BookingCheck(Protocol):
    """One room's check of a patient for a visit on a day."""

    def __call__(self, patient: Any, *, day: date, actor: Actor) -> Iterable[BookingWarning]: ...


def warnings(patient: Any, *, day: date, actor: Actor) -> list[BookingWarning]:
    """Everything the rooms have to say; one that cannot be asked says so, and never looks like "fine"."""
    found: list[BookingWarning] = []
    for answer in gather("booking_checks", patient, day=day, actor=actor):
        if answer.failed:
            code = f"unchecked_{answer.source.lower().replace(' ', '_')}"[:40]
            found.append(
                BookingWarning(code=code, message=f"{answer.source}: {COULD_NOT}.", wants_reason=False)
            )
        else:
            found += answer.value
    return found
