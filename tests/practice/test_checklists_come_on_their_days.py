"""A day's runs are made once, on open days, at local times; what nobody signs is missed and somebody's work."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis.strategies import dates, integers, sets

from kit import clock
from practice.models import ChecklistRun, WorkItem
from practice.rules.deadlines import Calendar
from practice.rules.recurrence import falls_on, moment
from practice.services import checklist_days, checklist_starters, checklists, holidays
from practice.services.deadlines import federal
from tests.practice.checklist_samples import make_site, make_template

pytestmark = pytest.mark.django_db
CALENDAR = Calendar(rules=federal())


def test_a_daily_one_rests_on_weekends_and_holidays():
    days = [date(2026, 11, day) for day in range(23, 31)]  # Thanksgiving is the 26th
    due = [day.day for day in days if falls_on(day, recurrence="daily", calendar=CALENDAR)]
    assert due == [23, 24, 25, 27, 30]


def test_a_weekly_or_monthly_one_moves_from_a_closed_day_to_the_next_open_one():
    weekly = [day for day in range(1, 31) if falls_on(
        date(2026, 11, day), recurrence="weekly", calendar=CALENDAR, weekday=3)]  # fmt: skip
    assert weekly == [5, 12, 19, 27]
    monthly = [day for day in range(1, 31) if falls_on(
        date(2026, 11, day), recurrence="monthly", calendar=CALENDAR, month_day=1)]  # fmt: skip
    assert monthly == [2]


def test_one_for_closed_days_too_keeps_its_day():
    def falls(day, **values):
        return falls_on(date(2026, 11, day), calendar=CALENDAR, closed_days=True, **values)

    assert [day for day in range(23, 31) if falls(day, recurrence="daily")] == list(range(23, 31))
    assert [day for day in range(1, 31) if falls(day, recurrence="weekly", weekday=3)] == [5, 12, 19, 26]
    assert [day for day in range(1, 31) if falls(day, recurrence="monthly", month_day=1)] == [1]


@given(
    start=dates(min_value=date(2026, 1, 1), max_value=date(2030, 1, 1)),
    weekday=integers(0, 6),
    shut=sets(integers(0, 27), max_size=12),
)
def test_every_open_week_has_its_weekly_one_and_no_week_has_it_twice(start, weekday, shut):
    closed = {start + timedelta(days=each): "Shut" for each in shut}
    calendar = Calendar(rules=federal(), closed=closed)
    days = [start + timedelta(days=each) for each in range(35)]
    due = [day for day in days if falls_on(day, recurrence="weekly", calendar=calendar, weekday=weekday)]
    assert all(not calendar.why_closed(day) for day in due)
    for day in days[:28]:
        if day.weekday() == weekday:
            opens = next(
                each for each in (day + timedelta(days=n) for n in range(60)) if not calendar.why_closed(each)
            )
            assert opens in due or opens > days[-1]
    assert len(due) == len(set(due)) <= 5 + 1


def test_one_done_once_keeps_its_day_even_when_closed():
    assert falls_on(date(2026, 11, 29), recurrence="once", calendar=CALENDAR, once_on=date(2026, 11, 29))
    assert not falls_on(date(2026, 11, 30), recurrence="once", calendar=CALENDAR, once_on=date(2026, 11, 29))


def test_due_times_follow_the_clock_on_the_wall_over_the_change_of_time():
    zone = ZoneInfo("America/New_York")
    before, after = (moment(date(2026, 3, day), at=time(8), zone=zone).astimezone(UTC) for day in (7, 8))
    assert (before.hour, after.hour) == (13, 12)


def test_a_day_is_made_once_for_every_location_in_its_zone(acting):
    with acting("owner") as actor, clock.at(datetime(2026, 11, 24, 16, tzinfo=UTC)):
        east, west = make_site(actor), make_site(actor, timezone="America/Los_Angeles")
        template = make_template(actor, started=False)
        checklists.start(template, actor=actor)  # 8:00 has passed in the east, in the west it is 8:00 exactly
        first = checklist_days.make_day(actor=actor)
        assert first >= 1
        assert checklist_days.make_day(actor=actor) == 0
        due = dict(ChecklistRun.objects.filter(template=template).values_list("location_id", "due_at"))
        assert due[east.pk].astimezone(UTC).hour == 13
        assert due[west.pk].astimezone(UTC).hour == 16


def test_a_location_that_is_closed_that_day_gets_none(acting):
    with acting("owner") as actor, clock.at(datetime(2026, 11, 24, 7, tzinfo=UTC)):
        shut, open_ = make_site(actor), make_site(actor)
        holidays.add(actor=actor, day=date(2026, 11, 24), name="Floor", status="closed", location=shut)
        template = make_template(actor)
        checklist_days.make_day(actor=actor)
        sites = set(ChecklistRun.objects.filter(template=template).values_list("location_id", flat=True))
        assert open_.pk in sites
        assert shut.pk not in sites


def test_what_nobody_signed_is_missed_once_and_on_the_list_of_work(acting):
    with acting("owner") as actor:
        site = make_site(actor)
        with clock.at(datetime(2026, 11, 24, 7, tzinfo=UTC)):
            template = make_template(actor, location=site)
            checklist_days.make_day(actor=actor)
        with clock.at(datetime(2026, 11, 25, 4, 30, tzinfo=UTC)):  # still the 24th there
            assert checklist_days.close_day(actor=actor) == 0
        with clock.at(datetime(2026, 11, 25, 7, tzinfo=UTC)):
            assert checklist_days.close_day(actor=actor) == 1
            assert checklist_days.close_day(actor=actor) == 0
        run = ChecklistRun.objects.get(template=template)
        assert run.state == "missed"
        item = WorkItem.objects.get(kind="practice.checklist_overdue")
        assert (item.ref.record_id, item.location_id) == (run.pk, site.pk)


def test_a_day_that_turned_out_closed_is_nobodys_fault(acting):
    with acting("owner") as actor:
        site = make_site(actor)
        with clock.at(datetime(2026, 11, 24, 7, tzinfo=UTC)):
            template = make_template(actor, location=site)
            always = make_template(actor, location=site, closed_days=True)
            checklist_days.make_day(actor=actor)
        with clock.at(datetime(2026, 11, 24, 14, tzinfo=UTC)):
            checklist_days.chase(actor=actor)
            holidays.add(actor=actor, day=date(2026, 11, 24), name="Snow", status="closed", location=site)
        with clock.at(datetime(2026, 11, 25, 7, tzinfo=UTC)):
            assert checklist_days.close_day(actor=actor) == 1
        assert ChecklistRun.objects.get(template=template).state == "closed"
        assert ChecklistRun.objects.get(template=always).state == "missed"
        items = WorkItem.objects.filter(kind="practice.checklist_overdue").values_list("state", "outcome")
        assert sorted(items) == [("done", "The location was closed that day"), ("open", "")]


@pytest.mark.parametrize(
    ("day", "at", "hour"),
    [(date(2026, 3, 8), time(2, 30), 7), (date(2026, 11, 1), time(1, 30), 5)],
    ids=["a skipped hour counts on", "an hour that comes twice is the first"],
)
def test_a_day_of_change_of_time_has_one_run(acting, day, at, hour):
    with acting("owner") as actor:
        site = make_site(actor)
        midnight = datetime.combine(day, time(5), tzinfo=UTC)
        with clock.at(midnight):
            template = make_template(actor, location=site, closed_days=True, due_time=at)
        for later in (0, 4, 20):
            with clock.at(midnight + timedelta(hours=later)):
                checklist_days.make_day(actor=actor)
        run = ChecklistRun.objects.get(template=template)
        assert (run.on, run.due_at.astimezone(UTC).hour) == (day, hour)


def test_ours_are_offered_paused_and_once(acting):
    with acting("owner") as actor:
        assert checklist_starters.install(actor=actor) == 5
        assert checklist_starters.install(actor=actor) == 0
        assert checklist_days.make_day(actor=actor) == 0
