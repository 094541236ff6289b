"""iCalendar (RFC 5545) as feeds need it: a calendar of events in UTC, escaped and folded. Plain values only.

Times go out in UTC (form 2 of 3.3.5): every client shows them on its owner's clock, and no zone has to be described.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

OCTETS: Final = 75  # of a line, its break not counted (3.1)
State = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A time taken. ``uid`` never changes, ``sequence`` grows with each change (3.8.7.4); aware times only."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    summary: str
    state: State = "CONFIRMED"


def calendar(events: Iterable[Event], *, name: str, refresh_minutes: int) -> str:
    """The whole feed, lines ended by CRLF. The same events give the same text, so that it can have an ETag."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Wellrun//Schedule//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_minutes}M",
        f"X-PUBLISHED-TTL:PT{refresh_minutes}M",
    ]
    for event in events:
        lines += _event(event)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{stamp(event.changed_at)}"
    yield f"LAST-MODIFIED:{stamp(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART:{stamp(event.starts_at)}"
    yield f"DTEND:{stamp(event.ends_at)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"STATUS:{event.state}"
    yield f"TRANSP:{'TRANSPARENT' if event.state == 'CANCELLED' else 'OPAQUE'}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def stamp(moment: datetime) -> str:
    """``20260308T143000Z``. ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("iCalendar takes aware times only")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A TEXT value (3.3.11): backslash, semicolon, comma and line ends are escaped, other control signs left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    text = text.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(sign for sign in text if sign >= " " and sign != "\x7f")


def folded(line: str) -> str:
    """A content line of at most 75 octets per piece, never cut inside a letter (3.1)."""
    pieces: list[str] = []
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > OCTETS:
            pieces.append(piece)
            piece, size = "", 1  # the blank that begins a continuation counts
        piece, size = piece + sign, size + octets
    return "\r\n ".join([*pieces, piece])
