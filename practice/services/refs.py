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
        practice_id=actor.practice_id, kind=kind_of(record), record_id=record.pk, merged_from=None
    )
    return ref


def follow(kind: str, *, old: uuid.UUID, new: uuid.UUID) -> None:
    """A record was merged into another of its kind: files, notes, letters and work about it are about that one now."""
    RecordRef.objects.filter(kind=kind, record_id=old, merged_from=None).update(
        record_id=new, merged_from=old
    )
    # Of a record that had taken others in before: each still knows where it came from.
    RecordRef.objects.filter(kind=kind, record_id=old).update(record_id=new)


def unfollow(kind: str, *, old: uuid.UUID, new: uuid.UUID, taken_in: Iterable[uuid.UUID] = ()) -> None:
    """The merge was undone: what was about the old record, and about those it had taken in, is about it again."""
    came = RecordRef.objects.filter(kind=kind, record_id=new)
    came.filter(merged_from__in=list(taken_in)).update(record_id=old)
    came.filter(merged_from=old).update(record_id=old, merged_from=None)


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
