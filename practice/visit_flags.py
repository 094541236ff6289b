"""What rooms have to say about many visits at once, in a word or two: the flags on the cards of the flow board.

Contributions of the kind "visit_flags": ``flags(visits, *, actor) -> Mapping[visit's key, Iterable[Status]]``, reads
only, in a number of queries that does not grow with the visits.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from kit.status import Status
from practice.actor import Actor
from practice.contributions import COULD_NOT, gather


class VisitFlags(Protocol):
    """One room's flags of visits whose patients the actor may see."""

    def __call__(self, visits: Sequence[Any], *, actor: Actor) -> Mapping[uuid.UUID, Iterable[Status]]: ...


def flags_of(
    visits: Sequence[Any], *, actor: Actor
) -> tuple[Mapping[uuid.UUID, Sequence[Status]], Sequence[str]]:
    """The flags by visit, in the order of the setting; and the areas that could not be asked, in words."""
    found: dict[uuid.UUID, list[Status]] = defaultdict(list)
    failed = []
    for answer in gather("visit_flags", visits, actor=actor):
        if answer.failed:
            failed.append(f"{answer.source}: {COULD_NOT}.")
            continue
        for key, flags in answer.value.items():
            found[key] += flags
    return found, failed
