"""Deadlines: worked examples, and what must hold for every start, length, calendar and zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from practice.rules import deadlines
from practice.rules.deadlines import Calendar, Length, OfficeHours, Roll
from practice.rules.units import Unit
from practice.services.deadlines import federal

shared = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine is shared
FEDERAL = Calendar(rules=federal())
OFFICE = OfficeHours()
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Phoenix",  # Arizona keeps one time all year
        "America/Los_Angeles",
        "Pacific/Honolulu",
    )
]
days = st.dates(date(1990, 1, 1), date(2080, 12, 31))
lengths = st.integers(0, 400)
# Own closed days, and holidays worked, so many days from the start: anywhere else they would not matter.
offsets = st.frozensets(st.integers(-60, 60), max_size=9)


def calendar_around(start, *, closed, opened):
    return Calendar(
        rules=federal(),
        closed={start + timedelta(days=each): "Closed" for each in closed - opened},
        opened=frozenset(start + timedelta(days=each) for each in opened),
    )


moments = st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


def business(amount):
    return Length(amount=amount, unit=Unit.BUSINESS_DAYS)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        (date(2026, 3, 4), 3, date(2026, 3, 9)),  # Wednesday: Thursday, Friday, Monday
        (date(2026, 3, 6), 3, date(2026, 3, 11)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # from a Saturday
        (date(2026, 3, 8), 5, date(2026, 3, 13)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # New Year's Day and a weekend
        (date(2026, 7, 2), 1, date(2026, 7, 6)),  # July 4 is kept on Friday the 3rd
    ],
)
def test_business_days_skip_weekends_and_holidays(start, amount, due):
    assert deadlines.due_day(start, length=business(amount), calendar=FEDERAL).day == due


@pytest.mark.parametrize(
    ("start", "length", "given", "due"),
    [
        (date(2024, 1, 31), Length(amount=1, unit=Unit.MONTHS), {}, date(2024, 2, 29)),  # a leap year
        (date(2023, 1, 31), Length(amount=1, unit=Unit.MONTHS), {}, date(2023, 2, 28)),
        (date(2024, 2, 29), Length(amount=1, unit=Unit.YEARS), {}, date(2025, 2, 28)),
        (date(2024, 2, 29), Length(amount=4, unit=Unit.YEARS), {}, date(2028, 2, 29)),
        (date(2026, 3, 31), Length(amount=1, unit=Unit.MONTHS), {"before": True}, date(2026, 2, 28)),
        (date(2026, 1, 15), Length(amount=1, unit=Unit.MONTHS), {"month_end": True}, date(2026, 2, 28)),
        (date(2024, 2, 1), Length(amount=60), {}, date(2024, 4, 1)),
        (date(2026, 3, 1), Length(amount=30), {"count_start": True}, date(2026, 3, 30)),
        (date(2026, 6, 4), Length(amount=30), {"roll": Roll.FORWARD}, date(2026, 7, 6)),  # July 4, a Saturday
        (date(2026, 6, 4), Length(amount=30), {"roll": Roll.BACK}, date(2026, 7, 2)),
        (date(2026, 3, 9), business(5), {"count_start": True}, date(2026, 3, 13)),
        (date(2026, 3, 9), business(5), {"before": True}, date(2026, 3, 2)),
    ],
)
def test_worked_examples(start, length, given, due):
    assert deadlines.due_day(start, length=length, calendar=FEDERAL, **given).day == due


def test_each_skipped_day_is_named():
    found = deadlines.due_day(date(2026, 11, 25), length=business(1), calendar=FEDERAL)
    assert [(each.day.day, each.why) for each in found.skipped] == [(26, "Thanksgiving Day")]
    rolled = deadlines.due_day(
        date(2026, 6, 4), length=Length(amount=30), calendar=FEDERAL, roll=Roll.FORWARD
    )
    assert (rolled.rolled_from, [each.why for each in rolled.skipped]) == (
        date(2026, 7, 4),
        ["Independence Day", "Sunday"],
    )


def test_a_length_that_no_day_is_counted_by_is_refused():
    for bad in (Length(amount=-1), Length(amount=99_999), Length(amount=1, unit=Unit.HOURS)):
        with pytest.raises(ValueError, match=r"Enter 0|not counted"):
            deadlines.due_day(date(2026, 1, 1), length=bad, calendar=FEDERAL)


@shared
@given(start=days, amount=lengths, closed=offsets, opened=offsets)
def test_business_days_never_land_on_a_closed_day_and_count_back_to_the_start(start, amount, closed, opened):
    calendar = calendar_around(start, closed=closed, opened=opened)
    forth = deadlines.due_day(start, length=business(amount), calendar=calendar)
    assert amount == 0 or not calendar.why_closed(forth.day)
    assert (forth.day - start).days == amount + len(forth.skipped)
    if not calendar.why_closed(start):
        back = deadlines.due_day(forth.day, length=business(amount), calendar=calendar, before=True)
        assert back.day == start


@shared
@given(
    start=days, amount=lengths, more=st.integers(0, 40), closed=offsets, opened=offsets,
    unit=st.sampled_from([Unit.DAYS, Unit.BUSINESS_DAYS, Unit.MONTHS]), roll=st.sampled_from(list(Roll)),
)  # fmt: skip
def test_later_starts_and_longer_lengths_are_never_due_earlier(
    start, amount, more, closed, opened, unit, roll
):
    calendar = calendar_around(start, closed=closed, opened=opened)

    def due(begin, long):
        return deadlines.due_day(
            begin, length=Length(amount=long, unit=unit), calendar=calendar, roll=roll
        ).day

    assert due(start, amount) <= due(start, amount + more)
    assert due(start, amount) <= due(start + timedelta(days=more), amount)
    assert roll == Roll.STAY or not calendar.why_closed(due(start, amount))


@shared
@given(start=moments, hours=st.integers(0, 200), zone=st.sampled_from(ZONES))
def test_running_hours_are_elapsed_time_in_every_zone(start, hours, zone):
    due = deadlines.after(start.astimezone(zone), length=timedelta(hours=hours))
    assert due - start == timedelta(hours=hours)
    assert deadlines.after(due, length=timedelta(hours=hours), before=True) == start


def test_the_short_and_the_long_night_move_the_wall_clock():
    eastern, arizona, hawaii = ZONES[0], ZONES[3], ZONES[5]

    def at_noon(zone, month, day):
        noon = datetime(2026, month, day, 12, tzinfo=zone)
        return deadlines.after(noon, length=timedelta(hours=24)).astimezone(zone).hour

    assert [at_noon(zone, 3, 7) for zone in (eastern, arizona, hawaii)] == [13, 12, 12]  # clocks go forward
    assert [at_noon(zone, 10, 31) for zone in (eastern, arizona, hawaii)] == [11, 12, 12]  # and back


@shared
@given(
    start=moments,
    hours=st.integers(1, 80),
    more=st.integers(0, 20),
    zone=st.sampled_from(ZONES),
    closed=offsets,
)
def test_business_hours_end_while_the_office_is_open_and_never_run_backwards(
    start, hours, more, zone, closed
):
    calendar = calendar_around(start.date(), closed=closed, opened=frozenset())

    def due(length):
        return deadlines.business_hours_after(
            start, length=timedelta(hours=length), zone=zone, calendar=calendar, office=OFFICE
        )

    local = due(hours).astimezone(zone)
    assert not calendar.why_closed(local.date())
    assert OFFICE.opens < local.time() <= OFFICE.closes
    assert start < due(hours) <= due(hours + more)


def test_business_hours_wait_for_the_next_morning():
    zone = ZONES[0]
    friday = datetime(2026, 3, 6, 16, tzinfo=zone)
    due = deadlines.business_hours_after(
        friday, length=timedelta(hours=4), zone=zone, calendar=FEDERAL, office=OFFICE
    )
    assert due.astimezone(zone) == datetime(2026, 3, 9, 11, tzinfo=zone)
