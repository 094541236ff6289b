"""A day's runs are made once, on open days, at local times; what nobody signs is missed and somebody's work."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from kit import clock
from practice.models import ChecklistRun, WorkItem
from practice.rules.deadlines import Calendar
from practice.rules.recurrence import falls_on, moment
from practice.services import checklist_runs, checklist_starters, checklists, holidays
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
        first = checklist_runs.make_day(actor=actor)
        assert first >= 1
        assert checklist_runs.make_day(actor=actor) == 0
        due = dict(ChecklistRun.objects.filter(template=template).values_list("location_id", "due_at"))
        assert due[east.pk].astimezone(UTC).hour == 13
        assert due[west.pk].astimezone(UTC).hour == 16


def test_a_location_that_is_closed_that_day_gets_none(acting):
    with acting("owner") as actor, clock.at(datetime(2026, 11, 24, 7, tzinfo=UTC)):
        shut, open_ = make_site(actor), make_site(actor)
        holidays.add(actor=actor, day=date(2026, 11, 24), name="Floor", status="closed", location=shut)
        template = make_template(actor)
        checklist_runs.make_day(actor=actor)
        sites = set(ChecklistRun.objects.filter(template=template).values_list("location_id", flat=True))
        assert open_.pk in sites
        assert shut.pk not in sites


def test_what_nobody_signed_is_missed_once_and_on_the_list_of_work(acting):
    with acting("owner") as actor:
        site = make_site(actor)
        with clock.at(datetime(2026, 11, 24, 7, tzinfo=UTC)):
            template = make_template(actor, location=site)
            checklist_runs.make_day(actor=actor)
        with clock.at(datetime(2026, 11, 25, 4, 30, tzinfo=UTC)):  # still the 24th there
            assert checklist_runs.mark_missed(actor=actor) == 0
        with clock.at(datetime(2026, 11, 25, 7, tzinfo=UTC)):
            assert checklist_runs.mark_missed(actor=actor) == 1
            assert checklist_runs.mark_missed(actor=actor) == 0
        run = ChecklistRun.objects.get(template=template)
        assert run.state == "missed"
        item = WorkItem.objects.get(kind="practice.checklist_missed")
        assert (item.ref.record_id, item.location_id) == (run.pk, site.pk)


def test_ours_are_offered_paused_and_once(acting):
    with acting("owner") as actor:
        assert checklist_starters.install(actor=actor) == 5
        assert checklist_starters.install(actor=actor) == 0
        assert checklist_runs.make_day(actor=actor) == 0
