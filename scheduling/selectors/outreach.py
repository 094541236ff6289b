"""The only doors to reschedules, recalls and the tries to reach people."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from patients.selectors import patients, restricted
from practice.actor import Actor
from practice.selectors.days import practice_today
from scheduling.models import ContactAttempt, Recall, RecallType, Reschedule
from scheduling.models.outreach import Outreach
from scheduling.permissions import SchedulingPermission

Row = TypeVar("Row", Reschedule, Recall)


def reschedules(actor: Actor) -> QuerySet[Reschedule]:
    """Visits to give another time at the actor's sites; those of restricted patients for who may see them."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return Reschedule.objects.none()
    found = Reschedule.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(appointment__location_id__in=actor.locations)
    found = found.select_related(
        "patient", "appointment__type", "appointment__provider", "appointment__location"
    )
    return restricted.visible(found, actor=actor).prefetch_related("attempts")


def recalls(actor: Actor) -> QuerySet[Recall]:
    """Recalls of the patients the actor may see."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return Recall.objects.none()
    found = Recall.objects.filter(practice_id=actor.practice_id).select_related("patient", "kind__type")
    return restricted.visible(found, actor=actor).prefetch_related("attempts")


def recall_types(actor: Actor) -> QuerySet[RecallType]:
    """Every reason to see somebody again."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return RecallType.objects.none()
    return RecallType.objects.filter(practice_id=actor.practice_id)


def attempts(actor: Actor) -> QuerySet[ContactAttempt]:
    """Tries to reach the patients the actor may see."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return ContactAttempt.objects.none()
    found = ContactAttempt.objects.filter(practice_id=actor.practice_id)
    return restricted.visible(found, actor=actor).select_related("patient")


def to_call(queryset: QuerySet[Row], *, actor: Actor) -> QuerySet[Row]:
    """Open, and the next try is due."""
    return still_open(queryset, actor=actor).filter(next_try_on__lte=practice_today(actor))


def still_open(queryset: QuerySet[Row], *, actor: Actor) -> QuerySet[Row]:
    """Nobody has been given a visit yet."""
    return queryset.filter(state=Outreach.State.OPEN)


def overdue(queryset: QuerySet[Recall], *, actor: Actor) -> QuerySet[Recall]:
    """Open, and their day is over."""
    return still_open(queryset, actor=actor).filter(due_on__lt=practice_today(actor))


def search(queryset: QuerySet[Row], *, text: str, actor: Actor) -> QuerySet[Row]:
    """Those of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))
