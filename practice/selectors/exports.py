"""Exports of everything of a practice: which there are, and the job that makes one."""

from __future__ import annotations

from django.db.models import QuerySet

from practice.actor import Actor
from practice.models import PracticeExport
from practice.permissions import PracticePermission


def visible_to(actor: Actor) -> QuerySet[PracticeExport]:
    """The exports made so far, for who may order them."""
    if not actor.may(PracticePermission.EXPORT_PRACTICE):
        return PracticeExport.objects.none()
    return PracticeExport.objects.filter(practice_id=actor.practice_id)
