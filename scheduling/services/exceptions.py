"""Days that differ from the template: leave, holidays, extra sessions. Put in force and withdrawn, never edited."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from practice import events
from practice.actor import Actor
from practice.models import Location
from scheduling.models import Resource, ScheduleException
from scheduling.permissions import SchedulingPermission
from scheduling.rules.exceptions import mistake
from scheduling.selectors.appointments import zone_of
from scheduling.services import displaced

CHANGE = SchedulingPermission.CHANGE_TEMPLATES


@transaction.atomic
def add(*, actor: Actor, everywhere: bool = False, **values: Any) -> ScheduleException:
    """Put an exception in force, rebuild open time, and list the visits it displaces.

    ``everywhere``: of a provider, at all their locations (one row each; the first is returned). Raises DomainError
    with the field for what cannot be. Emits exception.added.
    """
    actor.require(CHANGE)
    _check(values, actor=actor)
    resource: Resource | None = values.get("resource")
    resources = [resource]
    if everywhere and resource is not None and resource.provider_id is not None:
        others = Resource.objects.filter(provider_id=resource.provider_id, is_active=True).exclude(
            pk=resource.pk
        )
        resources += list(others.select_related("location").order_by("id"))
    made = [_add({**values, "resource": each}, actor=actor) for each in resources]
    return made[0]


def _add(values: dict[str, Any], *, actor: Actor) -> ScheduleException:
    made = ScheduleException(practice_id=actor.practice_id, **values)
    cause = f"{made.of}: {made.get_kind_display().lower()} {made.when} ({made.reason})"
    with displaced.watching(concerned(made), first=made.starts_on, cause=cause, exception=made, actor=actor):
        made.save(force_insert=True)
    events.emit("exception.added", actor=actor, exception_id=made.pk)
    return made


@transaction.atomic
def withdraw(exception: ScheduleException, /, *, actor: Actor) -> ScheduleException:
    """Take an exception back: the template holds again, and what it displaced and nobody settled is inside again.

    Conflict when it is withdrawn already or its days are over. Emits exception.withdrawn.
    """
    actor.require(CHANGE)
    locked = (
        ScheduleException.objects.select_for_update(of=("self",), no_key=True)
        .select_related("resource__location", "location")
        .get(pk=exception.pk)
    )
    _in_scope(locked.resource, location=locked.location, actor=actor)
    if not locked.stands:
        raise Conflict("It is withdrawn already.")
    today = clock.today(zone_of(_site(locked)))
    if locked.ends_on < today:
        raise Conflict("Its days are over: what happened stays as it was.")
    cause = f"{locked.of}: {locked.get_kind_display().lower()} {locked.when} withdrawn"
    with displaced.watching(
        concerned(locked), first=max(today, locked.starts_on), cause=cause, exception=locked, actor=actor
    ):
        locked.withdrawn_at = clock.now()
        locked.save(update_fields=["withdrawn_at", "updated_at"])
    events.emit("exception.withdrawn", actor=actor, exception_id=locked.pk)
    return locked


def concerned(exception: ScheduleException) -> list[Resource]:
    """The resources whose open time an exception changes."""
    if exception.resource is not None:
        return [exception.resource]
    found = Resource.objects.filter(location=exception.location, is_active=True)
    return list(found.select_related("location").order_by("id"))


def _check(values: dict[str, Any], *, actor: Actor) -> None:
    resource, location = values.get("resource"), values.get("location")
    site = resource.location if resource is not None else location
    wrong = mistake(
        kind=values.get("kind", ScheduleException.Kind.CLOSED),
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
        starts_at=values.get("starts_at"),
        ends_at=values.get("ends_at"),
        owners=(resource is not None) + (location is not None),
        reason=values.get("reason", ""),
        today=clock.today(zone_of(site)) if site is not None else None,
    )
    if wrong is not None:
        raise DomainError(wrong[1], field=wrong[0])
    _in_scope(resource, location=location, actor=actor)


def _in_scope(resource: Resource | None, *, location: Location | None, actor: Actor) -> None:
    site = resource.location_id if resource is not None else location.pk if location is not None else None
    if not actor.sees_location(site):
        field = "location" if resource is None else "resource"
        raise DomainError("Choose one of your locations.", field=field)


def _site(exception: ScheduleException) -> Location:
    site: Location | None = exception.location
    if exception.resource is not None:
        site = exception.resource.location
    assert site is not None  # noqa: S101  the table keeps one of the two
    return site
