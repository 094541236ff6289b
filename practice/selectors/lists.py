"""Saved views of lists, and runs of one act on many records."""

from __future__ import annotations

import uuid

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from practice.actor import Actor
from practice.models import BulkItem, BulkRun, SavedListView
from practice.permissions import PracticePermission


def own_views(actor: Actor) -> QuerySet[SavedListView]:
    """The actor's own: the ones to rename and delete."""
    return SavedListView.objects.filter(practice_id=actor.practice_id, member_id=actor.membership_id)


def views_of(kind: str, *, actor: Actor) -> QuerySet[SavedListView]:
    """The tabs of a list beside the declared ones: shared by colleagues, then one's own, by name."""
    mine = Q(member_id=actor.membership_id) if actor.membership_id else Q(pk=None)
    every = SavedListView.objects.filter(mine | Q(shared=True), practice_id=actor.practice_id, kind=kind)
    return every.order_by("-shared", "name", "id")


def get_own_view(view_id: uuid.UUID, *, actor: Actor) -> SavedListView:
    """One of the actor's own views, or 404."""
    found = own_views(actor).filter(pk=view_id).first() if actor.membership_id else None
    if found is None:
        raise Http404
    return found


def get_run(bulk_id: uuid.UUID, *, actor: Actor) -> BulkRun:
    """A run, for whoever asked for it and for holders of VIEW_JOBS; anything else looks unknown."""
    rows = BulkRun.objects.filter(practice_id=actor.practice_id, pk=bulk_id)
    found = (rows if actor.may(PracticePermission.VIEW_JOBS) else rows.filter(asked_by=str(actor))).first()
    if found is None:
        raise Http404
    return found


def counts(run: BulkRun) -> dict[str, int]:
    """How many of a run wait, are done, were refused."""
    found = dict(run.items.values_list("state").annotate(Count("id")))
    return {state: found.get(state, 0) for state in BulkItem.State.values}
