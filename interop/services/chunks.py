"""A step's worth of rows: what becomes of each, and which foreign ids are already known."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import models

from interop.models import ImportedRecord
from interop.rules.values import BadField, Row, checksum
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services.sequences import next_number, next_texts

SOURCE = "synthea"


@dataclass(frozen=True)
class Refused:
    """A row that was not taken."""

    row: Row
    field: str
    message: str


@dataclass
class Chunk:
    """Rows of one file in one transaction, and the counts they add."""

    actor: Actor
    rows: Sequence[Row]
    zone: str
    rehearsal: bool = False
    new: int = 0
    changed: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, row: Row, *, error: BadField) -> None:
        """Note that a row cannot be taken and why."""
        self.refused.append(Refused(row=row, field=error.field[:60], message=error.message[:300]))

    def numbers(self, name: str, *, count: int) -> list[int]:
        """Numbers of a sequence. A rehearsal invents some: it must not hold the practice's counters."""
        if not count:
            return []
        first = 900_000_000 if self.rehearsal else next_number(name, actor=self.actor, count=count)
        return list(range(first, first + count))

    def texts(self, series: str, *, count: int) -> list[str]:
        """The same for a series whose numbers the practice writes its own way."""
        if not count:
            return []
        if not self.rehearsal:
            return next_texts(series, on=practice_today(self.actor), actor=self.actor, count=count)
        return [f"R{number}" for number in self.numbers(series, count=count)]


class Taker(Protocol):
    """Takes the chunks of one file, in order."""

    def take(self, chunk: Chunk) -> None:
        """Write what a chunk means and count it."""

    def replay(self, rows: Iterable[Row], *, refused: set[int]) -> None:
        """Remember rows that an earlier run has taken; ``refused`` are the lines it refused."""

    def finish(self, chunk: Chunk) -> None:
        """The file is at its end."""


@dataclass(frozen=True)
class Plain:
    """A Taker whose rows do not depend on each other."""

    function: Callable[[Chunk], None]

    def take(self, chunk: Chunk) -> None:
        self.function(chunk)

    def replay(self, rows: Iterable[Row], *, refused: set[int]) -> None:
        for _ in rows:
            pass

    def finish(self, chunk: Chunk) -> None:
        """Nothing waits."""


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
    found = ImportedRecord.objects.filter(source=SOURCE, kind=kind, external_id__in=wanted)
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
        source=SOURCE, kind=kind, external_id__in=[one.external_id for one in incoming]
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
        ImportedRecord.objects.filter(source=SOURCE, kind=kind, external_id=one.external_id).update(
            checksum=checksum(one.row)
        )
        chunk.changed += 1
