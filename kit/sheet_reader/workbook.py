"""XLSX within bounds: one worksheet at a time, row by row. openpyxl reads its XML through defusedxml."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import IO, Any

import openpyxl

from kit.errors import DomainError
from kit.sheet_reader.texts import Opener, Record

PARTS, RATIO = 2_000, 1_000  # a sheet of one repeated number packs well; a bomb packs a thousand times
BAD = "This XLSX cannot be read: save it again, or as CSV"


def worksheets(opener: Opener, *, unpacked: int) -> list[str]:
    """Names of the worksheets a person can see, in their order."""
    with _book(opener, unpacked=unpacked) as book:
        return [sheet.title for sheet in _visible(book)]


def records(opener: Opener, *, worksheet: str, rows: int, columns: int, unpacked: int) -> Iterator[Record]:
    """The texts of one worksheet ('' is the first), at most so many rows and columns and one more of each."""
    with _book(opener, unpacked=unpacked) as book:
        found = [sheet for sheet in _visible(book) if worksheet in ("", sheet.title)]
        if not found:
            raise DomainError(f"There is no worksheet “{worksheet[:60]}” in this file", field="worksheet")
        for row in found[0].iter_rows(max_row=rows + 1, max_col=columns + 1, values_only=True):
            yield [_text(value) for value in row]


def _visible(book: Any) -> list[Any]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets[:1]


@contextmanager
def _book(opener: Opener, *, unpacked: int) -> Iterator[Any]:
    """The workbook, if its parts are no bomb. Whatever fails inside is said in words."""
    try:
        with opener() as raw:
            held = raw if raw.seekable() else io.BytesIO(raw.read())
            _check(held, unpacked=unpacked)
            book = openpyxl.load_workbook(held, read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
    except DomainError:
        raise
    except Exception as error:  # openpyxl raises whatever its XML parser and its own asserts raise
        raise DomainError(BAD) from error


def _check(held: IO[bytes], *, unpacked: int) -> None:
    """A part cannot unpack to more than its entry says: Python stops there, and its checksum fails."""
    with zipfile.ZipFile(held) as packed:
        parts = packed.infolist()
        total = sum(each.file_size for each in parts)
        small = max(sum(each.compress_size for each in parts), 1) * RATIO
        if len(parts) > PARTS or total > unpacked or (total > 1_000_000 and total > small):
            raise DomainError("This sheet unpacks to too much: save it again as CSV")
        if any(each.flag_bits & 1 for each in parts):
            raise DomainError("This sheet has a password: save it without one")
    held.seek(0)


def _text(value: object) -> str:
    """A cell as a person would type it: ISO dates, numbers without Excel's noise."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        at_midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ")[:16]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else f"{value:.15g}"  # Excel shows 15 digits, and no more are meant
    return str(value)
