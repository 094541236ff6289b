"""Adding and changing records that have no rule of their own: permission, lock, save (docs/adr/0013).

``add_payer, change_payer = plain.pair(Payer, permission=P.CHANGE_SETTINGS)`` is the whole service of such a record. A
record type that has a rule writes its own functions, which may call these.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from django.db import transaction

from practice.actor import Actor
from practice.permissions import Permission
from practice.tenancy import TenantModel

Record = TypeVar("Record", bound=TenantModel)
Made = TypeVar("Made", bound=TenantModel, covariant=True)


class Add(Protocol[Made]):
    """Makes one out of values that a form has cleaned; the table's constraints refuse the rest."""

    def __call__(self, *, actor: Actor, **values: Any) -> Made: ...


class Change(Protocol[Record]):
    """Gives a record other values, on its locked row."""

    def __call__(self, record: Record, /, *, actor: Actor, **values: Any) -> Record: ...


def pair(model: type[Record], *, permission: Permission) -> tuple[Add[Record], Change[Record]]:
    """The two services of a plain record type; both ask for the permission before anything else."""

    def add(*, actor: Actor, **values: Any) -> Record:
        actor.require(permission)
        made: Record = model._default_manager.create(practice_id=actor.practice_id, **values)
        return made

    def change(record: Record, /, *, actor: Actor, **values: Any) -> Record:
        actor.require(permission)
        locked: Record = model._default_manager.select_for_update(no_key=True).get(pk=record.pk)
        for name, value in values.items():
            setattr(locked, name, value)
        locked.save()
        return locked

    return transaction.atomic(add), transaction.atomic(change)
