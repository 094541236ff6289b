"""The open blocks made from templates and exceptions: rebuilt from a day on, never edited by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from kit import clock
from kit.errors import DomainError
from practice.actor import Actor
from practice.services.rules import rule
from scheduling import supply_sql
from scheduling.models import Resource
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import zone_of
from scheduling.services import lanes


def horizon(on: date) -> int:
    """How many days are kept open ahead (parameter scheduling.horizon_days)."""
    return int(rule("scheduling.horizon_days", on=on))


@transaction.atomic
def regenerate(
    resource: Resource, *, actor: Actor, from_day: date | None = None, days: int | None = None
) -> int:
    """Rebuild a resource's blocks from a day on (default: today at its site); returns how many there are.

    One statement, up to the horizon or for ``days``. Visits are never touched: who wants to know which of them then
    lie outside uses ``displaced.watching``.
    """
    actor.require(SchedulingPermission.CHANGE_TEMPLATES)
    today = clock.today(zone_of(resource.location))
    first, most = from_day or today, horizon(today)
    if days is not None and not 1 <= days <= most:
        raise DomainError(f"Rebuild 1 to {most} days.", field="days")
    last = today + timedelta(days=most - 1) if days is None else first + timedelta(days=days - 1)
    lanes.lock([resource])
    given: dict[str, Any] = {
        "practice": str(resource.practice_id),
        "resource": str(resource.pk),
        "first": first,
        "last": max(first, last),
        "draft": None,
    }
    with connection.cursor() as cursor:
        cursor.execute(supply_sql.REBUILD, given)
        return int(cursor.rowcount)
