"""Rules that change are data: shipped defaults with a citation, and each practice's own values with dates."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from django.db.models import Q

from practice.models import Parameter

DEFAULTS = Path(__file__).resolve().parent.parent / "data" / "parameters.csv"


@dataclass(frozen=True, slots=True)
class Default:
    """A shipped default: value, unit, from when, where it is written, and who checked it when ('' = nobody)."""

    code: str
    value: str
    unit: str
    effective_from: date
    effective_to: date | None
    citation: str
    verified_on: str


@lru_cache(maxsize=1)
def defaults() -> dict[str, list[Default]]:
    """All shipped defaults by code, newest first."""
    found: dict[str, list[Default]] = {}
    with DEFAULTS.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            end = date.fromisoformat(row["effective_to"]) if row["effective_to"] else None
            found.setdefault(row["code"], []).append(
                Default(
                    code=row["code"],
                    value=row["value"],
                    unit=row["unit"],
                    effective_from=date.fromisoformat(row["effective_from"]),
                    effective_to=end,
                    citation=row["citation"],
                    verified_on=row["verified_on"],
                )
            )
    for entries in found.values():
        entries.sort(key=lambda entry: entry.effective_from, reverse=True)
    return found


def value_on(code: str, *, day: date) -> Decimal:
    """The value of a rule in force on a day: the practice's own, else the shipped default.

    Raises KeyError for an unknown code. Inside ``acting_in``.
    """
    entries = defaults()[code]
    own = (
        Parameter.objects.filter(code=code, effective_from__lte=day)
        .filter(Q(effective_to=None) | Q(effective_to__gte=day))
        .order_by("-effective_from")
        .first()
    )
    if own is not None:
        return Decimal(own.value)
    in_force = [entry for entry in entries if entry.effective_from <= day]
    return Decimal((in_force or entries[-1:])[0].value)
