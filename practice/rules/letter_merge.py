"""Values into a letter's blocks: what comes out is plain pieces, the same for page, PDF and mail.

A value is never read as markup. What is empty is named and shown as a gap; whether that stops the letter is for the
caller to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from practice.rules.letter_markup import Block, Kind, Line, Section, Slot, Text, printable

Value = str | date | Decimal | tuple[str, ...] | None
MONTHS: dict[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
        "noviembre", "diciembre",
    ),
}  # fmt: skip
AND = {"en": "and", "es": "y"}
TYPES: dict[Kind, type] = {
    Kind.TEXT: str, Kind.DATE: date, Kind.MONEY: Decimal, Kind.ADDRESS: tuple, Kind.LIST: tuple,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Words in a line; ``gap`` marks the place of a value that is missing."""

    text: str
    bold: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, a paragraph ("text"), a list or an address: lines of spans."""

    shape: str
    lines: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """The pieces of a letter, and the fields it needed and did not get, in the order of their places."""

    pieces: tuple[Piece, ...]
    missing: tuple[str, ...]


def merge(
    blocks: Sequence[Block], *, values: Mapping[str, Value], labels: Mapping[str, str], language: str = "en"
) -> Merged:
    """Put values into a body. Raises TypeError when a value is not of its field's kind: a mistake of ours."""
    work = _Merge(values=values, labels=labels, language=language)
    pieces = _lists_joined(work.pieces(blocks))
    return Merged(pieces=pieces, missing=tuple(dict.fromkeys(work.missing)))


def merge_line(
    line: Line, *, values: Mapping[str, Value], labels: Mapping[str, str], language: str = "en"
) -> tuple[str, tuple[str, ...]]:
    """A subject with its values, and what it lacks."""
    work = _Merge(values=values, labels=labels, language=language)
    words = "".join(span.text for span in _joined(work.lines(line)))
    return " ".join(words.split()), tuple(dict.fromkeys(work.missing))


def filled(value: Value) -> bool:
    """Whether there is anything to write. Zero dollars is something."""
    return value is not None and value != () and not (isinstance(value, str) and not value.strip())


def as_text(pieces: Sequence[Piece]) -> str:
    """A letter as plain text, for mail and tests."""
    shown = []
    for piece in pieces:
        lines = ["".join(span.text for span in line) for line in piece.lines]
        shown.append("\n".join(f"- {line}" if piece.shape == "list" else line for line in lines))
    return "\n\n".join(shown)


def written(value: Value, *, kind: Kind, form: str, language: str) -> tuple[str, ...]:
    """A value in words: one line, or several for what takes lines of its own."""
    if isinstance(value, bool) or not isinstance(value, TYPES[kind]):
        raise TypeError(f"a field of kind {kind} cannot be written from {type(value).__name__}")
    if isinstance(value, Decimal):
        return (f"{'−' if value < 0 else ''}${abs(value):,.2f}",)
    if isinstance(value, date):
        return (f"{value:%m/%d/%Y}" if form == "short" else long_date(value, language=language),)
    if isinstance(value, str):
        return tuple(_plain(line) for line in value.strip().replace("\r\n", "\n").split("\n"))
    lines = tuple(" ".join(_plain(each).split()) for each in value or ())
    if form == "line":
        return (", ".join(lines),)
    return (in_a_row(lines, language=language),) if form == "sentence" else lines


def long_date(day: date, *, language: str) -> str:
    """`March 4, 2026`, or `4 de marzo de 2026`."""
    month = MONTHS[language][day.month - 1]
    return f"{day.day} de {month} de {day.year}" if language == "es" else f"{month} {day.day}, {day.year}"


def in_a_row(items: Sequence[str], *, language: str) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f" {AND[language]} ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""


def _plain(text: str) -> str:
    """Words without signs that no page can show."""
    return "".join(sign if printable(sign) else " " for sign in text)


class _Merge:
    """One walk over the blocks."""

    def __init__(self, *, values: Mapping[str, Value], labels: Mapping[str, str], language: str) -> None:
        self.values, self.labels, self.language = values, labels, language
        self.missing: list[str] = []

    def pieces(self, blocks: Sequence[Block]) -> Iterator[Piece]:
        for block in blocks:
            if isinstance(block, Section):
                yield from self.pieces(block.filled if filled(self.values.get(block.name)) else block.empty)
            else:
                yield from self._text(block)

    def _text(self, block: Text) -> Iterator[Piece]:
        alone = block.lines[0][0] if len(block.lines) == 1 and len(block.lines[0]) == 1 else None
        if isinstance(alone, Slot) and filled(self.values.get(alone.name)) and block.shape == "text":
            yield from self._alone(alone)
            return
        lines = [self.lines(line) for line in block.lines]
        if block.shape == "text":
            yield Piece(shape="text", lines=tuple(line for broken in lines for line in broken))
            return
        # A heading and a point of a list are one line each, however a value breaks.
        yield Piece(shape=block.shape, lines=tuple(_joined(broken) for broken in lines))

    def _alone(self, slot: Slot) -> Iterator[Piece]:
        """A field that is a whole paragraph: an address, a list, or text with paragraphs of its own."""
        lines = written(self.values[slot.name], kind=slot.kind, form=slot.form, language=self.language)
        shape = {"block": "address", "points": "list"}.get(slot.form, "text")
        gathered: list[tuple[Span, ...]] = []
        for line in (*lines, ""):
            if line.strip():
                gathered.append((Span(line, bold=slot.bold),))
            elif gathered:
                yield Piece(shape=shape, lines=tuple(gathered))
                gathered = []

    def lines(self, line: Line) -> list[tuple[Span, ...]]:
        """A line with its values; text with line ends makes several of it."""
        broken: list[list[Span]] = [[]]
        for part in line:
            if not isinstance(part, Slot):
                broken[-1].append(Span(part.text, bold=part.bold))
                continue
            value = self.values.get(part.name)
            if not filled(value):
                self.missing.append(part.name)
                label = self.labels.get(part.name, part.name)
                broken[-1].append(Span(f"[{label}]", bold=part.bold, gap=True))
                continue
            first, *rest = written(value, kind=part.kind, form=part.form, language=self.language)
            broken[-1].append(Span(first, bold=part.bold))
            broken += [[Span(more, bold=part.bold)] for more in rest]
        return [tuple(spans) for spans in broken]


def _lists_joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Points that a section has parted are one list again."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and piece.shape == joined[-1].shape == "list":
            joined[-1] = Piece(shape="list", lines=joined[-1].lines + piece.lines)
        else:
            joined.append(piece)
    return tuple(joined)


def _joined(broken: Sequence[tuple[Span, ...]]) -> tuple[Span, ...]:
    """Broken lines as one."""
    joined: list[Span] = []
    for spans in broken:
        joined += [Span(" "), *spans] if joined else spans
    return tuple(joined)
