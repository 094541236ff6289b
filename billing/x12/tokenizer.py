"""Cut X12 text into segments, streaming, with the delimiters each interchange declares for itself.

Tolerated because real files do it: byte-order mark, leading blanks, any or no line end after the
terminator, a newline or a control character as terminator, ISA fields of the wrong width, lines
wrapped at a fixed column, several interchanges with different delimiters in one file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from billing.x12.errors import X12Error

CHUNK_BYTES = 65_536
MAX_SEGMENT_BYTES = 65_536
ISA_ELEMENTS = 16
_HEAD_BYTES = 512
# Not str.strip(): Python counts 0x1C-0x1F as blanks, and these are popular delimiters.
_BLANKS = " \t\r\n"
_SKIPPED = _BLANKS + "\x00\x1a"
_BOM = "\xef\xbb\xbf"

Source = str | bytes | BinaryIO


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The four separators of one interchange; `repetition` is empty before version 5010."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"

    def problem(self) -> str:
        """Why these delimiters cannot work, or an empty text."""
        used = [self.element, self.component, self.segment] + ([self.repetition] if self.repetition else [])
        for character in used:
            if len(character) != 1 or not character.isascii():
                return "a delimiter must be one ASCII character"
            if character.isalnum() or character in " .-\t\x00\x1a":
                return "a delimiter must not be a letter, digit, blank, point or minus sign"
            if character in "\r\n" and character != self.segment:
                return "only segments can end with a line end"
        return "" if len(set(used)) == len(used) else "the delimiters must differ from each other"


STANDARD_DELIMITERS = Delimiters()


class Segment(NamedTuple):
    """One segment and its place: number in the file and line from 1, byte offset from 0."""

    id: str
    elements: tuple[str, ...]
    number: int
    line: int
    offset: int
    delimiters: Delimiters
    terminated: bool = True

    def get(self, position: int) -> str:
        """Element by its X12 number (1 = first behind the id), blanks stripped, empty when absent."""
        if position > len(self.elements):
            return ""
        return self.elements[position - 1].strip(_BLANKS)

    def components(self, position: int) -> tuple[str, ...]:
        """The components of an element; a simple element has one, an absent one none."""
        value = self.get(position)
        if not value:
            return ()
        return tuple(part.strip(_BLANKS) for part in value.split(self.delimiters.component))


class _Reader:
    """A window over the bytes. Latin-1 keeps one character per byte, so offsets stay byte offsets."""

    def __init__(self, source: Source) -> None:
        if isinstance(source, str):
            source = source.encode("utf-8", errors="replace")
        self._stream: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source
        self._ended = False
        self.buffer = ""
        self.position = 0
        self.base = 0
        self.line = 1

    def fill(self) -> bool:
        """Read one more chunk behind what is left; False at the end of the file."""
        chunk = b"" if self._ended else self._stream.read(CHUNK_BYTES)
        if not chunk:
            self._ended = True
            return False
        self.base += self.position
        self.buffer = self.buffer[self.position :] + chunk.decode("latin-1")
        self.position = 0
        return True

    def head(self, size: int) -> str:
        """Look ahead without moving; shorter than `size` only at the end of the file."""
        while len(self.buffer) - self.position < size and self.fill():
            pass
        return self.buffer[self.position : self.position + size]

    def skip_blanks(self) -> bool:
        """Move to the next character with a meaning; False when there is none."""
        while True:
            while self.position < len(self.buffer):
                character = self.buffer[self.position]
                if character not in _SKIPPED:
                    return True
                self.line += character == "\n"
                self.position += 1
            if not self.fill():
                return False

    def take(self, terminator: str, *, number: int) -> tuple[str, bool]:
        """Text up to the terminator, and whether the terminator was there."""
        found = self.buffer.find(terminator, self.position)
        while found < 0:
            if len(self.buffer) - self.position > MAX_SEGMENT_BYTES:
                raise X12Error("no segment terminator within 64 kB", segment_number=number)
            if not self.fill():
                break
            found = self.buffer.find(terminator, self.position)
        end = found if found >= 0 else len(self.buffer)
        text = self.buffer[self.position : end]
        self.position = end + (found >= 0)
        self.line += text.count("\n") + (terminator == "\n" and found >= 0)
        return text, found >= 0


def tokenize(source: Source) -> Iterator[Segment]:
    """Yield every segment of the file; empty ones (doubled terminators) are skipped.

    Raises X12Error when the file is empty, does not start with ISA or the ISA cannot be read.
    """
    reader = _Reader(source)
    if reader.head(3) == _BOM:
        reader.position += 3
    delimiters: Delimiters | None = None
    number = 0
    while reader.skip_blanks():
        if delimiters is None or _starts_interchange(reader):
            delimiters = _read_delimiters(reader, number=number + 1)
        line, offset = reader.line, reader.base + reader.position
        text, terminated = reader.take(delimiters.segment, number=number + 1)
        text = _decoded(text, delimiters=delimiters)
        if text:
            number += 1
            name, *elements = text.split(delimiters.element)
            yield Segment(name.strip(_BLANKS), tuple(elements), number, line, offset, delimiters, terminated)
    if number == 0:
        raise X12Error("the file is empty", segment_number=1)


def _starts_interchange(reader: _Reader) -> bool:
    head = reader.head(4)
    return head.startswith("ISA") and len(head) == 4 and not head[3].isalnum()


def _read_delimiters(reader: _Reader, *, number: int) -> Delimiters:
    """Find the delimiters by counting separators, not by column: real ISA widths are often wrong."""
    head = reader.head(_HEAD_BYTES)
    if not head.startswith("ISA") or len(head) < 4:
        raise X12Error("the file does not start with an ISA segment", segment_number=number)
    parts = head.split(head[3], ISA_ELEMENTS)
    if len(parts) <= ISA_ELEMENTS or len(parts[ISA_ELEMENTS]) < 2:
        raise X12Error("the ISA segment is incomplete", segment_number=number, segment_id="ISA")
    component, terminator = parts[ISA_ELEMENTS][0], parts[ISA_ELEMENTS][1]
    if parts[ISA_ELEMENTS][1:3] == "\r\n":
        terminator = "\n"
    repetition = parts[11]
    if len(repetition) != 1 or repetition.isalnum() or repetition in (head[3], component, terminator, " "):
        repetition = ""
    delimiters = Delimiters(head[3], component, repetition, terminator)
    problem = delimiters.problem()
    if problem:
        raise X12Error(problem, segment_number=number, segment_id="ISA", element=ISA_ELEMENTS)
    return delimiters


def _decoded(text: str, *, delimiters: Delimiters) -> str:
    """Undo the line wrapping and the byte view: UTF-8 where it fits, Windows Latin otherwise."""
    if delimiters.segment not in "\r\n" and ("\n" in text or "\r" in text):
        text = text.replace("\r", "").replace("\n", "")
    text = text.rstrip("\r\x00\x1a")
    if not text.isascii():
        raw = text.encode("latin-1")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
    return text
