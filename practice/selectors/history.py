"""Changes as sentences, from the change trail: "Dana Reyes changed status from Draft to Paid"."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from kit.fields import spelled
from kit.ports import Sentence
from practice.encrypted import EncryptedField
from practice.models import ApiToken, AuditChange, User

VERBS = {"I": "created", "U": "changed", "D": "deleted"}
LONG = 80  # characters: what is longer is not said again in a sentence
MARK = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")  # a key of some machine, no word for people
# Labels that end like this say by themselves what became so: "escalated to Owner", not "set escalated to to Owner".
OPEN_END = (" to", " at", " on", " by", " for", " from", " until", " of", " as")
SILENT = {"updated_at", "created_at", "practice_id", "id", "version"}


@dataclass
class Names:
    """What the marks in a batch of changes stand for: who acted, and the records that changed keys point at."""

    actors: dict[str, str] = field(default_factory=dict)
    targets: dict[tuple[str, str], str] = field(default_factory=dict)


def sentences(record: Any, *, limit: int = 20) -> Sequence[Sentence]:
    """The newest changes of one record."""
    # The lower bound keeps the search inside the record's own years (GROUND_FLOOR.md 2).
    rows = list(
        AuditChange.objects.filter(
            table_name=record._meta.db_table, row_id=record.pk, at__gte=record.created_at
        ).order_by("-at", "-id")[:limit]
    )
    model = type(record)
    names = names_in((row, model) for row in rows)
    found = [Sentence(text=sentence(row, model=model, names=names), at=row.at) for row in rows]
    return [line for line in found if line.text]


def actor_name(actor: str) -> str:
    """Who an actor's mark in the database stands for ("user:…"): a person, an API client, or Wellrun itself."""
    return actor_names({actor}).get(actor, "Wellrun")


def actor_names(actors: Iterable[str]) -> dict[str, str]:
    """The same for many marks, in at most two queries. Wellrun itself is left out."""
    actors = set(actors)
    by_kind: dict[str, list[uuid.UUID]] = {"user": [], "token": []}
    for actor in actors:
        kind, _, identifier = actor.partition(":")
        if kind in by_kind and identifier:
            by_kind[kind].append(uuid.UUID(identifier))
    users = User.objects.in_bulk(by_kind["user"]) if by_kind["user"] else {}
    tokens = ApiToken.objects.in_bulk(by_kind["token"]) if by_kind["token"] else {}
    names = {f"user:{key}": str(user) for key, user in users.items()}
    names |= {actor: "Somebody outside" for actor in actors if actor.startswith("public_link:")}
    return names | {f"token:{key}": f"API client {token.name}" for key, token in tokens.items()}


def names_in(changes: Iterable[tuple[AuditChange, Any]]) -> Names:
    """Everything that sentences about these changes (each with its model) will name, one query a kind."""
    names, wanted, actors = Names(), dict[Any, set[str]](), set[str]()
    for row, model in changes:
        actors.add(row.actor)
        for column, value in (row.new or {}).items() if row.action == "U" else ():
            target = _target(model, column=column)
            if target is not None:
                wanted.setdefault(target, set()).update(
                    str(key) for key in ((row.old or {}).get(column), value) if key
                )
    names.actors = actor_names(actors)
    for target, keys in wanted.items():
        found = target._default_manager.in_bulk(list(keys))
        names.targets |= {(target._meta.label, str(key)): str(record) for key, record in found.items()}
    return names


def sentence(row: AuditChange, *, model: Any, names: Names, values: bool = True) -> str:
    """One change in words; '' when nothing that people know has changed. ``values=False``: which fields only."""
    who = names.actors.get(row.actor, "Wellrun")
    if row.action != "U":
        return f"{who} {VERBS[row.action]} the {spelled(str(model._meta.verbose_name))}"
    columns = [
        column for column in (row.new or {}) if column not in SILENT and not _made(model, column=column)
    ]
    if not columns:
        return ""
    if not values:
        return f"{who} changed {', '.join(_label(model, column=column) for column in columns)}"
    old, new = row.old or {}, row.new or {}
    said = [
        _change(model, column=column, old=old.get(column), new=new[column], names=names) for column in columns
    ]
    return f"{who} {'; '.join(said)}"


def _field(model: Any, *, column: str) -> Any:
    return next((each for each in model._meta.concrete_fields if each.column == column), None)


def _made(model: Any, *, column: str) -> bool:
    """Whether it is made from another column, of which the sentence speaks: by the database, or kept by a service."""
    found = _field(model, column=column)
    return found is not None and (bool(getattr(found, "generated", False)) or not found.editable)


def _label(model: Any, *, column: str) -> str:
    each = _field(model, column=column)
    return spelled(str(each.verbose_name if each is not None else column.replace("_", " ")).lower())


def _target(model: Any, *, column: str) -> Any:
    """The kind a key points at, if its records may be named here: not people treated, nor what is about them."""
    each = _field(model, column=column)
    if each is None or not each.is_relation:
        return None
    target = each.related_model
    personal = {"patients.Patient", "practice.RecordRef"}
    about = {other.related_model._meta.label for other in target._meta.concrete_fields if other.is_relation}
    return None if target._meta.label in personal or about & personal else target


def _change(model: Any, *, column: str, old: Any, new: Any, names: Names) -> str:
    each = _field(model, column=column)
    name = _label(model, column=column)
    if each is None:
        return f"changed {name}"
    if each.is_relation:
        label = each.related_model._meta.label
        old, new = (names.targets.get((label, str(key)), "") if key else None for key in (old, new))
        if "" in (old, new):
            return f"changed {name}"
    elif isinstance(each, EncryptedField) or column in getattr(model, "secret_columns", ()):
        return f"changed {name}"
    if name.startswith("is ") and isinstance(new, bool):
        return f"marked it {'' if new else 'not '}{name.removeprefix('is ')}"
    if MARK.search(str(new)):
        return f"changed {name}"
    before, after = (_words(each, value=value) for value in (old, new))
    if before in (None, ""):
        says_so = name.endswith(OPEN_END) and name.split()[0].endswith("ed")
        return (
            f"set {name}"
            if len(str(after)) > LONG
            else f"{name} {after}"
            if says_so
            else f"set {name} to {after}"
        )
    if after in (None, ""):
        return f"cleared {name}"
    if max(len(str(before)), len(str(after))) > LONG:
        return f"changed {name}"
    return f"changed {name} from {before} to {after}"


def _words(each: Any, *, value: Any) -> Any:
    """A value of the trail (JSON) as people write it: their words for a choice, their dates and times."""
    choices = dict(each.flatchoices)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in choices:
        return choices[value]
    if isinstance(value, str) and isinstance(each, models.DateTimeField):
        local = timezone.localtime(datetime.fromisoformat(value))
        return f"{local:%m/%d/%Y} {local.strftime('%I:%M %p').lstrip('0')}"
    if isinstance(value, str) and isinstance(each, models.DateField):
        return f"{date.fromisoformat(value):%m/%d/%Y}"
    return value
