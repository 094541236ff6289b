"""The clock of the business can be held still; it never loses its zone."""

import threading
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from kit import clock

LATE = datetime(2026, 3, 9, 3, 30, tzinfo=UTC)


def test_a_held_clock_stands_still_and_then_runs_on():
    with clock.at(LATE):
        assert clock.now() == LATE
    assert clock.now() > LATE


def test_today_is_the_day_of_the_location():
    with clock.at(LATE):
        assert clock.today(ZoneInfo("America/New_York")) == date(2026, 3, 8)
        assert clock.today(UTC) == date(2026, 3, 9)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2026, 3, 9)):
        pass


def test_other_threads_keep_their_own_time():
    seen = []
    with clock.at(LATE):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] > LATE
