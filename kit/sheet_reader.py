"""The one reader of uploaded sheets: CSV or XLSX in, numbered rows out, every mistake at its place."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

import openpyxl
from django import forms

from kit.errors import DomainError

BYTES, ROWS, COLUMNS, UNPACKED = 10_000_000, 10_000, 200, 100_000_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the sheet: its number as the spreadsheet shows it, and its texts by header."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A row after its form looked at it: clean values, or messages by field."""

    number: int
    values: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)


def read(upload: IO[bytes]) -> list[Line]:
    """The rows under the first line; the file's content decides its type, not its name.

    Raises DomainError: too large, not a sheet, no header, a header twice, too many rows or columns.
    """
    body = upload.read(BYTES + 1)
    if len(body) > BYTES:
        raise DomainError(f"Upload a sheet of at most {BYTES // 1_000_000} MB")
    rows = _xlsx(body) if body.startswith(b"PK") else _csv(body)
    return list(_lines(rows))


def _csv(body: bytes) -> Iterator[Sequence[str]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")  # what Excel on Windows writes
    if "\x00" in text:
        raise DomainError("Upload a CSV or XLSX sheet: this file is neither")
    try:
        dialect: Any = csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, strict=True)
    except csv.Error as error:
        raise DomainError(f"This CSV cannot be read: {error}") from error


def _xlsx(body: bytes) -> Iterator[Sequence[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(each.file_size for each in packed.infolist()) > UNPACKED:
                raise DomainError("This sheet unpacks to too much: save it again as CSV")
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=ROWS + 2, max_col=COLUMNS + 1, values_only=True)
        yield from ([_text(value) for value in row] for row in rows)
    except DomainError:
        raise
    except Exception as error:  # openpyxl raises whatever its XML parser and its own asserts raise
        raise DomainError("This XLSX cannot be read: save it again, or as CSV") from error


def _text(value: object) -> str:
    if isinstance(value, datetime):
        at_midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ")[:16]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[Line]:
    numbered = ((number, [cell.strip() for cell in row]) for number, row in enumerate(rows, start=1))
    filled = ((number, row) for number, row in numbered if any(row))
    _, headers = next(filled, (0, []))
    while headers and not headers[-1]:
        headers.pop()
    if not headers or "" in headers:
        raise DomainError("Give every column a name in the first row")
    if len(headers) > COLUMNS or len(set(map(str.lower, headers))) < len(headers):
        raise DomainError(f"Use each column name once, and at most {COLUMNS} columns")
    for count, (number, row) in enumerate(filled, start=1):
        if count > ROWS:
            raise DomainError(f"Upload at most {ROWS:,} rows at a time")
        padded = [*row, *[""] * (len(headers) - len(row))]
        yield Line(number=number, values=dict(zip(headers, padded, strict=False)))


def check(
    lines: Iterable[Line], *, form: Callable[..., forms.BaseForm], columns: Mapping[str, str], actor: Any
) -> list[Checked]:
    """Let a form judge every row. ``columns`` maps a form field to its header, in any case."""
    checked = []
    for line in lines:
        texts = {header.lower(): value for header, value in line.values.items()}
        filled = form(
            data={name: texts.get(header.lower(), "") for name, header in columns.items()}, actor=actor
        )
        valid = filled.is_valid()
        errors = (
            {} if valid else {name: [str(m) for m in messages] for name, messages in filled.errors.items()}
        )
        checked.append(
            Checked(number=line.number, values=filled.cleaned_data if valid else {}, errors=errors)
        )
    return checked
