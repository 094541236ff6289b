"""Visits outside their hours: which they are, and the list of those a change has displaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from patients.selectors import patients, restricted
from patients.selectors.confidential import called
from practice.actor import Actor
from scheduling.models import Displacement, Resource, ResourceBooking
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL, Stretch, inside, instant
from scheduling.selectors.appointments import zone_of
from scheduling.selectors.supply import ADMIN, Supply, supply_of

WAITING = (*sorted(BEFORE_ARRIVAL), "held", "requested")


def uncovered(resources: Sequence[Resource], *, first: date, supply: Supply | None = None) -> set[UUID]:
    """Visits to come, from a local day on, that no open or held time of their resource covers. Three queries.

    ``supply``: open time as it might be, instead of what is kept.
    """
    if not resources:
        return set()
    by_id = {resource.pk: resource for resource in resources}
    begin = min(instant(first, at=time(0), zone=zone_of(each.location)) for each in resources)
    rows = ResourceBooking.objects.filter(
        resource_id__in=sorted(by_id),
        active=True,
        starts_at__gte=begin,
        appointment__status__in=WAITING,
    ).values_list("resource_id", "appointment_id", "appointment__starts_at", "appointment__ends_at")
    booked: dict[UUID, list[tuple[UUID, datetime, datetime]]] = defaultdict(list)
    for resource_id, visit_id, start, end in rows:
        booked[resource_id].append((visit_id, start, end))
    if not booked:
        return set()
    last = max(end for visits in booked.values() for _, _, end in visits).date() + timedelta(days=1)
    open_time = supply or supply_of(resources, first=first - timedelta(days=1), last=last)
    return {
        pk
        for resource_id, visits in booked.items()
        for pk, start, end in visits
        if not _covers(by_id[resource_id], supply=open_time, start=start, end=end)
    }


def _covers(resource: Resource, *, supply: Supply, start: datetime, end: datetime) -> bool:
    if resource.kind != Resource.Kind.PROVIDER:
        return supply.free_room(resource, start=start, end=end)
    day = timedelta(days=1)
    pieces = [
        Stretch(each.start, each.end)
        for each in supply.pieces.get(resource.pk, ())
        if each.kind != ADMIN and each.start < end + day and start - day < each.end
    ]
    return inside(pieces, start=start, end=end)


def visible_to(actor: Actor) -> QuerySet[Displacement]:
    """Displaced visits at the actor's sites; those of restricted patients for who may see them."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return Displacement.objects.none()
    found = Displacement.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(appointment__location_id__in=actor.locations)
    return restricted.visible(found, actor=actor, patient="appointment__patient")


def listed(actor: Actor) -> QuerySet[Displacement]:
    """The same with what the list shows."""
    return called(visible_to(actor), patient="appointment__patient_id").select_related(
        "appointment__patient", "appointment__provider", "appointment__location", "appointment__type"
    )


def waiting(queryset: QuerySet[Displacement], *, actor: Actor) -> QuerySet[Displacement]:
    """Still to be settled."""
    return queryset.filter(state=Displacement.State.OPEN)


def search(queryset: QuerySet[Displacement], *, text: str, actor: Actor) -> QuerySet[Displacement]:
    """Visits of the patients that a typed text means."""
    return queryset.filter(appointment__patient__in=patients.named(text, actor=actor))


def open_of(resources: Sequence[Resource], *, first: date) -> QuerySet[Displacement]:
    """What is open about visits that these resources hold, from a day on."""
    return Displacement.objects.filter(
        state=Displacement.State.OPEN,
        appointment__local_day__gte=first,
        appointment__bookings__resource__in=[each.pk for each in resources],
        appointment__bookings__active=True,
    ).distinct()


def past(*, now: datetime) -> QuerySet[Displacement]:
    """Open about visits whose time is over."""
    return Displacement.objects.filter(state=Displacement.State.OPEN, appointment__ends_at__lt=now)
