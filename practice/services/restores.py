"""Put a backup into an empty database and empty folders, whole or not at all."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from kit.errors import DomainError
from practice.ownerdoor import owner_connection, program, program_environment
from practice.sealing import CannotOpen
from practice.services.archives import Sink, read_archive
from practice.services.backups import FORMAT, LEFT_OUT, backup_key

Tell = Callable[[str], None]


def restore(path: Path, *, tell: Tell = lambda text: None) -> dict[str, Any]:
    """Restore ``path`` into the database and the folders this process is set to; returns the manifest.

    The whole file is proved first. Raises DomainError in words for a wrong key, a damaged file, a database or a
    media folder that is not empty; nothing is changed then.
    """
    key = backup_key()
    refuse_unless_empty()
    tell("Proving the backup")
    try:
        manifest = read_archive(path, keys=[key])
    except FileNotFoundError:
        raise DomainError(f"There is no file {path}.") from None
    except CannotOpen as error:
        raise DomainError(
            f"{path} cannot be opened with this BACKUP_KEY, or it is damaged ({error})."
        ) from None
    if manifest["format"] != FORMAT:
        raise DomainError(f"{path} has format {manifest['format']}; this version of Wellrun reads {FORMAT}.")
    tell("Restoring the database and the files")
    with _Folders() as folders, _Database() as database:

        def sink_for(name: str) -> Sink | None:
            return database.take if name == "database.dump" else folders.open(name)

        def done(name: str) -> None:
            return database.finish() if name == "database.dump" else folders.close()

        read_archive(path, keys=[key], sink_for=sink_for, done=done)
    return manifest


def refuse_unless_empty() -> None:
    """Raise DomainError when the database has a table or the media folder a file."""
    with owner_connection() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        tables = cursor.fetchone()[0]
    name = program_environment()["PGDATABASE"]
    if tables:
        raise DomainError(
            f"The database {name} has {tables} tables. A backup is restored into an empty one only."
        )
    for folder in (settings.MEDIA_ROOT, settings.STATE / "anchors"):
        if any(path.is_file() for path in folder.rglob("*")):
            raise DomainError(
                f"{folder} holds files already. A backup is restored into an empty folder only."
            )


class _Database:
    """pg_restore at the end of a pipe, in one transaction."""

    def __enter__(self) -> _Database:
        command = [program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-password"]
        environment = program_environment()
        self.process = subprocess.Popen(  # noqa: S603 (our own words only)
            [*command, f"--dbname={environment['PGDATABASE']}"],
            env=environment,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        return self

    def take(self, block: bytes) -> None:
        """Hand on one block; when pg_restore has gone, its own words are raised."""
        try:
            self._pipe().write(block)
        except BrokenPipeError:
            self.finish()

    def finish(self) -> None:
        """The dump is whole: wait for the commit. Raises DomainError with pg_restore's words."""
        _, said = self.process.communicate()
        if self.process.returncode != 0:
            raise DomainError(f"pg_restore refused: {said.decode(errors='replace').strip()[-800:]}")

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stderr):
            if pipe is not None and not pipe.closed:
                pipe.close()
        self.process.wait()

    def _pipe(self) -> IO[bytes]:
        if self.process.stdin is None:
            raise RuntimeError("pg_restore has no pipe")
        return self.process.stdin


class _Folders:
    """Media files and anchors, one open at a time."""

    def __init__(self) -> None:
        self.file: IO[bytes] | None = None

    def __enter__(self) -> _Folders:
        return self

    def open(self, name: str) -> Sink | None:
        """The place of a part; None for what this version does not know."""
        kind, _, inside = name.partition("/")
        roots = {"media": settings.MEDIA_ROOT, "anchors": settings.STATE / "anchors"}
        if kind not in roots:
            return None
        path = (roots[kind] / inside).resolve()
        if not path.is_relative_to(roots[kind].resolve()) or inside.split("/")[0] in LEFT_OUT:
            raise DomainError("The backup names a file outside its folder; it was not made by Wellrun.")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file = path.open("xb")
        return self.file.write

    def close(self) -> None:
        """The part is whole."""
        if self.file is not None:
            self.file.close()
            self.file = None

    def __exit__(self, *exception: object) -> None:
        self.close()
