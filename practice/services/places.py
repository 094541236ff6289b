"""Add and change the practice's places and payers."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from practice.actor import Actor
from practice.models import BillingEntity, Location, Payer, Room
from practice.permissions import PracticePermission


def _add(model: Any, *, actor: Actor, values: dict[str, Any]) -> Any:
    actor.require(PracticePermission.CHANGE_SETTINGS)
    return model.objects.create(practice_id=actor.practice_id, **values)


def _change(record: Any, *, actor: Actor, values: dict[str, Any]) -> Any:
    actor.require(PracticePermission.CHANGE_SETTINGS)
    locked = type(record).objects.select_for_update(no_key=True).get(pk=record.pk)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save()
    return locked


@transaction.atomic
def add_location(*, actor: Actor, **values: Any) -> Location:
    """Open a site."""
    location: Location = _add(Location, actor=actor, values=values)
    return location


@transaction.atomic
def change_location(location: Location, *, actor: Actor, **values: Any) -> Location:
    """Change a site's address, zone or codes."""
    changed: Location = _change(location, actor=actor, values=values)
    return changed


@transaction.atomic
def add_room(*, actor: Actor, **values: Any) -> Room:
    """Add a room to a site."""
    room: Room = _add(Room, actor=actor, values=values)
    return room


@transaction.atomic
def change_room(room: Room, *, actor: Actor, **values: Any) -> Room:
    """Rename a room or close it."""
    changed: Room = _change(room, actor=actor, values=values)
    return changed


@transaction.atomic
def add_payer(*, actor: Actor, **values: Any) -> Payer:
    """Add a health plan."""
    payer: Payer = _add(Payer, actor=actor, values=values)
    return payer


@transaction.atomic
def change_payer(payer: Payer, *, actor: Actor, **values: Any) -> Payer:
    """Change a health plan's ids and limits."""
    changed: Payer = _change(payer, actor=actor, values=values)
    return changed


@transaction.atomic
def add_billing_entity(*, tax_id: str, actor: Actor, **values: Any) -> BillingEntity:
    """Add a legal person that bills. The tax id is kept encrypted, its last four digits beside it."""
    entity: BillingEntity = _add(
        BillingEntity, actor=actor, values=values | {"tax_id": tax_id, "tax_id_last4": tax_id[-4:]}
    )
    return entity


@transaction.atomic
def change_billing_entity(
    entity: BillingEntity, *, tax_id: str, actor: Actor, **values: Any
) -> BillingEntity:
    """Change who bills; an empty tax id leaves the one on file."""
    if tax_id:
        values |= {"tax_id": tax_id, "tax_id_last4": tax_id[-4:]}
    changed: BillingEntity = _change(entity, actor=actor, values=values)
    return changed
