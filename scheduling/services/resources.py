"""Providers, rooms and devices as things that can be booked."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import DomainError
from practice.actor import Actor
from scheduling.models import Resource
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import zone_of
from scheduling.services import displaced

CHANGE = SchedulingPermission.CHANGE_TEMPLATES
FIXED = ("kind", "provider", "room", "location")
HOURS = ("capacity", "has_hours")


@transaction.atomic
def add(*, actor: Actor, **values: Any) -> Resource:
    """Make something that can be booked at a location. DomainError names the field that does not fit its kind."""
    actor.require(CHANGE)
    _check(values, actor=actor)
    made: Resource = Resource.objects.create(practice_id=actor.practice_id, **values)
    return made


@transaction.atomic
def change(resource: Resource, /, *, actor: Actor, **values: Any) -> Resource:
    """Change name, capacity, group or whether it is in use. What it is and where stays: make another one for that.

    Another capacity rebuilds its open time; visits already booked stay in their lanes.
    """
    actor.require(CHANGE)
    locked = (
        Resource.objects.select_for_update(of=("self",), no_key=True)
        .select_related("location", "provider", "room")
        .get(pk=resource.pk)
    )
    for name in FIXED:
        if name in values and values[name] != getattr(locked, name):
            raise DomainError("This stays as it is. Make another one instead.", field=name)
    _check({name: getattr(locked, name) for name in FIXED} | values, actor=actor)
    rebuild = any(name in values and values[name] != getattr(locked, name) for name in HOURS)
    for name, value in values.items():
        setattr(locked, name, value)
    if not rebuild:
        locked.save()
        return locked
    today = clock.today(zone_of(locked.location))
    with displaced.watching([locked], first=today, cause=f"{locked}: capacity changed", actor=actor):
        locked.save()
    return locked


def _check(values: dict[str, Any], *, actor: Actor) -> None:
    kind, location = values["kind"], values["location"]
    provider, room = values.get("provider"), values.get("room")
    if not actor.sees_location(location.pk):
        raise DomainError("Choose one of your locations.", field="location")
    if (kind == Resource.Kind.PROVIDER) != (provider is not None):
        said = "Choose the provider." if provider is None else "Only a provider has this: leave it empty."
        raise DomainError(said, field="provider")
    if room is not None and kind != Resource.Kind.ROOM:
        raise DomainError("Only a room has this: leave it empty.", field="room")
    if room is not None and room.location_id != location.pk:
        raise DomainError("That room is at another location.", field="room")
