"""Keep the practice's own calendar: closed days, and holidays on which it works."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kit.errors import DomainError
from practice import memo
from practice.actor import Actor
from practice.models import Holiday
from practice.permissions import PracticePermission

FIELDS = frozenset({"day", "name", "status", "location"})


def _checked(values: dict[str, Any], *, actor: Actor) -> dict[str, Any]:
    if unknown := set(values) - FIELDS:
        raise TypeError(f"a closed day has no {', '.join(sorted(unknown))}")
    location = values.get("location")
    # A day of the whole practice is for those who work everywhere.
    if not actor.sees_location(location.pk if location is not None else None):
        raise DomainError("Choose a location you work at.", field="location")
    return values


@transaction.atomic
def add(*, actor: Actor, **values: Any) -> Holiday:
    """Put a day on the calendar."""
    actor.require(PracticePermission.CHANGE_SETTINGS)
    made = Holiday.objects.create(practice_id=actor.practice_id, **_checked(values, actor=actor))
    memo.stop()
    return made


@transaction.atomic
def change(holiday: Holiday, *, actor: Actor, **values: Any) -> Holiday:
    """Correct a day. Deadlines that were counted with it stay as they are."""
    actor.require(PracticePermission.CHANGE_SETTINGS)
    locked = Holiday.objects.select_for_update(of=("self",), no_key=True).get(pk=holiday.pk)
    for name, value in _checked(values, actor=actor).items():
        setattr(locked, name, value)
    locked.save()
    memo.stop()
    return locked


@transaction.atomic
def remove(holiday: Holiday, *, actor: Actor) -> None:
    """Take a day off the calendar."""
    actor.require(PracticePermission.CHANGE_SETTINGS)
    _checked({"location": holiday.location}, actor=actor)
    Holiday.objects.filter(pk=holiday.pk).delete()
    memo.stop()
