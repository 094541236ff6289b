"""Redis hangs, then is gone, under load: bookings and log-ins go on; afterwards every job is done once."""

import threading
import time

import pytest

from tests.cast import owner_cursor
from tests.faults import tally  # noqa: F401  registers the jobs
from tests.faults.amounts import amount
from tests.faults.desk import bookings, open_desk
from tests.faults.load import Crew, ask
from tests.faults.product import product, wait_until
from tests.faults.test_two_of_everything_is_harmless import queue

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
SECONDS = amount(8, 300)
HANGS = 2  # so many of them it takes connections and answers nothing
BACKLOG = amount(200, 10_000)
PAUSE = 0.5
# Argon2 and our own limit of log-ins per minute and address: one each three seconds.
LOG_IN_PAUSE = 3.0


class Load:
    """Desks that book, queue jobs and sign in until told to stop; an answer that is not right is kept."""

    def __init__(self, *, address, desk):
        self.address, self.desk, self.over = address, desk, threading.Event()
        self.crews = [Crew(threads=3), Crew(threads=1)]
        self.slowest = 0.0

    def __enter__(self):
        self.crews[0].run(self.book, until=self.over, address=self.address)
        self.crews[1].run(self.sign_in, until=self.over)
        return self

    def __exit__(self, *error):
        self.over.set()
        for crew in self.crews:
            crew.join()

    def book(self, number, line):
        began = time.monotonic()
        answer = self.desk.book(self.address, number=number, line=line)
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.crews[0].note("booked", wrong="" if answer.status == 201 else f"{answer.status}: {answer.text}")
        path = f"/p/{self.desk.slug}/api/v1/faults/enqueue/?name=asked-{number}"
        made = ask(self.address, "POST", path, headers=self.desk.headers(), kept=line)
        self.crews[0].note("queued", wrong="" if made.status == 201 else f"{made.status}: {made.text}")
        self.over.wait(PAUSE)

    def sign_in(self, number, line):
        self.crews[1].note("signed in", wrong=self.desk.sign_in(self.address))
        self.over.wait(LOG_IN_PAUSE)


def undone():
    with owner_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM practice_jobrun WHERE kind = 'test.note' AND state <> 'done'")
        return cursor.fetchone()[0]


def test_bookings_and_log_ins_go_on_and_the_backlog_drains(evidence):
    desk = open_desk()
    with product(redis=True) as (running, broker):
        address = running.web()
        running.worker(processes=2)
        running.relay()
        with Load(address=address, desk=desk) as load:
            assert wait_until(lambda: load.crews[0].counts["queued"] > 5, seconds=30)
            broker.freeze()
            load.over.wait(HANGS)
            broker.thaw()
            broker.stop()
            queue(BACKLOG)
            load.over.wait(SECONDS)
            during = undone()
            broker.start()
            back = time.monotonic()
        drained = wait_until(lambda: undone() == 0, seconds=180, pause=0.5)
        seconds = time.monotonic() - back
        assert drained, running.log("relay") + running.log("worker")
    booked, queued, signed_in = (
        load.crews[0].counts["booked"], load.crews[0].counts["queued"], load.crews[1].counts["signed in"]
    )  # fmt: skip
    assert load.crews[0].wrong == load.crews[1].wrong == []
    assert during >= BACKLOG  # the outage was one
    assert signed_in >= SECONDS // 10
    assert bookings() == booked
    with owner_cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT (practice_id, name)) FROM practice_sequencecounter "
                       "WHERE name ~ '^note '")  # fmt: skip
        assert cursor.fetchall() == [(BACKLOG + queued, BACKLOG + queued)]
    assert seconds < 120
    evidence(
        outage_seconds=SECONDS + HANGS, bookings=booked, log_ins=signed_in, failed=0, backlog=during,
        drained_in_seconds=round(seconds, 1), lost=0, doubled=0, slowest_booking_seconds=round(load.slowest, 2),
    )  # fmt: skip
