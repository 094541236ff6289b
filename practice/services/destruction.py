"""Destroy a practice's data as the tables' owner: every row and file, in bounded steps that a kill cannot confuse.

Each step is one transaction that deletes rows and adds them to what ``DestroyedPractice`` counts, so a run that was
killed goes on where it was and the certificate counts every row once.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from psycopg2 import sql

from kit import clock
from kit.errors import DomainError
from practice.ownerdoor import owner_connection
from practice.services.attachments import path_of
from practice.services.exports import folder_of

STEP = 5_000
PASSES = 5
# Deleting a row writes one here (the change trail), so these go when nothing else is left.
LAST = ("practice_auditchange",)
CERTIFIED = (
    *(
        "id",
        "slug",
        "name",
        "reason",
        "requested_by",
        "approved_by",
        "requested_at",
        "approved_at",
        "not_before",
    ),
    *("started_at", "finished_at", "exported_at", "row_counts", "files", "audit_head"),
)
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """Tables that hold rows of practices, children first; ``selves`` are the keys of a table to itself."""

    tables: list[str]
    selves: dict[str, list[str]]


def destroy(slug: str, *, tell: Tell = lambda text: None) -> uuid.UUID:
    """Destroy the practice, or go on with one that was begun; returns its id. As wellrun_owner.

    Raises DomainError, with nothing changed, unless a request stands that two people or the operator approved and
    whose waiting period is over.
    """
    with owner_connection() as connection, connection.cursor() as cursor:
        found = _begun(cursor, slug=slug) or _begin(connection, cursor, slug=slug)
        _end_sessions(connection, cursor, practice_id=found)
        _remove_files(connection, cursor, practice_id=found, slug=slug)
        chart = plan(cursor)
        for _ in range(PASSES):
            gone = sum(
                _empty(connection, cursor, table=table, chart=chart, practice_id=found, tell=tell)
                for table in chart.tables
            )
            if gone == 0:
                break
        _close(connection, cursor, practice_id=found)
        return found


def _one(cursor: Any, statement: Any, values: list[Any]) -> Any:
    cursor.execute(statement, values)
    return cursor.fetchone()


def _begun(cursor: Any, *, slug: str) -> uuid.UUID | None:
    """The practice whose destruction was begun under this slug and is not finished."""
    row = _one(
        cursor,
        "SELECT d.id FROM practice_destroyedpractice d JOIN practice_practice p ON p.id = d.id "
        "WHERE d.slug = %s AND d.finished_at IS NULL",
        [slug],
    )
    return uuid.UUID(str(row[0])) if row else None


APPROVED = """
SELECT p.id, p.slug, p.name, r.reason, asker.name || ' <' || asker.email || '>',
  CASE WHEN r.operator <> '' THEN r.operator || ' (operator)'
       ELSE second.name || ' <' || second.email || '>' END,
  r.created_at, r.approved_at, r.not_before,
  (SELECT max(finished_at) FROM practice_practiceexport e WHERE e.practice_id = p.id),
  coalesce((SELECT encode(s.digest, 'hex') FROM practice_auditseal s WHERE s.practice_id = p.id
            ORDER BY s.number DESC LIMIT 1), '')
FROM practice_practice p
JOIN practice_destroyrequest r ON r.practice_id = p.id AND r.state = 'approved'
JOIN practice_membership m ON m.id = r.requested_by_id JOIN practice_user asker ON asker.id = m.user_id
LEFT JOIN practice_membership m2 ON m2.id = r.approved_by_id LEFT JOIN practice_user second ON second.id = m2.user_id
WHERE p.slug = %s FOR UPDATE OF p, r
"""
SHUT = (
    "UPDATE practice_membership SET ended_at = now() WHERE practice_id = %s AND ended_at IS NULL",
    "DELETE FROM practice_tokenlookup WHERE practice_id = %s",
    "DELETE FROM practice_jobrun WHERE practice_id = %s",
)


def _begin(connection: Any, cursor: Any, *, slug: str) -> uuid.UUID:
    """Write down who wanted it and shut every way into the practice, in one transaction."""
    row = _one(cursor, APPROVED, [slug])
    if row is None:
        connection.rollback()
        raise DomainError(f"There is no approved request to destroy a practice {slug}.")
    if row[8] > clock.now():
        connection.rollback()
        raise DomainError(f"The waiting period ends on {row[8]:%Y-%m-%d %H:%M} UTC. Nothing was destroyed.")
    cursor.execute(
        "INSERT INTO practice_destroyedpractice (id, slug, name, reason, requested_by, approved_by, requested_at, "
        "approved_at, not_before, exported_at, audit_head) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        list(row),
    )
    for statement in SHUT:
        cursor.execute(statement, [row[0]])
    connection.commit()
    return uuid.UUID(str(row[0]))


def _end_sessions(connection: Any, cursor: Any, *, practice_id: uuid.UUID) -> None:
    """Sign out the people of this practice who are a member nowhere any more."""
    cursor.execute(
        "SELECT DISTINCT m.user_id::text FROM practice_membership m WHERE m.practice_id = %s AND NOT EXISTS "
        "(SELECT FROM practice_membership o WHERE o.user_id = m.user_id AND o.ended_at IS NULL)",
        [str(practice_id)],
    )
    people = {row[0] for row in cursor.fetchall()}
    if people:
        cursor.execute("SELECT session_key, session_data FROM django_session")
        keys = [key for key, data in cursor.fetchall() if _user_of(data) in people]
        cursor.execute("DELETE FROM django_session WHERE session_key = ANY(%s)", [keys])
    connection.commit()


def _user_of(data: str) -> str:
    return str(Session(session_data=data).get_decoded().get("_auth_user_id", ""))


def _remove_files(connection: Any, cursor: Any, *, practice_id: uuid.UUID, slug: str) -> None:
    """Stored files, exports and the exchange folders; the anchors of its audit are kept aside (digests only)."""
    last, removed = "", 0
    while True:
        cursor.execute(
            "SELECT storage_name FROM practice_attachment WHERE practice_id = %s AND storage_name > %s "
            "ORDER BY storage_name LIMIT %s",
            [str(practice_id), last, STEP],
        )
        names = [row[0] for row in cursor.fetchall()]
        if not names:
            break
        for name in names:
            removed += path_of(name).exists()
            path_of(name).unlink(missing_ok=True)
        last = names[-1]
    folders = (folder_of(practice_id), Path(settings.OUTGOING) / slug, Path(settings.INCOMING) / slug)
    for folder in folders:
        removed += sum(path.is_file() for path in folder.rglob("*"))
        shutil.rmtree(folder, ignore_errors=True)
    anchors = settings.STATE / "anchors" / f"{slug}.jsonl"
    if anchors.is_file():
        kept = settings.STATE / "anchors" / "destroyed" / f"{slug}-{practice_id}.jsonl"
        kept.parent.mkdir(exist_ok=True, mode=0o700)
        anchors.replace(kept)
    cursor.execute(
        "UPDATE practice_destroyedpractice SET files = files + %s WHERE id = %s", [removed, str(practice_id)]
    )
    connection.commit()


def plan(cursor: Any) -> Plan:
    """The order of deletion, from the database's own keys: what points at a row goes before it."""
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'practice_id' "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' "
        "AND NOT a.attisdropped ORDER BY c.relname"
    )
    names = [row[0] for row in cursor.fetchall()]
    cursor.execute(
        "SELECT k.conrelid::regclass::text, k.confrelid::regclass::text, a.attname FROM pg_constraint k "
        "JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey) "
        "WHERE k.contype = 'f' AND a.attname <> 'practice_id' AND k.conparentid = 0"
    )
    selves: dict[str, list[str]] = {}
    above: dict[str, set[str]] = {name: set() for name in names}
    for child, parent, column in cursor.fetchall():
        if child == parent:
            selves.setdefault(child, []).append(column)
        elif child in above and parent in above:
            above[child].add(parent)
    ordered = list(_children_first(above))
    return Plan(tables=[*(n for n in ordered if n not in LAST), *LAST], selves=selves)


def _children_first(above: dict[str, set[str]]) -> Iterator[str]:
    """Tables nothing of the rest points at, again and again. Raises RuntimeError for keys in a circle."""
    rest = dict(above)
    while rest:
        pointed = set().union(*rest.values())
        free = sorted(name for name in rest if name not in pointed)
        if not free:
            raise RuntimeError(f"keys in a circle: {sorted(rest)}")
        yield from free
        for name in free:
            del rest[name]


def _empty(
    connection: Any, cursor: Any, *, table: str, chart: Plan, practice_id: uuid.UUID, tell: Tell
) -> int:
    """Delete one table's rows of the practice, a batch a transaction; rows that others point at come later."""
    name = sql.Identifier(table)
    leaf = sql.SQL("").join(
        sql.SQL(
            " AND NOT EXISTS (SELECT FROM {0} o WHERE o.practice_id = t.practice_id AND o.{1} = t.id)"
        ).format(name, sql.Identifier(column))
        for column in chart.selves.get(table, [])
    )
    statement = sql.SQL(
        "DELETE FROM {0} WHERE ctid = ANY(ARRAY(SELECT t.ctid FROM {0} t WHERE t.practice_id = %s{1} LIMIT %s))"
    ).format(name, leaf)
    total = 0
    while True:
        cursor.execute(statement, [str(practice_id), STEP])
        gone = cursor.rowcount
        if gone:
            _count(cursor, table=table, gone=gone, practice_id=practice_id)
        connection.commit()
        if not gone:
            return total
        total += gone
        tell(f"{table}: {total:,} rows")


def _count(cursor: Any, *, table: str, gone: int, practice_id: uuid.UUID) -> None:
    cursor.execute(
        "UPDATE practice_destroyedpractice SET row_counts = jsonb_set(row_counts, ARRAY[%s], "
        "to_jsonb(coalesce((row_counts ->> %s)::bigint, 0) + %s)) WHERE id = %s",
        [table, table, gone, str(practice_id)],
    )


def _close(connection: Any, cursor: Any, *, practice_id: uuid.UUID) -> None:
    """The practice's own row goes last; then nothing of it is left but the register's entry."""
    cursor.execute("DELETE FROM practice_practice WHERE id = %s", [str(practice_id)])
    cursor.execute(
        "UPDATE practice_destroyedpractice SET finished_at = now() WHERE id = %s AND finished_at IS NULL",
        [str(practice_id)],
    )
    connection.commit()


def facts(slug: str) -> dict[str, Any]:
    """What the certificate of the newest finished destruction of ``slug`` says. Raises DomainError without one."""
    with owner_connection() as connection, connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT {} FROM practice_destroyedpractice WHERE slug = %s AND finished_at IS NOT NULL "
                "ORDER BY finished_at DESC LIMIT 1"
            ).format(sql.SQL(", ").join(map(sql.Identifier, CERTIFIED))),
            [slug],
        )
        row = cursor.fetchone()
    if row is None:
        raise DomainError(f"No practice {slug} was destroyed.")
    return dict(zip(CERTIFIED, row, strict=True))


def note_certificate(practice_id: uuid.UUID, *, sha256: str) -> None:
    """Keep the certificate's hash in the register, so that a copy can be told from a forgery."""
    with owner_connection() as connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE practice_destroyedpractice SET sha256 = %s WHERE id = %s", [sha256, str(practice_id)]
        )
        connection.commit()


def canonical(found: dict[str, Any]) -> bytes:
    """The certificate for machines: sorted keys, moments in ISO 8601."""
    return json.dumps(found, sort_keys=True, indent=1, default=_written).encode()


def _written(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
