"""Reading exceptions."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from practice.actor import Actor
from practice.selectors.days import practice_today
from scheduling.models import ScheduleException
from scheduling.permissions import SchedulingPermission


def visible_to(actor: Actor) -> QuerySet[ScheduleException]:
    """Exceptions of the resources and locations of the actor."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return ScheduleException.objects.none()
    found = ScheduleException.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(
            Q(location_id__in=actor.locations) | Q(resource__location_id__in=actor.locations)
        )
    return found


def ahead(queryset: QuerySet[ScheduleException], *, actor: Actor) -> QuerySet[ScheduleException]:
    """In force, and not over yet."""
    return queryset.filter(ends_on__gte=practice_today(actor), withdrawn_at=None)
