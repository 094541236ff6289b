"""What a room knows about a patient that whoever books a visit should hear: it warns and never blocks.

Contributions of the kind "booking_checks": ``check(patient, *, day, actor) -> Iterable[BookingWarning]``, reads only;
those of "visit_checks" are told ``provider`` and ``visit_type`` too.
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


def warnings(
    patient: Any, *, day: date, actor: Actor, provider: Any = None, visit_type: Any = None
) -> list[BookingWarning]:
    """Everything the rooms have to say; one that cannot be asked says so, and never looks like "fine".

    With a provider and a type of visit those of the kind "visit_checks" are asked too.
    """
    found: list[BookingWarning] = []
    answers = gather("booking_checks", patient, day=day, actor=actor)
    if provider is not None and visit_type is not None:
        answers += gather(
            "visit_checks", patient, provider=provider, visit_type=visit_type, day=day, actor=actor
        )
    for answer in answers:
        if answer.failed:
            code = f"unchecked_{answer.source.lower().replace(' ', '_')}"[:40]
            found.append(
                BookingWarning(code=code, message=f"{answer.source}: {COULD_NOT}.", wants_reason=False)
            )
        else:
            found += answer.value
    return found
