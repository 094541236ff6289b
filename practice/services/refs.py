"""RecordRefs: made by one function that checks the kind and the row's existence in this practice."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.apps import apps

from kit.errors import DomainError
from practice.actor import Actor
from practice.checks import is_tenant
from practice.models import RecordRef


def kind_of(record: Any) -> str:
    """The registered kind of a record: ``app.model``."""
    return str(record._meta.label_lower)


def ref_to(record: Any, *, actor: Actor) -> RecordRef:
    """The reference to a record of this practice; made when it is new. Raises DomainError for anything else."""
    if not is_tenant(type(record)) or record.practice_id != actor.practice_id:
        raise DomainError("That record is not in this practice.")
    if not type(record).objects.filter(pk=record.pk).exists():
        raise DomainError("That record does not exist.")
    ref, _ = RecordRef.objects.get_or_create(
        practice_id=actor.practice_id, kind=kind_of(record), record_id=record.pk
    )
    return ref


def resolve_all(refs: Iterable[RecordRef]) -> dict[uuid.UUID, Any]:
    """The records references point at, by the reference's id, in one query a kind. Those gone are missing."""
    by_kind: dict[str, list[RecordRef]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref)
    found: dict[uuid.UUID, Any] = {}
    for kind, group in by_kind.items():
        records = apps.get_model(kind).objects.in_bulk([ref.record_id for ref in group])
        found |= {ref.pk: records[ref.record_id] for ref in group if ref.record_id in records}
    return found


def resolve(ref: RecordRef) -> Any | None:
    """The record a reference points at, or None when it is gone."""
    return apps.get_model(ref.kind).objects.filter(pk=ref.record_id).first()
