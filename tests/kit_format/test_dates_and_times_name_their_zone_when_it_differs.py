"""Filters of {% load kit_format %} for days and moments."""

from datetime import UTC, date, datetime

from django.template import Context, Template
from django.utils import timezone

MOMENT = datetime(2026, 3, 4, 19, 10, tzinfo=UTC)


def shown(expression: str, value: object) -> str:
    with timezone.override("America/New_York"):
        return Template("{% load kit_format %}{{ " + expression + " }}").render(Context({"v": value}))


def test_a_day_is_month_first_with_a_machine_readable_twin() -> None:
    assert shown("v|usdate", date(2026, 3, 4)) == '<time datetime="2026-03-04">03/04/2026</time>'


def test_a_moment_after_midnight_utc_belongs_to_the_local_day() -> None:
    assert (
        shown("v|usdate", datetime(2026, 3, 5, 3, 0, tzinfo=UTC))
        == '<time datetime="2026-03-04">03/04/2026</time>'
    )
    assert shown("v|isodate", datetime(2026, 3, 5, 3, 0, tzinfo=UTC)) == "2026-03-04"


def test_prose_spells_the_month() -> None:
    assert shown("v|longdate", date(2026, 3, 4)) == '<time datetime="2026-03-04">March 4, 2026</time>'


def test_a_missing_day_has_no_iso_form() -> None:
    assert shown("v|isodate", None) == ""


def test_a_time_is_twelve_hours_in_the_zone_of_the_location() -> None:
    assert ">2:10 PM</time>" in shown("v|ustime", MOMENT)
    assert ">12:05 AM</time>" in shown("v|ustime", datetime(2026, 3, 4, 5, 5, tzinfo=UTC))
    assert ">12:00 PM</time>" in shown("v|ustime", datetime(2026, 3, 4, 17, 0, tzinfo=UTC))


def test_another_zone_is_named() -> None:
    assert ">1:10 PM CST</time>" in shown('v|ustime:"America/Chicago"', MOMENT)


def test_the_same_zone_is_not_named() -> None:
    assert ">2:10 PM</time>" in shown('v|ustime:"America/Toronto"', MOMENT)


def test_day_and_time_stand_together() -> None:
    html = shown("v|usdatetime", MOMENT)
    assert html == '<time datetime="2026-03-04T19:10:00+00:00">03/04/2026 2:10 PM</time>'


def test_a_moment_without_a_zone_is_shown_as_it_is() -> None:
    assert ">9:00 AM</time>" in shown("v|ustime", datetime(2026, 3, 4, 9, 0))
