"""One sealed file with everything of this deployment but its keys: database, stored files, audit anchors."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from psycopg2 import sql
from psycopg2.errors import LockNotAvailable

from kit import clock
from kit.errors import DomainError
from practice.ownerdoor import owner_connection, program, program_environment
from practice.sealing import key_bytes, write_whole
from practice.services.archives import ArchiveWriter, blocks_of, read_archive

SUFFIX = ".wellrun-backup"
FORMAT = 1
# Made again whenever somebody asks; and they would double the size.
LEFT_OUT = ("exports",)
DEAD_SECONDS = 24 * 3600
LOCK_WAIT = "30s"  # for a table that somebody is altering
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def backup_key() -> str:
    """The key of backups. Raises DomainError when it is missing, no key, or one that the backup's data lean on."""
    key: str = settings.BACKUP_KEY
    try:
        key_bytes(key)
    except ValueError as error:
        raise DomainError(f"BACKUP_KEY is not set or no key: {error}") from None
    if key in (*settings.PHI_KEYS, *settings.FILE_KEYS):
        raise DomainError("BACKUP_KEY is also a data key. Make one of its own: whoever finds it opens both.")
    return key


def make(folder: Path, *, keep: int = 0) -> dict[str, Any]:
    """Write, verify and record a backup in ``folder``; returns what is recorded.

    ``keep`` > 0 removes all but that many of our newest files there, after the new one was verified. Raises
    DomainError in words: no key, a folder that cannot be written, a full disk, pg_dump's refusal. Nothing is left
    behind then and nothing is ever overwritten.
    """
    key, began = backup_key(), time.monotonic()
    now = clock.now().astimezone(UTC)
    path = folder / f"wellrun-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    with _written_or_gone(path) as raw:
        archive = ArchiveWriter(raw, key=key)
        manifest = _fill(archive, now=now)
        archive.finish(manifest)
    read_archive(path, keys=[key])
    removed = _keep(folder, keep=keep) if keep > 0 else []
    found = {
        "at": now.isoformat(timespec="seconds"),
        "file": str(path),
        "bytes": path.stat().st_size,
        "seconds": round(time.monotonic() - began, 1),
        "rows": sum(manifest["tables"].values()),
        "files": sum(name.startswith("media/") for name in archive.parts),
        "verified": True,
        "removed": [old.name for old in removed],
    }
    record(last_backup=found)
    return found


def record(**what: Any) -> None:
    """Keep what the status page shows in STATE/backup.json: ``last_backup``, ``last_drill``."""
    path: Path = settings.STATE / "backup.json"
    write_whole(path, json.dumps({**recorded(), **what}, indent=1).encode())


def recorded() -> dict[str, Any]:
    """The last backup and the last drill; empty when there was none."""
    try:
        found = json.loads((settings.STATE / "backup.json").read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def _written_or_gone(path: Path) -> Iterator[Any]:
    """A new file that appears under its name when it is whole; a failure leaves nothing."""
    fresh = path.with_suffix(".unfinished")
    try:
        for left in path.parent.glob("wellrun-*.unfinished"):
            if time.time() - left.stat().st_mtime > DEAD_SECONDS:
                left.unlink()  # of a backup that was killed
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise DomainError(f"{path.parent} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        os.link(fresh, path)  # refuses where a rename would overwrite
    except FileExistsError:
        raise DomainError(f"{path} exists already and is not overwritten. Try again in a second.") from None
    except LockNotAvailable:
        raise DomainError("A table is being altered just now: the backup was not made. Try again.") from None
    except OSError as error:
        if error.errno in FULL:
            raise DomainError(
                f"The disk that holds {path.parent} is full: the backup was not made."
            ) from None
        raise
    finally:
        fresh.unlink(missing_ok=True)


def _fill(archive: ArchiveWriter, *, now: datetime) -> dict[str, Any]:
    """Every part; the rows are counted in the very snapshot that is dumped."""
    with owner_connection() as connection, connection.cursor() as cursor:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT set_config('lock_timeout', %s, true), pg_export_snapshot()", [LOCK_WAIT])
        snapshot = cursor.fetchone()[1]
        manifest = {
            "format": FORMAT,
            "made_at": now.isoformat(timespec="seconds"),
            "product": product(),
            "postgres": _asked(cursor, "SHOW server_version")[0][0],
            "migrations": migration_heads(cursor),
            "tables": row_counts(cursor),
        }
        archive.add("database.dump", blocks=_dump(snapshot))
    # After the snapshot: what its rows name was written before them.
    for root, name in ((settings.MEDIA_ROOT, "media"), (settings.STATE / "anchors", "anchors")):
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            inside = path.relative_to(root)
            if path.is_file() and inside.parts[0] not in LEFT_OUT and ".new-" not in path.name:
                with path.open("rb") as file:
                    archive.add(f"{name}/{inside.as_posix()}", blocks=blocks_of(file))
    return manifest


def _dump(snapshot: str) -> Iterator[bytes]:
    """pg_dump's custom format, as it comes out of the pipe."""
    command = [program("pg_dump"), "-Fc", "--enable-row-security", "--no-password"]
    command += [f"--snapshot={snapshot}", f"--lock-wait-timeout={LOCK_WAIT}"]
    with subprocess.Popen(  # noqa: S603 (our own words only)
        command, env=program_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as dump:
        if dump.stdout is None or dump.stderr is None:
            raise RuntimeError("pg_dump has no pipes")
        said = ""
        try:
            yield from blocks_of(dump.stdout)
            said = dump.stderr.read().decode(errors="replace").strip()
        except BaseException:
            dump.kill()  # nobody reads on: a full disk, Ctrl-C
            raise
    if dump.returncode != 0:
        raise DomainError(f"pg_dump refused: {said[-500:]}")


def _keep(folder: Path, *, keep: int) -> list[Path]:
    """Remove our oldest files; the names sort by time."""
    old = sorted(folder.glob(f"wellrun-*{SUFFIX}"))[:-keep]
    for path in old:
        path.unlink()
    return old


def _asked(cursor: Any, statement: Any) -> list[Any]:
    cursor.execute(statement)
    return list(cursor.fetchall())


def row_counts(cursor: Any) -> dict[str, int]:
    """Rows of every table, by an owner's cursor."""
    names = _asked(cursor, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    count = sql.SQL("SELECT count(*) FROM public.{}")
    return {name: _asked(cursor, count.format(sql.Identifier(name)))[0][0] for (name,) in names}


def migration_heads(cursor: Any) -> dict[str, str]:
    """The newest applied migration of each app."""
    return dict(_asked(cursor, "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"))


def product() -> dict[str, str]:
    """What made the backup: version, and the commit where it is known."""
    text = (settings.ROOT / "pyproject.toml").read_text()
    head = settings.ROOT / ".git" / "HEAD"
    commit = os.environ.get("WELLRUN_COMMIT", "")
    if not commit and head.is_file():
        words = head.read_text().split()
        named = settings.ROOT / ".git" / words[-1]
        commit = named.read_text().strip() if named.is_file() else words[-1]
    return {"version": str(tomllib.loads(text)["project"]["version"]), "commit": commit}
