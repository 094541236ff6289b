"""The only doors to visit series and their places."""

from __future__ import annotations

from django.db.models import QuerySet

from patients.selectors import patients, restricted
from practice.actor import Actor
from scheduling.models import SeriesVisit, VisitSeries
from scheduling.permissions import SchedulingPermission


def visible_to(actor: Actor) -> QuerySet[VisitSeries]:
    """Series at the actor's sites; those of restricted patients for who may see them."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return VisitSeries.objects.none()
    found = VisitSeries.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(location_id__in=actor.locations)
    return restricted.visible(found, actor=actor).select_related("patient", "type", "provider", "location")


def places(actor: Actor) -> QuerySet[SeriesVisit]:
    """The places of those series."""
    found = SeriesVisit.objects.filter(series__in=visible_to(actor))
    return found.select_related("series__patient", "series__type", "appointment__location")


def search(queryset: QuerySet[VisitSeries], *, text: str, actor: Actor) -> QuerySet[VisitSeries]:
    """Series of the patients that a typed text means."""
    return queryset.filter(patient__in=patients.named(text, actor=actor))
