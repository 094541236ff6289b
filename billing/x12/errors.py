"""Errors and warnings of the codec. Neither ever quotes a value of the file: it could be patient data."""

from __future__ import annotations

from dataclasses import dataclass


class X12Error(ValueError):
    """The text cannot be read (or written) without guessing.

    Every error has a position: `segment_number` counts from 1 over the whole file, `element` is the
    number behind the segment id (CLP04 is element 4), `transaction` is ST02, `claim` is CLP01 or CLM01.
    """

    def __init__(
        self,
        message: str,
        *,
        segment_number: int,
        segment_id: str = "",
        element: int | None = None,
        transaction: str = "",
        claim: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.segment_number = segment_number
        self.segment_id = segment_id
        self.element = element
        self.transaction = transaction
        self.claim = claim

    def __str__(self) -> str:
        return f"{position_text(self)}: {self.message}"


@dataclass(frozen=True, slots=True)
class X12Warning:
    """Something was odd but the meaning is clear; the position works as in X12Error."""

    message: str
    segment_number: int
    segment_id: str = ""
    element: int | None = None
    transaction: str = ""
    claim: str = ""

    def __str__(self) -> str:
        return f"{position_text(self)}: {self.message}"


def position_text(place: X12Error | X12Warning) -> str:
    """Say where, in one phrase: `transaction 0001, claim WR17, segment 12 (CLP04)`."""
    parts = []
    if place.transaction:
        parts.append(f"transaction {place.transaction}")
    if place.claim:
        parts.append(f"claim {place.claim}")
    name = place.segment_id
    if place.element is not None:
        name += f"{place.element:02d}"
    parts.append(f"segment {place.segment_number}" + (f" ({name})" if name else ""))
    return ", ".join(parts)
