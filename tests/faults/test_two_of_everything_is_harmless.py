"""Two relays and two beats at once: each job has its effect once, each night of each practice comes once."""

import time

import pytest

from practice.models import Practice
from practice.services.tenants import open_practice
from tests.cast import owner_cursor
from tests.faults import tally  # noqa: F401  registers the jobs
from tests.faults.amounts import amount
from tests.faults.product import product, wait_until

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
JOBS = amount(150, 20_000)
PRACTICES = 5


def ask(sql, *values):
    with owner_cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def queue(count):
    """Jobs of every practice in turn, as one transaction each would have queued them."""
    with owner_cursor() as cursor:
        cursor.execute(
            "INSERT INTO practice_jobrun (practice_id, kind, key, args, state, attempts, max_attempts, "
            "progress_done, progress_total, progress_note, error, result, request_id) "
            "SELECT p.id, 'test.note', n::text, '{}', 'queued', 0, 5, 0, 0, '', '', '{}', 'load' "
            "FROM generate_series(1, %s) n JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, "
            "count(*) OVER () AS all_of_them FROM practice_practice) p ON n %% p.all_of_them = p.place",
            [count],
        )


def undone():
    return ask("SELECT count(*) FROM practice_jobrun WHERE kind = 'test.note' AND state <> 'done'")[0][0]


def nights_wait():
    return ask("SELECT count(*) FROM practice_jobrun WHERE kind = 'test.night' AND state <> 'done'")[0][0]


def test_each_job_has_its_effect_once_and_each_night_comes_once(evidence):
    for number in range(PRACTICES - Practice.objects.count()):
        open_practice(slug=f"more-{number}", name=f"More {number}", furnished=False)
    with owner_cursor() as cursor:
        cursor.execute("UPDATE practice_practiceprofile SET night_hour = 0")
    queue(JOBS)
    with product(redis=True, WELLRUN_BEAT_SECONDS="1") as (running, _):
        for number in (1, 2):
            running.beat(number=number)
            running.relay()
        running.worker(processes=2)
        began = time.monotonic()
        assert wait_until(lambda: undone() == 0, seconds=600, pause=0.5), running.log("worker")
        seconds = time.monotonic() - began
        ticks = 2 if JOBS < 1000 else 10
        assert wait_until(
            lambda: running.whole_log("worker").count("nights dispatched") >= 2 * ticks, seconds=60
        )
        assert wait_until(lambda: nights_wait() == 0, seconds=120, pause=0.5), running.log("worker")
        redelivered = running.whole_log("worker").count("taken over")
    rows = ask("SELECT count(*), count(DISTINCT (practice_id, name)) FROM practice_sequencecounter "
               "WHERE name ~ '^note [0-9]+$'")  # fmt: skip
    assert rows == [(JOBS, JOBS)]
    tried = ask("SELECT min(attempts), max(attempts), count(*) FROM practice_jobrun WHERE kind = 'test.note'")
    assert tried == [(1, 1, JOBS)]
    nights = ask("SELECT practice_id, key FROM practice_jobrun WHERE kind = 'test.night' ORDER BY 1, 2")
    effects = ask("SELECT practice_id, substr(name, 7) FROM practice_sequencecounter "
                  "WHERE name ~ '^night ' ORDER BY 1, 2")  # fmt: skip
    assert nights == effects
    assert len({practice for practice, _ in nights}) == PRACTICES
    assert len(nights) == len(set(nights))
    evidence(
        jobs=JOBS, practices=PRACTICES, relays=2, beats=2, effects=rows[0][0], most_attempts=tried[0][1],
        taken_over=redelivered, nights=len(nights), seconds=round(seconds, 1),
        jobs_per_second=round(JOBS / seconds, 1),
    )  # fmt: skip
