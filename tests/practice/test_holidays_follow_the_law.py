"""Federal holidays by rule (5 USC 6103), against years as the government printed them."""

from datetime import date

import pytest

from practice.rules.holidays import kept_on, nth_weekday, of_year
from practice.services.deadlines import federal

PRINTED = {
    2021: ["01-01", "01-18", "02-15", "05-31", "06-18", "07-05", "09-06", "10-11", "11-11", "11-25", "12-24", "12-31"],
    2024: ["01-01", "01-15", "02-19", "05-27", "06-19", "07-04", "09-02", "10-14", "11-11", "11-28", "12-25"],
    2026: ["01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25"],
    2027: ["01-01", "01-18", "02-15", "05-31", "06-18", "07-05", "09-06", "10-11", "11-11", "11-25", "12-24", "12-31"],
}  # fmt: skip


@pytest.mark.parametrize("year", PRINTED)
def test_the_weekdays_off_are_those_the_government_printed(year):
    off = [day for day in of_year(federal(), year=year) if day.weekday() < 5]
    assert [f"{day:%m-%d}" for day in off] == PRINTED[year]


def test_juneteenth_is_a_holiday_from_2021_on():
    assert date(2020, 6, 19) not in of_year(federal(), year=2020)
    assert "Juneteenth" in of_year(federal(), year=2021)[date(2021, 6, 18)]


def test_veterans_day_was_in_october_for_seven_years():
    assert "Veterans Day" in of_year(federal(), year=1975)[date(1975, 10, 27)]
    assert "Veterans Day" in of_year(federal(), year=1978)[date(1978, 11, 10)]


def test_every_holiday_names_its_law():
    assert all("5 USC 6103" in rule.citation for rule in federal())
    assert len({rule.name for rule in federal()}) == 11


def test_a_weekday_is_found_from_both_ends_of_a_month():
    assert nth_weekday(2026, month=5, weekday=0, week=-1) == date(2026, 5, 25)
    assert nth_weekday(2026, month=12, weekday=3, week=-1) == date(2026, 12, 31)
    assert kept_on(date(2026, 7, 4)) == date(2026, 7, 3)
