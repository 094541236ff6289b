"""Open and close work items. Each app says what waits; one list shows it all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from kit import clock
from practice.actor import Actor
from practice.models import Membership, WorkItem
from practice.services.refs import ref_to


@transaction.atomic
def open_item(
    kind: str,
    *,
    record: Any,
    title: str,
    permission: str,
    due_on: date | None = None,
    amount: Decimal | None = None,
    owner: Membership | None = None,
    actor: Actor,
) -> WorkItem:
    """Put something on the list, or refresh the open item of this kind for this record."""
    item, _ = WorkItem.objects.update_or_create(
        practice_id=actor.practice_id,
        kind=kind,
        ref=ref_to(record, actor=actor),
        state=WorkItem.State.OPEN,
        defaults={
            "title": title[:200],
            "permission": str(permission),
            "due_on": due_on,
            "amount": amount,
            "owner": owner,
        },
    )
    return item


@transaction.atomic
def close_items(record: Any, *, kind: str, outcome: str, actor: Actor) -> int:
    """Close what is open of this kind for this record. Returns how many were."""
    return WorkItem.objects.filter(
        kind=kind, ref__kind=record._meta.label_lower, ref__record_id=record.pk, state=WorkItem.State.OPEN
    ).update(state=WorkItem.State.DONE, outcome=outcome[:200], closed_at=clock.now())
