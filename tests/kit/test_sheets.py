"""Sheets out: nothing runs, numbers stay numbers. Sheets in: every mistake has a place."""

import contextlib
import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import sheet_reader, sheets
from kit.errors import DomainError
from kit.forms import Form
from tests.kit.toyapp import holes

PAYLOADS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "x;=1",
    "x\n+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","y")',
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\t",
    "x;\t=1",
    "a\r\n-1",
    ";@x",
]


def rows_of(body):
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_becomes_a_formula(text):
    for form, cell in (
        ("csv", rows_of(sheets.write_csv(headers=["a"], lines=[[text]]))[1][0]),
        (
            "xlsx",
            openpyxl.load_workbook(io.BytesIO(sheets.write_xlsx(headers=["a"], lines=[[text]]))).active["A2"],
        ),
    ):
        value = cell if form == "csv" else cell.value
        assert not value.lstrip(" ").startswith(tuple("=+-@\t\r＝＋－＠")), (form, value)
        assert form == "csv" or cell.data_type == "s"


@given(st.text(alphabet="=+-@;\t\r\n ab'", max_size=12))
def test_no_part_of_any_text_starts_a_formula(text):
    for part in sheets.neutralise(text).replace("\r", "\n").replace(";", "\n").split("\n"):
        assert not part.lstrip(" \t").startswith(tuple("=+-@"))


def test_numbers_dates_and_blanks_keep_their_kind():
    line = [Decimal("-45.10"), date(2026, 3, 4), datetime(2026, 3, 4, 19, 10, tzinfo=UTC), True, None, 7]
    assert rows_of(sheets.write_csv(headers=list("abcdef"), lines=[line]))[1] == [
        "-45.10",
        "2026-03-04",
        "2026-03-04T19:10:00+00:00",
        "Yes",
        "",
        "7",
    ]
    row = openpyxl.load_workbook(io.BytesIO(sheets.write_xlsx(headers=list("abcdef"), lines=[line]))).active[
        2
    ]
    assert [cell.value for cell in row] == [
        -45.1,
        datetime(2026, 3, 4),
        datetime(2026, 3, 4, 14, 10),
        "Yes",
        None,
        7,
    ]


def test_a_list_leaves_as_it_is_listed_with_every_column(owner, make):
    make(name="=Red", price=Decimal("1.50")), make(name="Blue"), make(name="Theirs", practice="south")
    answer = owner.at("toys/export/csv/", sort="-name", view="all")
    found = rows_of(answer.content)
    assert found[0][:3] == ["Name", "State", "Maker"]
    assert len(found[0]) == 8
    assert [row[0] for row in found[1:]] == ["Blue", "'=Red"]
    assert found[2][6] == "1.50"
    assert "attachment" in answer["Content-Disposition"]
    assert holes.READS[-1][2] == "exported"


def test_more_rows_than_one_answer_holds_ask_for_a_narrower_list(owner, make, monkeypatch):
    monkeypatch.setattr("kit.views.exports.EXPORT_ROWS", 2)
    make(3)
    answer = owner.at("toys/export/xlsx/")
    assert answer.status_code == 422
    assert "Narrow the list" in answer.content.decode()
    assert holes.READS == []


def upload(text, *, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_rows_are_numbered_as_the_spreadsheet_shows_them(mark):
    lines = sheet_reader.read(upload(f"Name{mark}Price\r\n\r\nRed {mark}1\nBlue\n"))
    assert [(line.number, dict(line.values)) for line in lines] == [
        (3, {"Name": "Red", "Price": "1"}),
        (4, {"Name": "Blue", "Price": ""}),
    ]


def test_what_excel_writes_is_read():
    assert sheet_reader.read(upload("Name\nJosé\n", encoding="cp1252"))[0].values["Name"] == "José"
    body = sheets.write_xlsx(headers=["Name", "Day", "n"], lines=[["José", date(2026, 3, 4), 12]])
    assert dict(sheet_reader.read(io.BytesIO(body))[0].values) == {
        "Name": "José",
        "Day": "2026-03-04",
        "n": "12",
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n",
        b"a,,b\n1,2,3\n",
        b"a,A\n1,2\n",
        b"PK\x03\x04rubbish",
        b"\x00\x01\x02",
        b'a\n"1',
        b",".join(b"c%d" % n for n in range(201)) + b"\n1",
    ],
)
def test_a_file_that_is_no_sheet_is_refused_with_a_reason(body):
    with pytest.raises(DomainError):
        sheet_reader.read(io.BytesIO(body))


def test_a_sheet_past_its_limits_is_refused():
    two = sheet_reader.Limits(rows=2)
    assert len(sheet_reader.read(upload("a\n1\n2\n"), limits=two)) == 2
    with pytest.raises(DomainError, match="at most 2 rows"):
        sheet_reader.read(upload("a\n1\n2\n3\n"), limits=two)
    packed = sheets.write_xlsx(headers=["a"], lines=[["1"]])
    with pytest.raises(DomainError, match="too much"):
        sheet_reader.read(io.BytesIO(packed), limits=sheet_reader.Limits(unpacked=10))


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(body):
    for start in (b"", b"PK", b"a,b\n"):
        with contextlib.suppress(DomainError):
            sheet_reader.read(io.BytesIO(start + body))


def test_a_form_judges_a_row_and_names_every_bad_field():
    from django import forms

    class Row(Form):
        name = forms.CharField(max_length=5)
        born = forms.DateField()

    good = {"name": "Ann", "born": "03/04/2026"}
    assert sheet_reader.judge(good, form=Row, actor=None) == ({"name": "Ann", "born": date(2026, 3, 4)}, {})
    values, wrong = sheet_reader.judge({"name": "Too long", "born": "soon"}, form=Row, actor=None)
    assert (values, sorted(wrong)) == ({}, ["born", "name"])
