"""A record's history as sentences, from the change trail."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist

from kit.ports import Sentence
from practice.models import ApiToken, AuditChange, User

VERBS = {"I": "created", "U": "changed", "D": "deleted"}
SILENT = {"updated_at", "created_at", "practice_id", "id", "version"}


def sentences(record: Any, *, limit: int = 20) -> Sequence[Sentence]:
    """The newest changes of one record: "Dana Reyes changed status from Draft to Paid"."""
    # The lower bound keeps the search inside the record's own years (GROUND_FLOOR.md 2).
    rows = list(
        AuditChange.objects.filter(
            table_name=record._meta.db_table, row_id=record.pk, at__gte=record.created_at
        ).order_by("-at", "-id")[:limit]
    )
    names = _actor_names({row.actor for row in rows})
    noun = record._meta.verbose_name
    found = [
        Sentence(text=_sentence(row, noun=noun, model=type(record), names=names), at=row.at) for row in rows
    ]
    return [sentence for sentence in found if sentence.text]


def actor_name(actor: str) -> str:
    """Who an actor's mark in the database stands for ("user:…"): a person, an API client, or Wellrun itself."""
    return _actor_names({actor}).get(actor, "Wellrun")


def _actor_names(actors: set[str]) -> dict[str, str]:
    by_kind: dict[str, list[uuid.UUID]] = {"user": [], "token": []}
    for actor in actors:
        kind, _, identifier = actor.partition(":")
        if kind in by_kind and identifier:
            by_kind[kind].append(uuid.UUID(identifier))
    users = User.objects.in_bulk(by_kind["user"])
    tokens = ApiToken.objects.in_bulk(by_kind["token"])
    names = {f"user:{key}": str(user) for key, user in users.items()}
    return names | {f"token:{key}": f"API client {token.name}" for key, token in tokens.items()}


def _sentence(row: AuditChange, *, noun: str, model: Any, names: dict[str, str]) -> str:
    who = names.get(row.actor, "Wellrun")
    if row.action != "U":
        return f"{who} {VERBS[row.action]} the {noun}"
    changes = [
        _change(model, column=column, old=(row.old or {}).get(column), new=value)
        for column, value in (row.new or {}).items()
        if column not in SILENT
    ]
    return f"{who} {'; '.join(changes)}" if changes else ""


def _change(model: Any, *, column: str, old: Any, new: Any) -> str:
    try:
        field = next(f for f in model._meta.concrete_fields if f.column == column)
    except (StopIteration, FieldDoesNotExist):
        return f"changed {column.replace('_', ' ')}"
    name = str(field.verbose_name).lower()
    if field.is_relation:
        return f"changed {name}"
    choices = dict(field.flatchoices)
    before, after = (choices.get(value, value) for value in (old, new))
    if before in (None, ""):
        return f"set {name} to {after}"
    if after in (None, ""):
        return f"cleared {name}"
    return f"changed {name} from {before} to {after}"
