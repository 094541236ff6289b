"""Reading templates: who sees which, the week a version describes, which one is in force."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from practice.actor import Actor
from scheduling.models import Resource, ScheduleTemplate
from scheduling.permissions import SchedulingPermission
from scheduling.rules.weeks import WeekBlock


def resources(actor: Actor) -> QuerySet[Resource]:
    """Everything that can be booked at the actor's sites."""
    found = Resource.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(location_id__in=actor.locations)
    return found


def bookable(actor: Actor) -> QuerySet[Resource]:
    """What is in use, with its site: providers, rooms and devices."""
    return resources(actor).filter(is_active=True).select_related("location", "provider").order_by("id")


def visible_to(actor: Actor) -> QuerySet[ScheduleTemplate]:
    """Versions of the resources at the actor's sites."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return ScheduleTemplate.objects.none()
    found = ScheduleTemplate.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(resource__location_id__in=actor.locations)
    return found


def drafts(queryset: QuerySet[ScheduleTemplate], *, actor: Actor) -> QuerySet[ScheduleTemplate]:
    """Not yet published."""
    return queryset.filter(state=ScheduleTemplate.State.DRAFT)


def published(queryset: QuerySet[ScheduleTemplate], *, actor: Actor) -> QuerySet[ScheduleTemplate]:
    """In force, once or later."""
    return queryset.filter(state=ScheduleTemplate.State.PUBLISHED)


def get_template(template_id: uuid.UUID, *, actor: Actor) -> ScheduleTemplate:
    """One version with its resource; 404 for anything the actor may not see."""
    found = (
        visible_to(actor)
        .select_related("resource__location", "resource__provider", "based_on")
        .filter(pk=template_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def in_force(resource: Resource, *, day: date) -> ScheduleTemplate | None:
    """The published version that holds on a day."""
    return (
        ScheduleTemplate.objects.filter(
            resource=resource, state=ScheduleTemplate.State.PUBLISHED, valid_from__lte=day
        )
        .filter(Q(valid_to=None) | Q(valid_to__gte=day))
        .first()
    )


def week_of(template: ScheduleTemplate) -> list[WeekBlock]:
    """The blocks of a version as plain values, in order of the week."""
    rows = template.blocks.prefetch_related("types").order_by("weekday", "starts_at", "cycle_week")
    return [
        WeekBlock(
            weekday=row.weekday,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            kind=row.kind,
            cycle_week=row.cycle_week,
            capacity=row.capacity,
            release_hours_before=row.release_hours_before,
            label=row.label,
            types=frozenset(each.type_id for each in row.types.all()),
        )
        for row in rows
    ]
