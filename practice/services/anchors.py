"""The heads of the seal outside the database: STATE/anchors/<slug>.jsonl, append-only, each line signed.

A chain that was cut, or computed anew from its first batch, is whole in itself: only what left the database
shows it. Each signature covers the one before, so no line can be changed, moved or taken out of the middle.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Anchors:
    """A chain's anchor file: its entries (seals and epochs) in order, and the first line that is not ours."""

    path: Path
    entries: list[dict[str, Any]] = field(default_factory=list)
    exists: bool = True
    broken_line: int = 0


def path_of(slug: str) -> Path:
    """Where a chain's anchors stand: a practice's slug, or ``global``."""
    return Path(settings.STATE) / "anchors" / f"{slug}.jsonl"


def write(slug: str, **entry: Any) -> None:
    """Append one signed line and wait until the disk has it."""
    path = path_of(slug)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before = _last_signature(file)
        line = {**entry, "mac": _sign(entry, before=before)}
        file.write(json.dumps(line, sort_keys=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(slug: str) -> Anchors:
    """All lines of a chain's file, checked one after the other; reading ends at the first that was tampered with."""
    path = path_of(slug)
    if not path.is_file():
        return Anchors(path=path, exists=False)
    entries: list[dict[str, Any]] = []
    before = ""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            try:
                line = json.loads(raw)
                signature = str(line.pop("mac"))
            except (ValueError, KeyError, TypeError, AttributeError):
                return Anchors(path=path, entries=entries, broken_line=number)
            if not hmac.compare_digest(signature, _sign(line, before=before)):
                return Anchors(path=path, entries=entries, broken_line=number)
            entries.append(line)
            before = signature
    return Anchors(path=path, entries=entries)


def newest(slug: str) -> list[dict[str, Any]]:
    """The last lines of a chain's file, as they stand (unchecked: for showing, not for proof)."""
    path = path_of(slug)
    if not path.is_file():
        return []
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 4096))
        lines = file.read().split(b"\n")[-4:-1]
    found = []
    for line in lines:
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return [entry for entry in found if isinstance(entry, dict) and "number" in entry]


def keyed_hash(text: str, *, purpose: str) -> str:
    """A hash that nobody can compute or look up without the installation's key; the same text gives the same."""
    return hmac.new(_key(purpose), text.encode(), hashlib.sha256).hexdigest()


def _key(purpose: str) -> bytes:
    """A key of its own for each purpose, derived from one that is kept apart from the database."""
    secret = bytes.fromhex(settings.INDEX_KEY)
    return hmac.new(secret, f"wellrun audit {purpose}".encode(), hashlib.sha256).digest()


def _sign(entry: dict[str, Any], *, before: str) -> str:
    return keyed_hash(before + json.dumps(entry, sort_keys=True), purpose="anchor")


def _last_signature(file: Any) -> str:
    """The signature of the last line; '' for an empty file. A line that a crash left unfinished is cut off."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 4096))
    tail = file.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    if len(whole) < len(tail):
        file.truncate(size - (len(tail) - len(whole)))
    file.seek(0, os.SEEK_END)
    try:
        return str(json.loads(whole.splitlines()[-1])["mac"]) if whole else ""
    except (ValueError, KeyError, TypeError):
        return ""
