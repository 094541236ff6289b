"""The pure rules: what a field of a foreign row means."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from interop.rules import codes, values
from kit.sheet_reader import BadField, Row, checksum


def row(**cells):
    return Row(number=2, values=cells)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2023-01-27T16:17:47Z", "America/New_York", date(2023, 1, 27)),
        ("2023-01-27T04:59:59Z", "America/New_York", date(2023, 1, 26)),
        ("2023-01-27T05:00:00Z", "America/New_York", date(2023, 1, 27)),
        ("2023-07-01T04:00:00Z", "America/New_York", date(2023, 7, 1)),
        ("2023-07-01T03:59:59Z", "America/New_York", date(2023, 6, 30)),
        ("2023-01-27T09:59:59Z", "Pacific/Honolulu", date(2023, 1, 26)),
    ],
)
def test_a_moment_belongs_to_the_day_of_its_site(moment, zone, day):
    assert values.local_day(values.moment(row(AT=moment), "AT"), zone=ZoneInfo(zone)) == day


def test_a_moment_without_zone_is_utc():
    assert values.moment(row(AT="2023-01-27T16:17:47"), "AT") == datetime(2023, 1, 27, 16, 17, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "2023-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:00:00Z"]
)
def test_a_bad_moment_names_its_field(text):
    with pytest.raises(BadField) as told:
        values.moment(row(AT=text), "AT")
    assert told.value.field == "AT"


@pytest.mark.parametrize(
    "text", ["1980-2-3", "02/03/1980", "1980-02-30", "19800203", "1980-W05-1", "0980-02-03"]
)
def test_a_bad_day_is_refused(text):
    with pytest.raises(BadField):
        values.day(row(ON=text), "ON")


@pytest.mark.parametrize(
    ("text", "dollars"), [("77.49", "77.49"), ("0", "0"), ("129.160", "129.16"), ("1e2", "100")]
)
def test_amounts_are_whole_cents(text, dollars):
    assert values.amount(row(PAID=text), "PAID") == Decimal(dollars)


def test_an_empty_amount_is_none_and_may_be_required():
    assert values.amount(row(PAID=" "), "PAID") is None
    with pytest.raises(BadField, match="is missing"):
        values.required_amount(row(PAID=""), "PAID")


@pytest.mark.parametrize(
    "text", ["x", "-1", "NaN", "Infinity", "0.001", "99999999999.00", "1,000.00", "1e999999"]
)
def test_a_bad_amount_is_refused(text):
    with pytest.raises(BadField):
        values.amount(row(PAID=text), "PAID")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Víctor493 Noriega353", ("Víctor493", "Noriega353")),
        ("María José Gil12", ("María", "José Gil12")),
        ("Cher7", ("", "Cher7")),
        ("  Ann1  Ames2 ", ("Ann1", "Ames2")),
    ],
)
def test_names_keep_their_digits(name, parts):
    assert values.split_name(name) == parts


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("185345009", "snomed"),
        ("5880005", "snomed"),
        ("73761001", "snomed"),
        ("454711000124102", "snomed"),
        ("185345008", "other"),
        ("314076", "rxnorm"),
        ("857005", "rxnorm"),
        ("1367439", "rxnorm"),
        ("140", "cvx"),
        ("08", "cvx"),
        ("G0439", "cpt"),
        ("D9999X", "other"),
    ],
)
def test_a_code_tells_its_system(code, system):
    assert codes.code_system(code) == system


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("NO_INSURANCE", ("self_pay", "09")),
        ("Medicare", ("medicare", "MB")),
        ("Dual Eligible", ("medicare", "MB")),
        ("Medicaid", ("medicaid", "MC")),
        ("Blue Cross Blue Shield", ("commercial", "BL")),
        ("Humana", ("commercial", "CI")),
    ],
)
def test_a_payer_tells_its_kind(name, told):
    assert codes.payer_kind(name) == told


def test_states_and_zones():
    assert [codes.state_code(name) for name in ("Massachusetts", "ma", "", "Bavaria")] == [
        "MA",
        "MA",
        "",
        None,
    ]
    assert codes.zone_name("MA", default="x") == "America/New_York"
    assert codes.zone_name("AZ", default="x") == "America/Phoenix"
    assert codes.zone_name("", default="America/Chicago") == "America/Chicago"


@pytest.mark.parametrize(
    ("previous", "day", "new"),
    [
        (None, date(2023, 5, 1), True),
        (date(2020, 4, 30), date(2023, 5, 1), True),
        (date(2020, 5, 1), date(2023, 5, 1), False),
        (date(2021, 2, 27), date(2024, 2, 29), True),
        (date(2021, 2, 28), date(2024, 2, 29), False),
    ],
)
def test_a_new_patient_was_not_seen_for_three_years(previous, day, new):
    assert codes.is_new_patient(previous, day=day) is new


def test_a_changed_row_has_another_checksum():
    assert checksum(row(A="1", B="2")) == checksum(row(B="2", A="1"))
    assert checksum(row(A="1", B="2")) != checksum(row(A="12", B=""))
