"""Weekly hours and the open blocks made from them: rebuilt from a day on, never edited by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from django.db import transaction

from kit import clock
from kit.errors import DomainError
from practice.actor import Actor
from scheduling.models import AvailabilityBlock, Resource, TemplateBlock
from scheduling.permissions import SchedulingPermission
from scheduling.rules import instant
from scheduling.selectors.appointments import zone_of
from scheduling.services import lanes

HORIZON = 400  # days kept ahead (SCHEDULING.md 1.1)
SHORTEST_HORIZON = 60


@transaction.atomic
def add_hours(
    resource: Resource,
    *,
    weekday: int,
    starts_at: time,
    ends_at: time,
    valid_from: date,
    actor: Actor,
    valid_to: date | None = None,
    kind: str = TemplateBlock.Kind.OPEN,
    label: str = "",
) -> TemplateBlock:
    """Add a weekly stretch in local wall time (weekday 0 is Monday). Call ``regenerate`` once all are in."""
    actor.require(SchedulingPermission.CHANGE_TEMPLATES)
    if ends_at <= starts_at:
        raise DomainError("Enter an end after the beginning.", field="ends_at")
    return TemplateBlock.objects.create(
        practice_id=actor.practice_id,
        resource=resource,
        weekday=weekday,
        starts_at=starts_at,
        ends_at=ends_at,
        kind=kind,
        label=label,
        valid_from=valid_from,
        valid_to=valid_to,
    )


@transaction.atomic
def regenerate(resource: Resource, *, actor: Actor, from_day: date | None = None, days: int = HORIZON) -> int:
    """Rebuild a resource's blocks for ``days`` from a day on (default: today at its site); returns how many.

    Visits are never touched: what then lies outside hours stays booked.
    """
    actor.require(SchedulingPermission.CHANGE_TEMPLATES)
    if not SHORTEST_HORIZON <= days <= HORIZON:
        raise DomainError(f"Rebuild {SHORTEST_HORIZON} to {HORIZON} days.", field="days")
    first = from_day or clock.today(zone_of(resource.location))
    lanes.lock([resource])
    AvailabilityBlock.objects.filter(resource=resource, local_day__gte=first).delete()
    made = AvailabilityBlock.objects.bulk_create(list(_blocks(resource, first=first, days=days)))
    return len(made)


def _blocks(resource: Resource, *, first: date, days: int) -> Iterator[AvailabilityBlock]:
    zone = zone_of(resource.location)
    template = list(TemplateBlock.objects.filter(resource=resource).order_by("weekday", "starts_at"))
    for day in (first + timedelta(days=number) for number in range(days)):
        for block in template:
            in_force = block.valid_from <= day and (block.valid_to is None or day <= block.valid_to)
            if block.weekday != day.weekday() or not in_force:
                continue
            start = instant(day, at=block.starts_at, zone=zone)
            end = instant(day, at=block.ends_at, zone=zone)
            if start < end:  # a block wholly inside the spring gap does not exist that day
                yield AvailabilityBlock(
                    practice_id=resource.practice_id,
                    resource=resource,
                    local_day=day,
                    starts_at=start,
                    ends_at=end,
                    kind=block.kind,
                    label=block.label,
                    template=block,
                )
