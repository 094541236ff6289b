"""The shipped table of adjustment reasons: our own words, installed into each practice, changed by it later."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from billing.models import AdjustmentRule
from billing.permissions import BillingPermission
from practice.actor import Actor

CATALOGUE = Path(__file__).resolve().parent.parent / "data" / "adjustment_rules.csv"


@transaction.atomic
def install(*, actor: Actor) -> int:
    """Add the shipped rules the practice does not have. What it changed or ended stays. Returns how many."""
    actor.require(BillingPermission.CHANGE_RULE)
    before = AdjustmentRule.objects.count()
    AdjustmentRule.objects.bulk_create(_shipped(actor=actor), ignore_conflicts=True)
    return AdjustmentRule.objects.count() - before


def _shipped(*, actor: Actor) -> list[AdjustmentRule]:
    with CATALOGUE.open(newline="", encoding="utf-8") as file:
        return [
            AdjustmentRule(
                practice_id=actor.practice_id,
                group_code=row["group_code"],
                reason_code=row["reason_code"],
                remark_code=row["remark_code"],
                meaning=row["meaning"],
                treatment=row["treatment"],
                category=row["category"],
                next_action=row["next_action"],
                effective_from=date.fromisoformat(row["effective_from"]),
                citation=row["citation"],
            )
            for row in csv.DictReader(file)
        ]
