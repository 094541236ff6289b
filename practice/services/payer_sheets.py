"""Payers from a sheet: one by its name, whoever had it first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.errors import DomainError
from kit.sheet_target import Taken
from practice.actor import Actor
from practice.models import Payer
from practice.selectors.usage import used_by
from practice.services import places


def take(values: dict[str, Any], *, record: Payer | None, options: Mapping[str, str], actor: Actor) -> Taken:
    """Add a payer, or bring the one of that name up to date with what the sheet says."""
    found = record or Payer.objects.filter(practice_id=actor.practice_id, name=values["name"]).first()
    if found is None:
        return Taken(record=places.add_payer(actor=actor, **values), change="new")
    news = {name: value for name, value in values.items() if getattr(found, name) != value}
    news |= {} if found.is_active else {"is_active": True}
    if not news:
        return Taken(record=found, change="same")
    return Taken(record=places.change_payer(found, actor=actor, **news), change="changed")


def withdraw(payer: Payer, *, actor: Actor) -> None:
    """Switch off a payer that an import had made. Raises DomainError when something refers to it."""
    if used := used_by(payer):
        raise DomainError(f"is used by {used}")
    places.change_payer(payer, actor=actor, is_active=False)
