"""Reading records that everybody may see who may see any of them (docs/adr/0013)."""

from __future__ import annotations

from typing import Protocol, TypeVar

from django.db.models import QuerySet

from practice.actor import Actor
from practice.tenancy import TenantModel

Record = TypeVar("Record", bound=TenantModel)
Seen = TypeVar("Seen", bound=TenantModel, covariant=True)


class Visible(Protocol[Seen]):
    """``visible_to`` of one record type."""

    def __call__(self, actor: Actor) -> QuerySet[Seen]: ...


def every(model: type[Record]) -> Visible[Record]:
    """The selector of a plain record type: all rows of the practice; the Resource asks for the permission."""

    def visible_to(actor: Actor) -> QuerySet[Record]:
        return model._default_manager.all()

    return visible_to
