"""Reads of background work: the page's rows by keyset, its counts, and who asked for each."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, QuerySet
from django.http import Http404

from practice.actor import Actor
from practice.models import JobRun, Membership
from practice.permissions import PracticePermission

# The page's tabs: slug, label, states.
VIEWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("all", "All", ()),
    ("failed", "Failed", (JobRun.State.FAILED,)),
    ("running", "Running", (JobRun.State.RUNNING,)),
    ("waiting", "Waiting", (JobRun.State.QUEUED, JobRun.State.SENT)),
    ("done", "Done", (JobRun.State.DONE,)),
)
MOST = 1_000
Mark = tuple[datetime, uuid.UUID]


def visible_to(actor: Actor) -> QuerySet[JobRun]:
    """All work of the practice to holders of VIEW_JOBS, to anybody else what they asked for themselves."""
    rows = JobRun.objects.filter(practice_id=actor.practice_id)
    return (
        rows
        if actor.may(PracticePermission.VIEW_JOBS)
        else rows.filter(requested_by=actor.user_id or uuid.UUID(int=0))
    )


def get_job(job_id: uuid.UUID, *, actor: Actor) -> JobRun:
    """A job its asker or a holder of VIEW_JOBS may see; anything else looks unknown."""
    row = visible_to(actor).filter(pk=job_id).first()
    if row is None:
        raise Http404
    return row


def newest(actor: Actor, *, view: str, kind: str, older_than: Mark | None, size: int) -> list[JobRun]:
    """One page and one row more, newest first; ``older_than`` is where the last page ended."""
    rows = visible_to(actor)
    if states := next((states for slug, _, states in VIEWS if slug == view), ()):
        rows = rows.filter(state__in=states)
    if kind:
        rows = rows.filter(kind=kind)
    if older_than is not None:
        at, pk = older_than
        # The first condition is what the index reads; the second tells rows of one instant apart.
        rows = rows.filter(created_at__lte=at).exclude(created_at=at, id__gte=pk)
    return list(rows.order_by("-created_at", "-id")[: size + 1])


def counts(actor: Actor, *, kind: str) -> dict[str, int]:
    """How many each tab holds; ``MOST`` stands for that many and more."""
    rows = visible_to(actor)
    rows = rows.filter(kind=kind) if kind else rows
    found = {slug: rows.filter(state__in=states)[:MOST].count() for slug, _, states in VIEWS if states}
    return {"all": rows[:MOST].count(), **found}


def kinds(actor: Actor) -> list[str]:
    """The kinds of work this practice has seen."""
    found = visible_to(actor).values("kind").annotate(n=Count("id")).order_by("kind")
    return [row["kind"] for row in found]


def askers(rows: Iterable[JobRun]) -> dict[uuid.UUID, str]:
    """The names of those who asked for some work, by their user id."""
    users = {row.requested_by for row in rows if row.requested_by}
    members = Membership.objects.filter(user_id__in=users).select_related("user")
    return {member.user_id: str(member.user) for member in members}
