"""Beat by each practice's own night: once per local date, whatever the clocks and the outages do."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from practice import jobs
from practice.models import JobRun
from practice.relay import dispatch_due, relay_once
from tests.cast import actor_named, in_practice, owner_cursor
from tests.practice.test_work_in_the_background_is_a_row import relay_connection

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT, EACH, MONTH = "test.night", "test.each", "test.month"


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Three kinds of periodic work and no others, at 2 AM of New York, in a quiet October."""
    own = {
        NIGHT: jobs.Kind(name=NIGHT, run=lambda job: None, label="Latest only", every="night"),
        EACH: jobs.Kind(name=EACH, run=lambda job: None, label="Each", every="night", each_missed=True),
        MONTH: jobs.Kind(name=MONTH, run=lambda job: None, label="Months", every="month", each_missed=True),
    }
    for name in list(jobs.KINDS):
        monkeypatch.delitem(jobs.KINDS, name)
    for name, kind in own.items():
        monkeypatch.setitem(jobs.KINDS, name, kind)
    monkeypatch.setattr("practice.relay.load_handlers", lambda: None)
    with owner_cursor() as cursor:
        cursor.execute("UPDATE practice_practiceprofile SET night_hour = 2, timezone = 'America/New_York'")


def new_york(day, hour, minute=0, *, fold=0):
    month, number = day
    return datetime(2026, month, number, hour, minute, fold=fold, tzinfo=ZoneInfo("America/New_York"))


def keys(kind, *, of="manager"):
    with in_practice(actor_named(of)):
        return list(
            JobRun.objects.filter(kind=kind).order_by("run_after", "created_at").values_list("key", flat=True)
        )


def test_nothing_is_due_before_the_night_hour():
    dispatch_due(at=new_york((10, 5), 1, 59))
    assert keys(NIGHT) == []
    dispatch_due(at=new_york((10, 5), 2, 0))
    assert keys(NIGHT) == ["2026-10-05"]


def test_each_practice_has_its_own_night():
    with owner_cursor() as cursor:
        cursor.execute(
            "UPDATE practice_practiceprofile SET timezone = 'Pacific/Honolulu' WHERE practice_id = "
            "(SELECT id FROM practice_practice WHERE slug = 'summit')"
        )
    dispatch_due(at=new_york((10, 5), 3))
    assert (keys(NIGHT), keys(NIGHT, of="stranger")) == (["2026-10-05"], ["2026-10-04"])


def test_the_night_that_has_no_two_oclock_is_not_skipped_and_the_one_with_two_ones_is_not_doubled():
    with owner_cursor() as cursor:
        cursor.execute("UPDATE practice_practiceprofile SET night_hour = 2")
    before, after = datetime(2026, 3, 8, 6, 59, tzinfo=UTC), datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    dispatch_due(at=before)  # 1:59 AM EST; one minute later it is 3:00 AM EDT
    dispatch_due(at=after)
    assert keys(NIGHT) == ["2026-03-08"]
    with owner_cursor() as cursor:
        cursor.execute("UPDATE practice_practiceprofile SET night_hour = 1")
    for fold in (0, 1):
        dispatch_due(at=new_york((11, 1), 1, 30, fold=fold))
    assert keys(NIGHT).count("2026-11-01") == 1


def test_three_days_down_are_caught_up_oldest_first_where_each_night_counts():
    dispatch_due(at=new_york((10, 5), 3))
    dispatch_due(at=new_york((10, 9), 3))
    assert keys(NIGHT) == ["2026-10-05", "2026-10-09"]
    assert keys(EACH) == [f"2026-10-0{day}" for day in (5, 6, 7, 8, 9)]
    sent, raw = [], relay_connection()
    try:
        with owner_cursor() as cursor:
            cursor.execute("UPDATE practice_jobrun SET run_after = run_after - interval '1 minute'")
        relay_once(raw, deliver=lambda practice, job: sent.append(job))
    finally:
        raw.close()
    with in_practice(actor_named("manager")):
        told = JobRun.objects.filter(kind=EACH, pk__in=sent).in_bulk()
    assert [told[pk].key for pk in map(type(next(iter(told))), sent) if pk in told] == keys(EACH)


def test_a_year_off_is_caught_up_for_a_month_of_nights_and_a_year_of_months_at_most():
    dispatch_due(at=new_york((10, 5), 3) - timedelta(days=800))
    dispatch_due(at=new_york((10, 5), 3))
    assert len(keys(EACH)) == 1 + 31
    assert keys(MONTH)[1:] == [f"2025-{month}" for month in (10, 11, 12)] + [
        f"2026-0{m}" for m in range(1, 10)
    ]


def test_a_month_is_due_once_from_its_first_night_on():
    for day in ((10, 1), (10, 2), (10, 31)):
        dispatch_due(at=new_york(day, 3))
    assert keys(MONTH) == ["2026-09"]


def test_two_beats_at_once_queue_each_period_once():
    gate, made = threading.Barrier(4), []

    def beat():
        gate.wait()
        made.extend([dispatch_due(at=new_york((10, day), 3)) for day in range(1, 11)])
        connection.close()

    threads = [threading.Thread(target=beat) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 40
    assert keys(NIGHT) == [f"2026-10-{day:02}" for day in range(1, 11)]
    with owner_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM practice_jobrun")
        assert cursor.fetchone()[0] == sum(made) == 2 * (10 + 10 + 1)
