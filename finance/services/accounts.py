"""The chart of accounts a practice starts with."""

from __future__ import annotations

import csv
import uuid
from pathlib import Path
from typing import Any

from django.db import transaction

from finance.models import Account
from finance.permissions import FinancePermission
from practice.actor import Actor

CHART = Path(__file__).resolve().parent.parent / "data" / "chart.csv"


def shipped() -> list[dict[str, Any]]:
    """The shipped chart, as the values of accounts (own numbers and names; groups as in DOMAIN.md 2)."""
    with CHART.open(newline="", encoding="utf-8") as file:
        return [
            {
                "number": int(row["number"]),
                "name": row["name"],
                "section": row["section"],
                "is_contra": row["is_contra"] == "yes",
                "polarity": int(row["polarity"]),
                "behaviour": row["behaviour"],
                "driver": row["driver"],
            }
            for row in csv.DictReader(file)
        ]


@transaction.atomic
def install_chart(*, actor: Actor) -> int:
    """Add the shipped accounts a practice lacks; its own names and settings stay. Returns how many were new."""
    actor.require(FinancePermission.POST_JOURNAL)
    have = set(Account.objects.values_list("number", flat=True))
    new = [
        Account(practice_id=actor.practice_id, **values)
        for values in shipped()
        if values["number"] not in have
    ]
    Account.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def numbered(*, actor: Actor) -> dict[int, uuid.UUID]:
    """The ids of all accounts by number; the chart is installed when there is none yet."""
    found = dict(Account.objects.values_list("number", "id"))
    if not found:
        install_chart(actor=actor)
        found = dict(Account.objects.values_list("number", "id"))
    return found
