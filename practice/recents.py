"""What a person opened last, for ⌘K. Ids only, in their session: it ends with the sign-in."""

from __future__ import annotations

import uuid
from typing import Any

from kit import registry
from kit.resource import Resource

KEPT = 8


def remember(request: Any, *, kind: str, pk: uuid.UUID) -> None:
    """Put a record on top."""
    if request.actor.kind != "user":
        return
    before = _of(request)
    now = [[kind, str(pk)], *(each for each in before if each != [kind, str(pk)])][:KEPT]
    if now != before:
        request.session["opened"] = {**request.session.get("opened", {}), str(request.practice.id): now}


def recent(request: Any) -> list[tuple[Resource, Any]]:
    """Those that are still there and still this actor's to see, newest first: one query a kind."""
    known = {resource.name: resource for resource in registry.every()}
    entries = [(kind, uuid.UUID(pk)) for kind, pk in _of(request) if kind in known]
    found: dict[tuple[str, uuid.UUID], Any] = {}
    for kind in {kind for kind, _ in entries}:
        if request.actor.may(known[kind].view_permission):
            ids = [pk for each, pk in entries if each == kind]
            rows = known[kind].visible_to(request.actor).filter(pk__in=ids)
            found |= {(kind, row.pk): row for row in rows}
    return [(known[kind], found[kind, pk]) for kind, pk in entries if (kind, pk) in found]


def _of(request: Any) -> list[list[str]]:
    kept: list[list[str]] = request.session.get("opened", {}).get(str(request.practice.id), [])
    return kept
