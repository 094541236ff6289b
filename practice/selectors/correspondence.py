"""The only doors to the log of messages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from practice.actor import Actor
from practice.models import Correspondence
from practice.permissions import PracticePermission
from practice.selectors import records
from practice.selectors.days import practice_today


def visible_to(actor: Actor) -> QuerySet[Correspondence]:
    """Messages about records the actor may see, and those about none."""
    if not actor.may(PracticePermission.VIEW_LETTER):
        return Correspondence.objects.none()
    found = Correspondence.objects.filter(practice_id=actor.practice_id)
    return records.about_visible(
        found, kinds=records.kinds_in_use(Correspondence, actor=actor), actor=actor, optional=True
    )


def about(record: Any, *, actor: Actor) -> QuerySet[Correspondence]:
    """Messages of a record's page: about it, or about whatever else concerns this patient."""
    return visible_to(actor).filter(records.of_page(record))


def waiting(queryset: QuerySet[Correspondence], *, actor: Actor) -> QuerySet[Correspondence]:
    """Those that need an answer."""
    return queryset.filter(state=Correspondence.State.WAITING)


def late(queryset: QuerySet[Correspondence], *, actor: Actor) -> QuerySet[Correspondence]:
    """Those whose answer is overdue."""
    return late_on(queryset, day=practice_today(actor))


def late_on(queryset: QuerySet[Correspondence], *, day: date) -> QuerySet[Correspondence]:
    """The same for a given day."""
    return queryset.filter(state=Correspondence.State.WAITING, reply_by__lt=day)


def mine(queryset: QuerySet[Correspondence], *, actor: Actor) -> QuerySet[Correspondence]:
    """Those the actor owns and that need an answer."""
    return waiting(queryset, actor=actor).filter(owner_id=actor.membership_id, owner__isnull=False)
