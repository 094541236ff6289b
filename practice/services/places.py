"""Add and change the practice's places and payers."""

from __future__ import annotations

from typing import Any

from practice.actor import Actor
from practice.models import BillingEntity, Location, Payer, Room, Vendor
from practice.permissions import PracticePermission
from practice.services import plain

CHANGE = PracticePermission.CHANGE_SETTINGS

add_location, change_location = plain.pair(Location, permission=CHANGE)
add_room, change_room = plain.pair(Room, permission=CHANGE)
add_payer, change_payer = plain.pair(Payer, permission=CHANGE)
add_vendor, change_vendor = plain.pair(Vendor, permission=CHANGE)
_add_entity, _change_entity = plain.pair(BillingEntity, permission=CHANGE)


def add_billing_entity(*, tax_id: str, actor: Actor, **values: Any) -> BillingEntity:
    """Add a legal person that bills. The tax id is kept encrypted, its last four digits beside it."""
    return _add_entity(actor=actor, **values | {"tax_id": tax_id, "tax_id_last4": tax_id[-4:]})


def change_billing_entity(
    entity: BillingEntity, *, tax_id: str, actor: Actor, **values: Any
) -> BillingEntity:
    """Change who bills; an empty tax id leaves the one on file."""
    if tax_id:
        values |= {"tax_id": tax_id, "tax_id_last4": tax_id[-4:]}
    return _change_entity(entity, actor=actor, **values)
