"""Every change of the practice in sentences, newest first, for those who watch over it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps

from practice.actor import Actor
from practice.checks import is_tenant
from practice.models import AuditChange, Membership, RecordRef
from practice.permissions import PracticePermission
from practice.selectors import records
from practice.selectors.history import names_in, sentence
from practice.tenancy import EDITABLE_AUDIT

# A row's id carries the moment it was written, its ``at`` the statement's: never further apart than a statement lasts.
SLACK = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what kind of record, the record itself when the reader may see it, and the sentence."""

    id: uuid.UUID
    at: datetime
    text: str
    noun: str
    record: Any
    request_id: str


@lru_cache(maxsize=1)
def kinds() -> dict[str, Any]:
    """Every kind of record whose changes are in the trail, by its table."""
    return {
        model._meta.db_table: model for model in apps.get_models() if is_tenant(model) and _is_audited(model)
    }


def _is_audited(model: Any) -> bool:
    return getattr(model, "audit", EDITABLE_AUDIT) != ""


def is_own(model: Any) -> bool:
    """Whether a table is the practice's own house-keeping: settings, people, places. What is about a record or a
    patient (files, letters, messages, work) is not: its words are for who sees that record.
    """
    if model._meta.app_label != "practice" or hasattr(model, "patient_path"):
        return False
    fields = model._meta.concrete_fields
    return not any(field.attname == "patient_id" or field.related_model is RecordRef for field in fields)


def people(actor: Actor) -> list[tuple[str, str]]:
    """Who may have changed something, as (mark, name): everyone who ever belonged to the practice."""
    actor.require(PracticePermission.VIEW_AUDIT)
    members = Membership.objects.filter(practice_id=actor.practice_id).select_related("user")
    return sorted(((f"user:{row.user_id}", str(row.user)) for row in members), key=lambda pair: pair[1])


def page(
    actor: Actor,
    *,
    who: str = "",
    table: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    after: uuid.UUID | None = None,
    size: int = 50,
) -> tuple[list[Change], uuid.UUID | None]:
    """One page of changes and where the next begins (None at the end). Keyset by id, which rises with time."""
    actor.require(PracticePermission.VIEW_AUDIT)
    found = AuditChange.objects.filter(practice_id=actor.practice_id)
    if who:
        found = found.filter(actor=who)
    if table:
        found = found.filter(table_name=table)
    if since is not None:
        found = found.filter(at__gte=since, id__gte=first_id(since))
    if until is not None:
        found = found.filter(at__lt=until, id__lt=first_id(until + SLACK))
    if after is not None:
        found = found.filter(id__lt=after)
    rows = list(found.order_by("-id")[: size + 1])
    shown = rows[:size]
    return _told(shown, actor=actor), shown[-1].id if len(rows) > size else None


def first_id(moment: datetime) -> uuid.UUID:
    """The lowest id (UUIDv7) that could have been made at a moment."""
    return uuid.UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


def _told(rows: Sequence[AuditChange], *, actor: Actor) -> list[Change]:
    pairs = [(row, kinds()[row.table_name]) for row in rows if row.table_name in kinds()]
    names = names_in(pairs)
    visible = _visible(pairs, actor=actor)
    told = []
    for row, model in pairs:
        record = visible.get((row.table_name, row.row_id))
        # Values only of what the reader may see anyway, and of the practice's own house-keeping.
        values = record is not None or is_own(model)
        text = sentence(row, model=model, names=names, values=values)
        if text:
            noun = str(model._meta.verbose_name)
            told.append(
                Change(id=row.id, at=row.at, text=text, noun=noun, record=record, request_id=row.request_id)
            )
    return told


def _visible(pairs: Sequence[tuple[AuditChange, Any]], *, actor: Actor) -> dict[tuple[str, uuid.UUID], Any]:
    """The changed records this actor may see, through their own door, one query a kind."""
    wanted: dict[Any, set[uuid.UUID]] = {}
    for row, model in pairs:
        wanted.setdefault(model, set()).add(row.row_id)
    return {
        (model._meta.db_table, key): record
        for model, ids in wanted.items()
        for key, record in records.visible(model, ids=ids, actor=actor).items()
    }
