"""A row of a sheet in plain values. Pure: what a rule may import."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

EXTRA = ""  # the heading under which cells beyond the last heading stand


class BadField(ValueError):
    """A row that cannot be taken: which column is wrong, and what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as a spreadsheet shows it, its texts by heading, and what is wrong with the row as a whole."""

    number: int
    values: Mapping[str, str]
    problem: str = ""


def checksum(row: Row, *, fields: Iterable[str] | None = None) -> str:
    """SHA-256 of a row's values (or of some): tells a changed row from one that was already taken."""
    names = sorted(row.values) if fields is None else list(fields)
    return digest(f"{name}={row.values.get(name, '')}" for name in names)


def digest(parts: Iterable[str]) -> str:
    """SHA-256 of some texts in their order."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
