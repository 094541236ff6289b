"""What becomes of a chunk of foreign rows: which foreign ids are known, records made and changed in bulk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from kit.sheet_reader import BadField, Row, checksum
from practice.models import ImportedRecord
from practice.services.import_chunks import Chunk

SOURCE = "synthea"


@dataclass
class Incoming:
    """A row in our words: its foreign id and the values of its record."""

    row: Row
    external_id: str
    values: dict[str, Any]
    record_id: uuid.UUID | None = None


def known(kind: str, *, ids: Iterable[str]) -> dict[str, uuid.UUID]:
    """Our record of each foreign id of a kind that was imported before."""
    wanted = [one for one in set(ids) if one]
    found = ImportedRecord.objects.filter(source=SOURCE, kind=kind, external_id__in=wanted, withdrawn_at=None)
    return dict(found.values_list("external_id", "record_id"))


def need(found: dict[str, Any], *, row: Row, field: str) -> Any:
    """What a reference names. Raises BadField for an unknown one."""
    external = row.values.get(field, "").strip()
    if not external:
        raise BadField(field, "is missing")
    if external not in found:
        raise BadField(field, f"“{external[:60]}” is unknown: its row was refused or is in none of the files")
    return found[external]


def sort(kind: str, *, incoming: Sequence[Incoming], chunk: Chunk) -> tuple[list[Incoming], list[Incoming]]:
    """Tell new rows from changed ones; rows already taken as they are and repeats are counted and left out."""
    records = ImportedRecord.objects.filter(
        source=SOURCE,
        kind=kind,
        external_id__in=[one.external_id for one in incoming],
        withdrawn_at=None,
    )
    before = {record.external_id: record for record in records}
    fresh: list[Incoming] = []
    changed: list[Incoming] = []
    here: dict[str, str] = {}
    for one in incoming:
        digest = checksum(one.row)
        earlier = here.setdefault(one.external_id, digest)
        record = before.get(one.external_id)
        if earlier != digest:
            chunk.refuse(one.row, error=BadField("Id", "stands in this file twice with different values"))
        elif record is None:
            fresh.append(one)
        elif record.checksum == digest:
            chunk.known += 1
        else:
            one.record_id = record.record_id
            changed.append(one)
    return _without_repeats(fresh, chunk=chunk), _without_repeats(changed, chunk=chunk)


def _without_repeats(incoming: list[Incoming], *, chunk: Chunk) -> list[Incoming]:
    first: dict[str, Incoming] = {}
    for one in incoming:
        if first.setdefault(one.external_id, one) is not one:
            chunk.known += 1
    return list(first.values())


def remember(kind: str, *, taken: Iterable[Incoming], chunk: Chunk) -> None:
    """Keep which record each new row became."""
    ImportedRecord.objects.bulk_create(
        ImportedRecord(
            practice_id=chunk.actor.practice_id,
            source=SOURCE,
            kind=kind,
            external_id=one.external_id,
            record_id=one.record_id,
            checksum=checksum(one.row),
        )
        for one in taken
        if one.record_id is not None
    )


def create(kind: str, *, model: type[models.Model], fresh: Sequence[Incoming], chunk: Chunk) -> list[Any]:
    """Write new records and remember them; returns them in the order of the rows."""
    made = [model(practice_id=chunk.actor.practice_id, **one.values) for one in fresh]
    model._default_manager.bulk_create(made)
    for one, record in zip(fresh, made, strict=True):
        one.record_id = record.pk
    remember(kind, taken=fresh, chunk=chunk)
    chunk.new += len(fresh)
    return made


def change(
    kind: str,
    *,
    model: type[models.Model],
    changed: Sequence[Incoming],
    chunk: Chunk,
    keep: Iterable[str] = (),
) -> None:
    """Bring records of changed rows up to date (all values but ``keep``), one by one: encrypted columns need save."""
    kept = set(keep)
    rows = model._default_manager.in_bulk([one.record_id for one in changed])
    for one in changed:
        record: Any = rows.get(one.record_id)
        if record is None:
            continue
        names = [name for name in one.values if name not in kept]
        for name in names:
            setattr(record, name, one.values[name])
        record.save(update_fields=[*names, "updated_at"])
        ImportedRecord.objects.filter(
            source=SOURCE, kind=kind, external_id=one.external_id, withdrawn_at=None
        ).update(checksum=checksum(one.row))
        chunk.changed += 1
