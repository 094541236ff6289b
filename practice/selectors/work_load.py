"""How much each person has: for who hands work out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from practice.actor import Actor
from practice.models import Membership
from practice.permissions import PracticePermission
from practice.selectors.people import members
from practice.selectors.work import OPEN, awake, may_know


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What one person has open; ``member`` None is what nobody has."""

    member: Membership | None
    count: int
    overdue: int
    snoozed: int
    amount: Decimal
    overdue_amount: Decimal


def loads(actor: Actor, *, today: date) -> list[Load]:
    """Everybody by name with their open work, and last what nobody has. Two queries."""
    actor.require(PracticePermission.VIEW_ALL_WORK)
    late = Q(due_on__lt=today)
    rows = (
        may_know(actor)
        .filter(state=OPEN)
        .order_by()
        .values("owner")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=late),
            asleep=Count("id", filter=~awake(today)),
            dollars=Sum("amount"),
            late_dollars=Sum("amount", filter=late),
        )
    )
    by_owner: dict[Any, dict[str, Any]] = {row["owner"]: dict(row) for row in rows}
    people: list[Membership | None] = [*members(actor).order_by("user__name", "pk"), None]
    return [_load(member, by_owner.get(member.pk if member else None)) for member in people]


def _load(member: Membership | None, row: dict[str, Any] | None) -> Load:
    row = row or {}
    return Load(
        member=member,
        count=int(row.get("n") or 0),
        overdue=int(row.get("late") or 0),
        snoozed=int(row.get("asleep") or 0),
        amount=Decimal(row.get("dollars") or 0),
        overdue_amount=Decimal(row.get("late_dollars") or 0),
    )
