"""A backup file: one sealed stream of parts, each with its SHA-256, and a manifest at its end.

Inside the seal (``practice.sealing``) stand records of one letter, four bytes of length (big endian) and that many
bytes: ``P`` a part's name, ``D`` its data, ``E`` its length and SHA-256 as JSON, ``M`` the manifest as JSON, last.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from practice.sealing import CHUNK, CannotOpen, SealedReader, SealedWriter

BOUND = "wellrun-backup"
LIMIT = 64 * 1024 * 1024  # no record of ours is nearly as long; a longer one is damage


class ArchiveWriter:
    """Writes parts one after the other; ``finish`` closes the seal with the manifest."""

    def __init__(self, raw: IO[bytes], *, key: str) -> None:
        self.out = SealedWriter(raw, key=key, bound=BOUND)
        self.parts: dict[str, dict[str, Any]] = {}

    def _record(self, letter: bytes, payload: bytes) -> None:
        self.out.write(letter + len(payload).to_bytes(4, "big"))
        self.out.write(payload)

    def add(self, name: str, *, blocks: Iterable[bytes]) -> int:
        """Write one part; returns its bytes."""
        digest, size = hashlib.sha256(), 0
        self._record(b"P", name.encode())
        for block in blocks:
            digest.update(block)
            size += len(block)
            self._record(b"D", block)
        self.parts[name] = {"bytes": size, "sha256": digest.hexdigest()}
        self._record(b"E", json.dumps(self.parts[name]).encode())
        return size

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, which names every part, and close the seal."""
        self._record(b"M", json.dumps({**manifest, "parts": self.parts}).encode())
        self.out.close()


Sink = Callable[[bytes], Any]


@dataclass
class _Reading:
    """What has been read of an archive: the open part and those that are whole."""

    sink_for: Callable[[str], Sink | None]
    done: Callable[[str], None]
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    name: str = ""
    size: int = 0
    digest: Any = None
    sink: Sink | None = None

    def take(self, letter: bytes, payload: bytes) -> None:
        """Follow one record; raises CannotOpen when a part is not what it says."""
        if letter == b"P":
            self.name, self.size, self.digest = payload.decode(), 0, hashlib.sha256()
            self.sink = self.sink_for(self.name)
        elif letter == b"D" and self.digest is not None:
            self.digest.update(payload)
            self.size += len(payload)
            if self.sink is not None:
                self.sink(payload)
        elif letter == b"E" and self.digest is not None:
            found = {"bytes": self.size, "sha256": self.digest.hexdigest()}
            if json.loads(payload) != found:
                raise CannotOpen(f"the part {self.name} is not whole")
            self.parts[self.name] = found
            self.done(self.name)
            self.digest = None
        else:
            raise CannotOpen("the archive's records are not in order")


def read_archive(
    path: Path,
    *,
    keys: Sequence[str],
    sink_for: Callable[[str], Sink | None] = lambda name: None,
    done: Callable[[str], None] = lambda name: None,
) -> dict[str, Any]:
    """Read an archive to its end and return its manifest; with no sinks this only proves that it is whole.

    ``sink_for`` gives the function that takes a part's blocks (None: skip it), ``done`` is told when a part is
    whole. Never holds more than one block. Raises CannotOpen for a wrong key, a cut or a changed file.
    """
    with path.open("rb") as raw:
        plain = SealedReader(raw, keys=keys, bound=BOUND)
        reading = _Reading(sink_for=sink_for, done=done)
        while True:
            head = plain.read(5)
            size = int.from_bytes(head[1:], "big")
            if len(head) < 5 or size > LIMIT:
                raise CannotOpen("the archive ends before its manifest")
            payload = plain.read(size)
            if len(payload) != size:
                raise CannotOpen("the archive ends inside a record")
            if head[:1] != b"M":
                reading.take(head[:1], payload)
                continue
            manifest: dict[str, Any] = json.loads(payload)
            if plain.read(1) or manifest["parts"] != reading.parts:
                raise CannotOpen("the manifest does not name what the archive holds")
            return manifest


def blocks_of(file: IO[bytes]) -> Iterable[bytes]:
    """A file's content in blocks."""
    while block := file.read(CHUNK):
        yield block
