"""A sheet whatever its format: headings found, rows streamed as often as asked, limits kept."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from kit.errors import DomainError
from kit.sheet_reader import headings, texts, workbook
from kit.sheet_reader.rows import EXTRA, Row
from kit.sheet_reader.texts import Opener, Record, Shape
from kit.sheet_reader.values import BROKEN, clean_text
from kit.sheets import restore

BYTES = 10_000_000
LONGEST = 32_767  # characters of a cell, as in Excel
HEAD = 60  # records in which the headings are looked for
EXTRAS = 20  # cells beyond the headings that are kept, to show what is too many


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one sheet may be."""

    bytes: int = BYTES
    rows: int = 10_000
    columns: int = 200
    unpacked: int = 100_000_000


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """An opened sheet. ``heading_row`` is where a spreadsheet shows its headings; ``notes`` say what was odd."""

    opener: Opener
    limits: Limits
    headings: tuple[str, ...]
    heading_row: int
    notes: tuple[str, ...] = ()
    shape: Shape | None = None
    worksheet: str = ""
    worksheets: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        """The rows under the headings, blank ones left out. Raises DomainError past the limit or for broken quotes."""
        numbered = enumerate(self._records(), start=1)
        below = itertools.islice(numbered, self.heading_row, None)
        for count, (number, record) in enumerate(
            ((n, r) for n, r in below if any(cell.strip() for cell in r)), start=1
        ):
            if count > self.limits.rows:
                raise DomainError(f"Upload at most {self.limits.rows:,} rows at a time")
            yield self._row(record, number=number)

    def _records(self) -> Iterator[Record]:
        return _records(
            self.opener,
            shape=self.shape,
            worksheet=self.worksheet,
            limits=self.limits,
            above=self.heading_row,
        )

    def _row(self, record: Sequence[str], *, number: int) -> Row:
        wide = len(self.headings)
        cells = [restore(clean_text(cell).strip()) for cell in record[: wide + EXTRAS]]
        values = dict(zip(self.headings, [*cells, *[""] * (wide - len(cells))], strict=False))
        extra = [cell for cell in cells[wide:] if cell]
        problem = ""
        if extra:
            values[EXTRA] = ",".join(extra)
            problem = "has more cells than there are headings"
        elif any(len(cell) > LONGEST for cell in cells):
            problem = f"has a cell of more than {LONGEST:,} characters"
        elif "\ufffd" in "".join(cells):
            at = next(name for name, cell in values.items() if "\ufffd" in cell)
            problem = f"has signs under “{at[:60]}” that are no text"
        elif broken := next((name for name, cell in values.items() if cell in BROKEN), ""):
            problem = f"has {values[broken]} under “{broken[:60]}”, which a spreadsheet writes when it cannot compute"
        return Row(number=number, values=values, problem=problem)


def _records(
    opener: Opener, *, shape: Shape | None, worksheet: str, limits: Limits, above: int
) -> Iterator[Record]:
    if shape is not None:
        return texts.records(opener, shape=shape)
    rows = limits.rows + above + 1  # one more than allowed, so that it is noticed
    return workbook.records(
        opener, worksheet=worksheet, rows=rows, columns=limits.columns, unpacked=limits.unpacked
    )


def open_sheet(
    opener: Opener,
    *,
    fields: Iterable[Any] = (),
    worksheet: str = "",
    heading_row: int = 0,
    limits: Limits = Limits(),
) -> Sheet:
    """Open a CSV, TSV or XLSX; content decides, not the name. ``fields`` (declared) help to find the headings.

    Raises DomainError: no sheet, nothing in it, too many columns, no such worksheet.
    """
    with opener() as raw:
        packed = raw.read(4).startswith(b"PK")
    shape = None if packed else texts.shape_of(opener)
    names = tuple(workbook.worksheets(opener, unpacked=limits.unpacked)) if packed else ()
    records = _records(opener, shape=shape, worksheet=worksheet, limits=limits, above=HEAD)
    # One cell more than allowed is enough to notice; nobody looks for headings among a million cells.
    head = [record[: limits.columns + 1] for record in itertools.islice(records, max(HEAD, heading_row))]
    at = heading_row - 1 if heading_row else headings.heading_at(head, fields=fields)
    if at >= len(head) or not any(cell.strip() for cell in head[at]):
        raise DomainError("There are no headings in this sheet: give every column a name in the first row")
    found = [clean_text(cell).replace("\n", " ").strip() for cell in head[at]]
    while found and not found[-1]:
        found.pop()
    if len(found) > limits.columns:
        raise DomainError(f"Use at most {limits.columns} columns")
    named, notes = headings.unique([restore(cell) for cell in found])
    if above := sum(any(cell.strip() for cell in record) for record in head[:at]):
        notes.insert(0, f"The headings stand in row {at + 1}; {above} above them left out")
    return Sheet(
        opener=opener,
        limits=limits,
        headings=named,
        heading_row=at + 1,
        notes=tuple(notes),
        shape=shape,
        worksheet=worksheet or (names[0] if names else ""),
        worksheets=names,
    )


def of_bytes(body: bytes) -> Opener:
    """What opens bytes in memory, as often as asked."""
    return lambda: io.BytesIO(body)


def read(upload: IO[bytes], *, limits: Limits = Limits()) -> list[Row]:
    """The rows under the first row that has anything in it, strictly: whatever is odd is refused.

    Raises DomainError: too large, not a sheet, no heading, a heading twice, too many rows or columns, bad signs.
    """
    body = upload.read(limits.bytes + 1)
    if len(body) > limits.bytes:
        raise DomainError(f"Upload a sheet of at most {limits.bytes // 1_000_000} MB")
    sheet = open_sheet(of_bytes(body), limits=limits)
    if any("no heading" in note for note in sheet.notes):
        raise DomainError("Give every column a name in the first row")
    if any("more than once" in note for note in sheet.notes):
        raise DomainError("Use each column name once")
    found = list(sheet.rows())
    for row in found:
        if "\ufffd" in "".join(row.values.values()):
            raise DomainError(f"Row {row.number:,} {row.problem or 'has signs that are no text'}")
    return found
