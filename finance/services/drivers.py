"""Volumes behind the money (visits, work RVUs): planned by the budget, counted by the apps above."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from django.db import transaction

from finance.models import DriverValue
from practice.actor import Actor


@transaction.atomic
def record(
    driver: str,
    *,
    month: date,
    planned: Decimal | None = None,
    actual: Decimal | None = None,
    location_id: uuid.UUID | None = None,
    actor: Actor,
) -> DriverValue:
    """Set what is given of a driver's month; what is None stays as it was. The caller required its permission."""
    given = {name: value for name, value in (("planned", planned), ("actual", actual)) if value is not None}
    place = {"location_id": location_id} if location_id else {"location": None}
    value, _ = DriverValue.objects.update_or_create(
        practice_id=actor.practice_id, driver=driver, month=month.replace(day=1), defaults=given, **place
    )
    return value
