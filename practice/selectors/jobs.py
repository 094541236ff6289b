"""Reads of background work, and who asked for each piece."""

from __future__ import annotations

import uuid

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404

from practice import jobs as job_kinds
from practice.actor import Actor
from practice.models import JobRun, Membership
from practice.permissions import PracticePermission


def visible_to(actor: Actor) -> QuerySet[JobRun]:
    """All work of the practice to holders of VIEW_JOBS, to anybody else what they asked for themselves."""
    rows = JobRun.objects.filter(practice_id=actor.practice_id)
    return (
        rows
        if actor.may(PracticePermission.VIEW_JOBS)
        else rows.filter(requested_by=actor.user_id or uuid.UUID(int=0))
    )


def get_job(job_id: uuid.UUID, *, actor: Actor) -> JobRun:
    """A job its asker or a holder of VIEW_JOBS may see. Others are refused, whether there is one or not."""
    row = listed(actor).filter(pk=job_id).first()
    if row is None:
        actor.require(PracticePermission.VIEW_JOBS)
        raise Http404
    return row


def listed(actor: Actor) -> QuerySet[JobRun]:
    """The same with the name of whoever asked."""
    here = Membership.objects.filter(practice_id=actor.practice_id, user_id=OuterRef("requested_by"))
    name = Coalesce(NullIf("user__name", Value("")), "user__email", output_field=CharField())
    return visible_to(actor).annotate(asker=Subquery(here.annotate(shown=name).values("shown")[:1]))


def search(queryset: QuerySet[JobRun], *, text: str, actor: Actor) -> QuerySet[JobRun]:
    """Work whose kind has the typed words in its label."""
    words = text.lower().split()
    kinds = [kind for kind in job_kinds.kinds() if all(w in job_kinds.label_of(kind).lower() for w in words)]
    return queryset.filter(kind__in=kinds)
