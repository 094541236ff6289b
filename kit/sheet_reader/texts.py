"""CSV and its cousins: encoding, delimiter and quotes found by looking, records streamed. Pure but for its refusals."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from kit.errors import DomainError

Opener = Callable[[], IO[bytes]]
Record = list[str]

BLOCK, PROVED, SAMPLE, JUDGED = 1024 * 1024, 64, 256 * 1024, 200
DELIMITERS = (",", "\t", ";", "|")
ALONE = "\x1f"  # a delimiter no sheet holds: the whole line is one cell
NEITHER = "Upload a CSV or XLSX sheet: this file is neither"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What other files begin with, and what to do about them.
FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0",
        "This is an old Excel file or one with a password: save it as XLSX or CSV without one",
    ),
    (b"%PDF-", NEITHER),
    (b"\x89PNG", NEITHER),
    (b"\xff\xd8\xff", NEITHER),
    (b"GIF8", NEITHER),
    (b"Rar!", NEITHER),
    (b"7z\xbc\xaf", NEITHER),
    (b"\x1f\x8b", "This file is packed: unpack it, then upload the sheet"),
)
HINT = re.compile(
    r"^\ufeff?sep=(.)\r?\n?$", re.IGNORECASE
)  # what Excel writes before a sheet of another delimiter
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1e]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """How a text sheet is written. ``skip`` lines stand before the first record (Excel's ``sep=;``)."""

    encoding: str
    delimiter: str
    quote: str = '"'
    escape: str = ""
    skip: int = 0

    @property
    def words(self) -> str:
        """In words, for a person who wonders why letters look odd."""
        marks = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars", ALONE: "one column"}
        known = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
        return (
            f"{known.get(self.encoding, self.encoding.upper())}, {marks.get(self.delimiter, self.delimiter)}"
        )


def shape_of(opener: Opener) -> Shape:
    """Find out how a file is written. Raises DomainError for what is no text."""
    encoding = _encoding(opener)
    with opener() as raw:
        head = raw.read(SAMPLE + 1)
    whole = len(head) <= SAMPLE
    text = _decoded(head[:SAMPLE], encoding=encoding)
    if len(CONTROL.findall(text)) * 10 > len(text) or text.count("\x00") * 10 > len(text):
        raise DomainError(NEITHER)
    first = text.partition("\n")[0]
    if hint := HINT.match(first):
        return Shape(encoding=encoding, delimiter=hint[1], skip=1)
    return _best(text, whole=whole, encoding=encoding)


def _encoding(opener: Opener) -> str:
    """UTF-8 as long as every byte is, else UTF-16 by its zeros, else what Excel writes on Windows."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opener() as raw:
        block = raw.read(BLOCK)
        for start, message in FOREIGN:
            if block.startswith(start):
                raise DomainError(message)
        for bom, name in BOMS:
            if block.startswith(bom):
                return name
        if wide := _wide(block[:4096]):
            return wide
        try:
            for _ in range(PROVED):
                decoder.decode(block, final=not block)
                if not block:
                    break
                block = raw.read(BLOCK)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _wide(head: bytes) -> str:
    """UTF-16 without a mark shows by its zeros: nearly every other byte of Western text is one."""
    if len(head) < 8:
        return ""
    half = len(head) // 2
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.1 else ""


def _decoded(head: bytes, *, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return decoder.decode(head)


def _best(text: str, *, whole: bool, encoding: str) -> Shape:
    """The delimiter and quotes under which most records have the same number of cells."""
    styles: list[tuple[str, str]] = [('"', "")]
    if '\\"' in text:
        styles.append(('"', "\\"))
    if re.search(r"(^|[,;|\t\r\n])\s*'", text):
        styles.append(("'", ""))
    best, shape = (0.0, 0), Shape(encoding=encoding, delimiter=ALONE)
    found: list[Record] = []
    for quote, escape in styles:
        for delimiter in DELIMITERS:
            tried = Shape(encoding=encoding, delimiter=delimiter, quote=quote, escape=escape)
            parsed, score = _tried(text, whole=whole, shape=tried)
            if score > best:
                best, shape, found = score, tried, parsed
    if shape.quote == '"' and _wrapped(found or [[line] for line in text.splitlines()[:JUDGED]]):
        return Shape(encoding=encoding, delimiter=shape.delimiter, quote="'")
    return shape


def _tried(text: str, *, whole: bool, shape: Shape) -> tuple[list[Record], tuple[float, int]]:
    """Records under a shape, and how well they agree: the share of the commonest width, and that width."""
    parsed: list[Record] = []
    broken = False
    try:
        for record in _reader(io.StringIO(text, newline=""), shape=shape):
            parsed.append(record)
            if len(parsed) > JUDGED:
                break
    except csv.Error:
        broken = whole
    if not whole and 1 < len(parsed) <= JUDGED:
        parsed.pop()  # the sample may end in the middle of it
    filled = [len(record) for record in parsed if any(cell.strip() for cell in record)]
    if not filled:
        return parsed, (0.0, 0)
    counts = Counter(filled)
    width = max(counts, key=lambda each: (counts[each], each))
    share = counts[width] / len(filled)
    return parsed, ((share / 2 if broken else share) if width > 1 else 0.0, width)


def _wrapped(found: Sequence[Record]) -> bool:
    """Whether nearly every cell stands in single quotes."""
    cells = [cell.strip() for record in found for cell in record if cell.strip()]
    inside = sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    return bool(cells) and inside >= 0.9 * len(cells)


def _reader(lines: Iterable[str], *, shape: Shape) -> Any:
    return csv.reader(
        lines,
        delimiter=shape.delimiter,
        quotechar=shape.quote,
        escapechar=shape.escape or None,
        doublequote=not shape.escape,
        strict=True,
    )


def records(opener: Opener, *, shape: Shape) -> Iterator[Record]:
    """Every record, blank ones too (as []), so that counting them gives the spreadsheet's row numbers.

    Raises DomainError in words, with the row, for quotes that nothing closes and cells past any measure.
    """
    with opener() as raw:
        lines = io.TextIOWrapper(raw, encoding=shape.encoding, errors="replace", newline="")
        for _ in range(shape.skip):
            lines.readline()
            yield []
        number = shape.skip
        reader = _reader(lines, shape=shape)
        while True:
            try:
                record: Record | None = next(reader, None)
            except csv.Error as error:
                raise DomainError(_said(error, row=number + 1)) from error
            if record is None:
                return
            number += 1
            yield record


def _said(error: csv.Error, *, row: int) -> str:
    """What Python's parser means, as advice."""
    text = str(error)
    if "end of data" in text:
        return (
            f"Row {row:,} opens a quotation mark that nothing closes: close it, then upload the sheet again"
        )
    if "limit" in text:
        return f"Row {row:,} has a cell of more than {csv.field_size_limit():,} characters: shorten it"
    if "expected after" in text:
        return f"Row {row:,} has text right behind a closing quotation mark: double the quotation marks inside a cell"
    return f"Row {row:,} of this sheet cannot be read: {text}"
