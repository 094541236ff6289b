"""Headings find their fields, values tell what a column is, dates are read in the form they are written in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.sheet_reader import guess, normalised, open_sheet, profile_of, read_date
from kit.sheet_reader.dates import NoDate
from kit.sheet_reader.tables import of_bytes
from kit.sheet_target import SheetField

FIELDS = (
    SheetField(name="birth_date", label="Birth date", synonyms=("dob", "date of birth"), kind="past_date"),
    SheetField(name="last_name", label="Last name", synonyms=("last", "surname")),
    SheetField(name="phone", label="Phone", synonyms=("telephone", "cell phone")),
    SheetField(name="m02", label="February", pattern=r"feb.*|(\d{4}-)?0?2|0?2/\d{4}"),
    SheetField(
        name="sex",
        label="Sex",
        kind="choice",
        choices=(("F", "Female", ("f", "woman")), ("M", "Male", ("m",))),
    ),
)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("DOB", "birth_date"), ("Date of Birth", "birth_date"), ("birth_date", "birth_date"),
        ("BirthDate", "birth_date"), ("Patient's Date-of-Birth:", "birth_date"), ("SURNAME", "last_name"),
        ("Patient Last Name", "last_name"), ("Cell Phone", "phone"), ("Feb", "m02"), ("2026-02", "m02"),
        ("02/2026", "m02"), ("Subscriber DOB", None), ("Favourite colour", None), ("", None),
    ],
)  # fmt: skip
def test_a_heading_finds_its_field(heading, name):
    assert guess([heading], fields=FIELDS).get(heading) == name


def test_each_field_is_found_once_and_the_exact_words_win():
    assert guess(["Patient DOB", "DOB", "Surname", "Last"], fields=FIELDS) == {
        "DOB": "birth_date",
        "Surname": "last_name",
    }


@given(st.text(max_size=40))
def test_any_heading_is_normalised_without_harm(heading):
    assert normalised(normalised(heading)) == normalised(heading)


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("03/04/2026", "mdy", date(2026, 3, 4)), ("04/03/2026", "dmy", date(2026, 3, 4)),
        ("2026-03-04", "mdy", date(2026, 3, 4)), ("20260304", "ymd", date(2026, 3, 4)),
        ("46085", "serial", date(2026, 3, 4)), ("4-Mar-2026", "mdy", date(2026, 3, 4)),
        ("March 4, 2026", "dmy", date(2026, 3, 4)), ("03/04/26 12:00 AM", "mdy", date(2026, 3, 4)),
        ("03/04/45", "mdy", date(1945, 3, 4)), ("2026-03-04T10:00:00Z", "iso", date(2026, 3, 4)),
        ("02/29/2024", "mdy", date(2024, 2, 29)),
    ],
)  # fmt: skip
def test_a_date_is_read_in_its_form(text, form, day):
    assert read_date(text, form=form, latest=date(2026, 11, 30)) == day


@pytest.mark.parametrize("text", ["", "soon", "02/30/2026", "13/13/2026", "2026-02-29", "9" * 40, "0/0/0"])
@pytest.mark.parametrize("form", ["mdy", "dmy", "iso", "ymd", "serial"])
def test_what_is_no_date_is_none(text, form):
    with pytest.raises(NoDate):
        read_date(text, form=form)


@given(st.dates(min_value=date(1903, 1, 1), max_value=date(2090, 1, 1)))
def test_every_day_survives_every_form(day):
    serial = str((day - date(1899, 12, 30)).days)
    for text, form in (
        (f"{day:%m/%d/%Y}", "mdy"), (f"{day:%d.%m.%Y}", "dmy"), (day.isoformat(), "dmy"),
        (f"{day:%Y%m%d}", "ymd"), (serial, "serial"), (f"{day:%d %B %Y}", "mdy"),
    ):  # fmt: skip
        assert read_date(text, form=form) == day


def column(heading, *values):
    body = "\n".join([f"{heading}|n", *(f"{value}|x" for value in values)])
    return profile_of(open_sheet(of_bytes(body.encode()), heading_row=1))[0]


@pytest.mark.parametrize(
    ("heading", "values", "looks", "form"),
    [
        ("DOB", ("03/25/1980", "04/03/1975"), "date", "mdy"),
        ("DOB", ("25/03/1980", "04/03/1975"), "date", "dmy"),
        ("DOB", ("1980-03-25", "1975-04-03"), "date", "iso"),
        ("DOB", ("29305", "27487"), "date", "serial"),
        ("Account", ("29305", "27487"), "number", ""),
        ("Started", ("20260304", "20250101"), "number", ""),
        ("Start date", ("20260304", "20250101"), "date", "ymd"),
        ("Amount", ("$1,234.50", "(12.00)", "0.99"), "money", ""),
        ("Tel", ("(914) 555-0100", "914.555.0101", "+1 914 555 0102"), "phone", ""),
        ("NPI", ("1234567893", "1245319599"), "npi", ""),
        ("Mail", ("a@b.example", "c.d@e.example"), "email", ""),
        ("Active", ("Y", "N", "Y"), "yes_no", ""),
        ("Kind", ("PPO", "HMO", "PPO", "PPO", "HMO", "HMO"), "choice", ""),
        ("Name", ("Ann", "Ben", "Cal"), "text", ""),
        ("Gone", ("", ""), "empty", ""),
    ],
)
def test_values_tell_what_a_column_is(heading, values, looks, form):
    found = column(heading, *values)
    assert (found.looks, found.form) == (looks, form)


def test_dates_that_can_be_read_two_ways_are_said():
    found = column("DOB", "03/04/1980", "05/06/1975")
    assert found.form == "mdy"
    assert "03/04/1980 can be read two ways" in found.notes[0]


def test_a_lost_zero_and_a_value_that_does_not_fit_are_said_with_their_rows():
    found = column("ZIP", "10562", "2101", "10566", "10566")
    assert found.looks == "zip"
    assert found.notes == ("1 ZIP code has lost a leading zero, which is put back: 2101 is 02101",)
    odd = column("DOB", *["03/25/1980"] * 10, "soon")
    assert odd.notes[-1] == "Not dates: row 12 “soon”"


def test_a_code_is_known_by_what_others_call_it():
    sex = FIELDS[-1]
    assert [sex.code_of(word) for word in ("F", "female", " Woman ", "m", "xyz")] == ["F", "F", "F", "M", ""]
