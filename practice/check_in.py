"""What rooms look at when a patient comes to the desk, before a visit and after it. They warn and never block.

Contributions of the kinds "check_in_items" and "check_out_items": ``items(visit, *, actor, slug) -> Iterable[Item]``,
reads only. ``slug`` is that of the practice, for addresses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from practice.actor import Actor
from practice.contributions import COULD_NOT, gather
from practice.models import Practice

State = Literal["ok", "warn", "missing"]
Kind = Literal["check_in_items", "check_out_items"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing at the desk: how it stands, in whose words, what to do about it and where.

    ``missing`` asks for a reason when the visit goes on without it, ``warn`` is only said. ``code`` is unique among the
    items of a visit; at most 40 letters. ``link`` are the words on the way to ``url``.
    """

    code: str
    title: str
    state: State = "ok"
    detail: str = ""
    todo: str = ""
    url: str = ""
    link: str = "Open"


class Contributor(Protocol):
    """One room's items for a visit whose patient the actor may see; nothing of what the actor may not know."""

    def __call__(self, visit: Any, *, actor: Actor, slug: str) -> Iterable[Item]: ...


def items(kind: Kind, visit: Any, *, actor: Actor) -> list[Item]:
    """Everything the rooms have to say, in the order of the setting; one that cannot be asked says so."""
    slug = Practice.objects.values_list("slug", flat=True).get(pk=actor.practice_id)
    found: list[Item] = []
    for answer in gather(kind, visit, actor=actor, slug=slug):
        if answer.failed:
            code = f"unchecked_{answer.source.lower().replace(' ', '_')}"[:40]
            found.append(Item(code=code, title=answer.source, state="missing", detail=f"It {COULD_NOT}."))
        else:
            found += answer.value
    return found
