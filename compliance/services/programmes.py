"""Install a programme: its checklist comes from a data file with citations and dates."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction

from compliance.models import ChecklistItem, Programme
from compliance.permissions import CompliancePermission
from kit.errors import DomainError
from practice.actor import Actor
from practice.models import Membership
from practice.selectors.days import practice_today
from practice.services.rules import rule

DATA = Path(__file__).resolve().parent.parent / "data"
CYCLE = "audit.hipaa_cycle_days"
# What can be installed: key, kind of programme, its name, the rule column of the data file.
SHIPPED: dict[str, tuple[str, str]] = {
    "security": (Programme.Kind.HIPAA, "HIPAA Security Rule"),
    "privacy": (Programme.Kind.HIPAA, "HIPAA Privacy and Breach Rules"),
}


@dataclass(frozen=True, slots=True)
class Shipped:
    """One row of a shipped checklist."""

    code: str
    citation: str
    text: str
    is_required: bool
    effective_from: date
    effective_to: date | None


@lru_cache(maxsize=4)
def shipped_items(checklist: str) -> tuple[Shipped, ...]:
    """The rows of a shipped checklist in their order. Raises KeyError for an unknown one."""
    kind, _ = SHIPPED[checklist]
    with (DATA / f"{kind}.csv").open(newline="", encoding="utf-8") as file:
        return tuple(
            Shipped(
                code=row["code"],
                citation=f"45 CFR {row['citation']}",
                text=row["text"],
                is_required=row["required"] == "yes",
                effective_from=date.fromisoformat(row["effective_from"]),
                effective_to=date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
            )
            for row in csv.DictReader(file)
            if row["rule"] == checklist
        )


@transaction.atomic
def install_programme(
    *, actor: Actor, checklist: str, owner: Membership | None = None, cycle_days: int | None = None
) -> Programme:
    """Install a shipped programme with its checklist; again only adds what is new and ends what has ended.

    Raises DomainError for a checklist that is not shipped.
    """
    actor.require(CompliancePermission.CHANGE_COMPLIANCE)
    if checklist not in SHIPPED:
        raise DomainError("Choose a checklist from the list.", field="checklist")
    kind, name = SHIPPED[checklist]
    days = cycle_days or int(rule(CYCLE, on=practice_today(actor)))
    programme, _ = Programme.objects.get_or_create(
        practice_id=actor.practice_id,
        name=name,
        defaults={"kind": kind, "cycle_days": days, "owner": owner},
    )
    for position, item in enumerate(shipped_items(checklist), start=1):
        ChecklistItem.objects.update_or_create(
            practice_id=actor.practice_id,
            programme=programme,
            code=item.code,
            effective_from=item.effective_from,
            defaults={"effective_to": item.effective_to},
            create_defaults={
                "citation": item.citation,
                "text": item.text,
                "is_required": item.is_required,
                "position": position,
                "effective_to": item.effective_to,
            },
        )
    return programme


@transaction.atomic
def change(programme: Programme, *, actor: Actor, **details: Any) -> Programme:
    """Change who owns a programme, how often it is audited, and whether it is in use."""
    actor.require(CompliancePermission.CHANGE_COMPLIANCE)
    if unknown := set(details) - {"owner", "cycle_days", "is_active"}:
        raise TypeError(f"a programme has no {', '.join(sorted(unknown))}")
    locked = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    for name, value in details.items():
        setattr(locked, name, value)
    locked.save()
    return locked
