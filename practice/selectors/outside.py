"""Who comes in by a public address: one record to act on, one thing to do with it, nothing else."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from practice.actor import Actor
from practice.models import Practice

Link = TypeVar("Link", bound=Model)


def holder(link: Model, *, practice: Practice, name: str, permission: str, request_id: str) -> Actor:
    """Whoever holds a link's address: they may do this one thing. ``name`` is what the trail calls them."""
    return Actor(
        kind="public_link",
        id=link.pk,
        practice_id=practice.id,
        name=name,
        permissions=frozenset({str(permission)}),
        request_id=request_id,
    )


def link_behind(rows: QuerySet[Link], *, actor: Actor, permission: str) -> Link:
    """The link that such an actor came in by, or 404; Forbidden for who may not do what it is for."""
    actor.require(permission)
    found = rows.filter(pk=actor.id).first() if actor.id else None
    if actor.kind != "public_link" or found is None:
        raise Http404
    return found
