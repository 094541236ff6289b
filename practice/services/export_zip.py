"""Write the ZIP of a practice's export: streamed, in one snapshot, every part hashed on its way."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import IO, Any

from django.db import connection

from kit import clock
from practice import export_format
from practice.actor import Actor
from practice.encrypted import decrypt
from practice.export_format import Column, Table
from practice.models import Attachment, Practice
from practice.sealing import CannotOpen
from practice.services.attachments import content_of
from practice.transactions import acting_in

BATCH = 500
Tell = Callable[[int, int, str], None]


@dataclass
class Counts:
    """What went into the ZIP."""

    rows: dict[str, int] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def files(self) -> int:
        """Stored files that are in it."""
        return sum(name.startswith("attachments/") for name in self.parts)


class _Part:
    """An entry of the ZIP that counts and hashes what is written to it, row by row."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self.rows, self.size, self.digest = out, 0, 0, hashlib.sha256()

    def put(self, data: bytes) -> None:
        """Write bytes."""
        self.digest.update(data)
        self.size += len(data)
        self.out.write(data)

    def write(self, data: bytes) -> None:
        """One line of COPY: libpq hands over exactly one row at a time; RFC 4180 ends it with CRLF."""
        self.rows += 1
        self.put(data[:-1] + b"\r\n")


def write_zip(out: Any, *, practice: Practice, sealed_values: bool, actor: Actor, tell: Tell) -> Counts:
    """Write everything of ``practice`` to a binary file that need not seek. Opens its own snapshot transaction.

    ``tell(done, total, note)`` is called before each table and each batch of files. ``sealed_values``: decrypt the
    encrypted columns too; who may ask for that was checked by the caller.
    """
    counts = Counts()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        acting_in(practice.id, actor=actor, snapshot=True),
    ):
        tables = export_format.tables()
        total = len(tables) + Attachment.objects.filter(practice=practice).count()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = ISO")
        described = export_format.schema(sealed_values=sealed_values)
        _text(archive, counts, name="README.txt", text=readme(practice, sealed_values=sealed_values))
        _text(archive, counts, name="schema.json", text=json.dumps(described, indent=1))
        for number, table in enumerate(tables):
            tell(number, total, f"Table {number + 1} of {len(tables)}")
            counts.rows[table.name] = _table(
                archive, counts, table=table, practice=practice, sealed_values=sealed_values
            )
        for number, attachment in enumerate(_attachments(practice)):
            if number % 20 == 0:
                tell(len(tables) + number, total, f"Stored file {number + 1}")
            _file(archive, counts, attachment=attachment)
        manifest = {
            "format": export_format.VERSION,
            "practice": {"id": str(practice.id), "slug": practice.slug, "name": practice.name},
            "made_at": clock.now().astimezone(UTC).isoformat(timespec="seconds"),
            "sealed_values": sealed_values,
            "rows": counts.rows,
            "files": counts.parts,
            "missing": counts.missing,
        }
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    return counts


def _text(archive: zipfile.ZipFile, counts: Counts, *, name: str, text: str) -> None:
    data = text.encode()
    counts.parts[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    archive.writestr(name, data)


def _table(
    archive: zipfile.ZipFile, counts: Counts, *, table: Table, practice: Practice, sealed_values: bool
) -> int:
    """One CSV. PostgreSQL writes it; only rows with sealed values pass through Python."""
    name = f"data/{table.name}.csv"
    sealed = table.sealed if sealed_values else []
    entry = zipfile.ZipInfo(name, date_time=clock.now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED  # a ZipInfo of one's own is stored as it is otherwise
    with archive.open(entry, "w", force_zip64=True) as raw, connection.cursor() as cursor:
        part = _Part(raw)
        query = export_format.selection(table, raw=frozenset(column.name for column in sealed))
        # Composed from the models' own names; the practice's id is the only value in it.
        text = cursor.mogrify(query, {"practice": str(practice.id)}).decode()
        if sealed:
            part.write(_line([column.name for column in table.columns]) + b"\n")
            for row in _rows(cursor, text=text):
                part.write(_line(_opened(row, table=table, practice=practice, sealed=sealed)) + b"\n")
        else:
            cursor.copy_expert(
                f"COPY ({text}) TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')", part
            )
    counts.parts[name] = {"bytes": part.size, "sha256": part.digest.hexdigest()}
    return part.rows - 1


def _rows(cursor: Any, *, text: str) -> Iterator[list[str | None]]:
    """A query's rows by a cursor of the server's, a batch at a time."""
    cursor.execute(f"DECLARE export_rows NO SCROLL CURSOR FOR {text}")
    while True:
        cursor.execute("FETCH %s FROM export_rows", [BATCH])
        rows = cursor.fetchall()
        if not rows:
            cursor.execute("CLOSE export_rows")
            return
        yield from (list(row) for row in rows)


def _opened(
    row: list[str | None], *, table: Table, practice: Practice, sealed: list[Column]
) -> list[str | None]:
    names = [column.name for column in table.columns]
    for column in sealed:
        at = names.index(column.name)
        if row[at]:
            row[at] = decrypt(str(row[at]), practice_id=practice.id, column=f"{table.name}.{column.name}")
    return row


def _line(values: list[str] | list[str | None]) -> bytes:
    """One CSV record as COPY writes it: nothing for no value, quotes where they are needed."""
    return ",".join(_cell(value) for value in values).encode()


def _cell(value: str | None) -> str:
    if value is None:
        return ""
    if value == "" or value == "\\." or any(sign in value for sign in '",\r\n'):
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    return value


def _attachments(practice: Practice) -> Iterator[Attachment]:
    last = ""
    while True:
        found = Attachment.objects.filter(practice=practice, storage_name__gt=last).order_by("storage_name")
        batch = list(found[:BATCH])
        if not batch:
            return
        yield from batch
        last = batch[-1].storage_name


def _file(archive: zipfile.ZipFile, counts: Counts, *, attachment: Attachment) -> None:
    """A stored file under its own name; one that no key opens is named in the manifest."""
    plain = "".join(
        sign if sign.isprintable() and sign not in '/\\:*?"<>|' else "_" for sign in attachment.name
    )
    name = f"attachments/{attachment.pk}/{plain.strip(' .') or 'file'}"
    try:
        content = content_of(attachment)
    except (OSError, CannotOpen):
        counts.missing.append(str(attachment.pk))
        return
    counts.parts[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    archive.writestr(name, content)


def readme(practice: Practice, *, sealed_values: bool) -> str:
    """The README of the ZIP, in plain words."""
    sealed = (
        "SSNs, tax ids and other sealed values are in it, readable: keep it like cash."
        if sealed_values
        else "SSNs, tax ids and other sealed values are left out; their columns are empty."
    )
    return f"""Everything that Wellrun keeps for {practice.name}
================================================================

This ZIP holds patients' data. Keep it where only those may look who have to, and delete it when it has served.

data/          one file per table, in CSV (RFC 4180, UTF-8, with a header line)
attachments/   stored files under the names they were uploaded with, in a folder named by their id
schema.json    what every table and column means, for people and for programs
manifest.json  how many rows and files there are, with the SHA-256 of each file

Dates are written 2026-11-22, moments 2026-11-22T15:04:05.000000Z (UTC), money as a number of US dollars. A row's "id"
is what the columns that end in "_id" of other tables refer to. An empty field has no value, "" is an empty text. A
spreadsheet may take a text that begins with = + - or @ for a formula: import such columns as text.

{sealed}

Everything in it is of one moment; nothing of any other practice is in it.
"""
