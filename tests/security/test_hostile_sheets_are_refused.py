"""What is uploaded as a sheet is read within bounds, or refused in words; what we write never runs."""

import csv
import io
import time
import tracemalloc
import zipfile

import openpyxl
import pytest

from kit.errors import DomainError
from kit.sheet_reader import BYTES, read
from kit.sheets import write_csv, write_xlsx

PAYLOADS = (
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "x;=1+1",
    "x\n=1+1", "x\r\n+1", "x\t@A1", '"=1+1"', "＝1+1", "＋1", "－1", "＠A1", "%0A=1+1", "=HYPERLINK(\"http://x\",\"y\")",
    ";=1", "-2+3+cmd|' /C calc'!A0",
)  # fmt: skip
STARTS = "=+-@\t\r＝＋－＠"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_we_write_is_a_formula(payload):
    content = write_csv(headers=[payload], lines=[[payload]]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(content, newline="")):
        for part in (
            piece for cell in row for piece in cell.replace("\r", "\n").replace(";", "\n").split("\n")
        ):
            assert not part.lstrip(" ").startswith(tuple(STARTS)), content
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(headers=[payload], lines=[[payload]])))
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "inlineStr", "n")
            assert not str(cell.value or "").startswith(tuple(STARTS))
            assert cell.hyperlink is None


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def rebuilt(content, changes):
    """The same archive with some parts replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, changes.get(entry.filename, old.read(entry)))
    return made.getvalue()


GOOD = workbook([["account", "amount"], ["4000", "10"]])
SHEET = "xl/worksheets/sheet1.xml"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + b"ha" * 5000
    + b'"><!ENTITY b "'
    + b"&a;" * 500
    + b'">]>'
)
BODY = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row></sheetData></worksheet>'  # noqa: E501
HOSTILE = {
    "an outside entity": rebuilt(GOOD, {SHEET: DOCTYPE + BODY % b"&e;"}),
    "a billion laughs": rebuilt(GOOD, {SHEET: LAUGHS + BODY % b"&b;"}),
    "a bomb": rebuilt(GOOD, {SHEET: b" " * 120_000_000}),
    "not XML": rebuilt(GOOD, {SHEET: b"\xff\xfe\x00garbage"}),
    "no sheet": rebuilt(GOOD, {"xl/workbook.xml": b"<workbook/>"}),
    "cut off": GOOD[:-60],
    "too many columns": workbook([[f"c{n}" for n in range(900)]]),
    "a header twice": workbook([["a", "A"], ["1", "2"]]),
    "a NUL": b"a,b\n1,\x002\n",
    "no header": b"\n\n\n",
    "too many rows": b"a\n" + b"1\n" * 10_050,
    "an open quote": b'a,b\n"1,2\n3,4\n',
    "one endless line": b"a," * 2_000_000,
    "too large": b"a\n" + b"x" * BYTES,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_in_words_and_within_bounds(what):
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(DomainError) as refused:
        read(io.BytesIO(HOSTILE[what]))
    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(str(refused.value.message)) > 15
    assert "root:" not in str(refused.value.message)
    assert peak < 200_000_000
    assert took < 20  # traced, on a busy machine; untraced well under a second


def test_odd_encodings_are_read_as_excel_writes_them():
    assert read(io.BytesIO("name\nJosé\n".encode("cp1252")))[0].values == {"name": "José"}
    assert read(io.BytesIO("name\nJosé\n".encode("utf-8-sig")))[0].values == {"name": "José"}
