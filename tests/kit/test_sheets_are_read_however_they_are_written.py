"""Any delimiter, encoding and quoting comes back as it was; hostile cells come back as words, never as exceptions."""

import contextlib
import csv
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kit import sheets
from kit.errors import DomainError
from kit.sheet_reader import open_sheet, profile_of
from kit.sheet_reader.tables import of_bytes

NAMES = ("Last name", "DOB", "Phone", "Ñame", "Zip")
ANY = "abcÉñß0123456789 ,;|\t\"'=+-@.\n"
WRITTEN = "abcÉñß0123456789,;|\t\"'=+-@."
WAYS = st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")


def text_of(rows, *, delimiter, quoting, quote='"', end="\r\n"):
    held = io.StringIO()
    csv.writer(held, delimiter=delimiter, quoting=quoting, quotechar=quote, lineterminator=end).writerows(
        rows
    )
    return held.getvalue()


def read_back(body):
    sheet = open_sheet(of_bytes(body), heading_row=1)
    return sheet.headings, [[row.values[name] for name in sheet.headings] for row in sheet.rows()]


@st.composite
def tables(draw):
    """Headings and rows, two columns or more; no row is blank and no cell has blanks at its ends."""
    width = draw(st.integers(2, 5))
    cell = st.text(alphabet=ANY, max_size=8).map(lambda text: sheets.restore(text.strip()).strip())
    row = st.lists(cell, min_size=width, max_size=width).filter(any)
    return list(NAMES[:width]), draw(st.lists(row, min_size=1, max_size=5))


@settings(deadline=None)
@given(
    tables(),
    st.sampled_from(",;|\t"),
    st.sampled_from(ENCODINGS),
    WAYS,
    st.sampled_from(["\r\n", "\n", "\r"]),
)
def test_what_was_written_is_read(table, delimiter, encoding, quoting, end):
    headings, rows = table
    if end == "\r":  # an old Mac's line ends leave no room for others inside a cell
        rows = [[cell.replace("\n", " ").strip() or "x" for cell in row] for row in rows]
    text = text_of([headings, *rows], delimiter=delimiter, quoting=quoting, end=end)
    body = text.encode(encoding)
    if encoding == "cp1252":
        with contextlib.suppress(UnicodeDecodeError):
            assume(body.decode("utf-8") == text)  # bytes that are good UTF-8 are read as such
    assume(all(sheets.restore(cell) == cell for row in rows for cell in row))
    assert read_back(body) == (tuple(headings), rows)


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.text(alphabet="ab ,;é", max_size=6).map(str.strip), min_size=3, max_size=3).filter(any),
        min_size=1,
        max_size=5,
    )
)
def test_single_quotes_around_every_cell_are_quotes(rows):
    text = text_of([NAMES[:3], *rows], delimiter=",", quoting=csv.QUOTE_ALL, quote="'")
    assert read_back(text.encode()) == (NAMES[:3], rows)


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.text(alphabet=WRITTEN, max_size=12), min_size=2, max_size=2).filter(any),
        min_size=1,
        max_size=6,
    )
)
def test_what_we_write_comes_back_as_it_left(rows):
    rows = [[sheets.restore(cell.strip()).strip() for cell in row] for row in rows]
    assume(
        all(any(row) for row in rows) and all(sheets.restore(cell) == cell for row in rows for cell in row)
    )
    for written in (sheets.write_csv, sheets.write_xlsx):
        found = read_back(written(headers=["one", "two"], lines=rows))
        assert found == (("one", "two"), rows)


def workbook(*sheets_of_rows):
    book = openpyxl.Workbook()
    for number, (name, rows) in enumerate(sheets_of_rows):
        page = book.active if number == 0 else book.create_sheet()
        page.title = name
        for row in rows:
            page.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_worksheet_is_chosen_and_title_lines_are_passed_over():
    body = workbook(
        ("Cover", [["Old system"], ["Printed", date(2026, 3, 4)]]),
        (
            "Patients",
            [["List of patients"], [], ["Last name", "DOB", "Zip"], ["Ames", date(1980, 5, 6), 2101]],
        ),
    )
    sheet = open_sheet(of_bytes(body), worksheet="Patients")
    assert (sheet.worksheets, sheet.heading_row) == (("Cover", "Patients"), 3)
    (row,) = sheet.rows()
    assert (row.number, dict(row.values)) == (4, {"Last name": "Ames", "DOB": "1980-05-06", "Zip": "2101"})
    with pytest.raises(DomainError, match="no worksheet"):
        open_sheet(of_bytes(body), worksheet="Nowhere")


HOSTILE = {
    "formulas": b"a,b\n=1+1,@SUM(A1)\n",
    "a NUL": b"a,b\n1\x002,3\n",
    "half a surrogate": b"\xff\xfea\x00,\x00b\x00\n\x00\x00\xd8,\x001\x00\n\x00",
    "a long cell": b"a,b\n" + b"x" * 100_000 + b",1\n",
    "a cell past all measure": b"a,b\n" + b"x" * 300_000 + b",1\n",
    "an open quote": b'a,b\n1,2\n"3,4\n5,6\n',
    "text behind a quote": b'a,b\n"1"x,2\n',
    "200 columns": b",".join(b"c%d" % n for n in range(200)) + b"\n1\n",
    "201 columns": b",".join(b"c%d" % n for n in range(201)) + b"\n1\n",
    "headings twice": b"a,A,a\n1,2,3\n",
    "no headings": b",,\n1,2,3\n",
    "more cells than headings": b"a,b\n1,2,3,4\n",
    "fewer cells": b"a,b,c\n1\n",
    "what could not be computed": b"a,b\n#REF!,1\n",
    "nothing": b"",
    "blank lines": b"\n\n\n",
    "only headings": b"a,b\n",
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500,
    "a PDF": b"%PDF-1.7\n",
    "packed": b"\x1f\x8b\x08\x00",
}


def looked_at(body):
    """The sheet and its rows, or the sentence that refuses it; any other exception fails the test."""
    try:
        sheet = open_sheet(of_bytes(body))
        rows = list(sheet.rows())
        profile_of(sheet)
    except DomainError as refused:
        return refused.message
    return sheet, rows


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_sheets_give_words(what):
    found = looked_at(HOSTILE[what])
    if isinstance(found, str):
        assert len(found) > 15
        assert "Error" not in found
        return
    sheet, rows = found
    assert len(set(sheet.headings)) == len(sheet.headings)
    assert all("\x00" not in text for row in rows for text in row.values.values())


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(body):
    for start in (b"", b"PK\x03\x04", b"a,b\n", b"\xff\xfe"):
        assert looked_at(start + body)


def row_of(body):
    return next(iter(open_sheet(of_bytes(body)).rows()))


def test_a_row_says_what_is_wrong_with_it():
    assert "NUL" not in row_of(HOSTILE["a NUL"]).problem
    assert row_of(HOSTILE["a NUL"]).problem == "has signs under “a” that are no text"
    assert row_of(HOSTILE["half a surrogate"]).problem == "has signs under “a” that are no text"
    assert "more than 32,767" in row_of(HOSTILE["a long cell"]).problem
    assert row_of(HOSTILE["more cells than headings"]).problem == "has more cells than there are headings"
    assert "#REF! under “a”" in row_of(HOSTILE["what could not be computed"]).problem
    assert row_of(b"a,b,c\n1\n").problem == ""


def test_broken_quotes_and_endless_cells_are_named_by_their_row():
    for what, words in (
        ("an open quote", "Row 3 opens a quotation mark"),
        ("text behind a quote", "Row 2 has text right behind"),
        ("a cell past all measure", "Row 2 has a cell of more than"),
    ):
        with pytest.raises(DomainError, match=words):
            list(open_sheet(of_bytes(HOSTILE[what])).rows())


def test_headings_are_told_apart():
    sheet = open_sheet(of_bytes(HOSTILE["headings twice"]))
    assert sheet.headings == ("a", "A (2)", "a (3)")
    assert any("more than once" in note for note in sheet.notes)
