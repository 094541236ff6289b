"""Codes of imported charges that nobody has mapped to billable ones."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from billing.models import UnmappedCode
from practice.actor import Actor


def unmapped_codes(*, actor: Actor) -> tuple[list[UnmappedCode], int, Decimal]:
    """Open codes by money (the first ones), how many there are, and their money."""
    found = UnmappedCode.objects.filter(practice_id=actor.practice_id, state=UnmappedCode.State.OPEN)
    total = found.aggregate(money=Sum("charge_amount"))["money"] or Decimal("0.00")
    return list(found.select_related("code").order_by("-charge_amount", "id")[:20]), found.count(), total
