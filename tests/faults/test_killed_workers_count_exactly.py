"""Real workers, killed with their whole group at random moments: every count is exact and work soon goes on."""

import random
import threading
import time

import pytest

from practice import jobs
from practice.actor import system_actor
from practice.models import JobRun, Practice
from practice.transactions import acting_in
from tests.cast import owner_cursor
from tests.faults import tally  # noqa: F401  registers the counting job
from tests.faults.amounts import amount
from tests.faults.product import product, wait_until

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
KILLS = amount(4, 200)
SLUGS = ("harbor", "summit")
LEASE = 2
STEPS = amount(100, 300)
SENT = 60  # seconds a job stays with a worker that was given it and died before it began (take_jobs)
STARTING = 30  # seconds in which two workers start and begin, on a busy machine


class Counting:
    """Each practice counts, job after job; looks at how far it is and how long nothing moved."""

    def __init__(self):
        self.actors = {}
        for slug in SLUGS:
            practice = Practice.objects.get(slug=slug)
            self.actors[slug] = system_actor(practice_id=practice.id)
        self.queued = dict.fromkeys(SLUGS, 0)
        self.moved = dict.fromkeys(SLUGS, time.monotonic())
        self.seen = dict.fromkeys(SLUGS, 0)
        self.longest = 0.0

    def queue(self, slug):
        """One more counting job of a practice; killed too often is what this test is about, not a reason to fail."""
        actor, number = self.actors[slug], self.queued[slug]
        with acting_in(actor.practice_id, actor=actor):
            job = jobs.enqueue(
                "test.tally", actor=actor, key=f"count-{number}", args={"steps": STEPS, "pause": 0.004}
            )
            JobRun.objects.filter(pk=job.pk).update(max_attempts=30_000)
        self.queued[slug] += 1

    def look(self, *, more):
        """Note what moved; queue the next job of a practice whose last one is done, while ``more`` is wanted."""
        for slug, actor in self.actors.items():
            with acting_in(actor.practice_id, actor=actor, read_only=True):
                waiting = JobRun.objects.filter(kind="test.tally").exclude(state="done").count()
                rows = len(self.rows(slug))
            if rows != self.seen[slug]:
                self.longest = max(self.longest, time.monotonic() - self.moved[slug])
                self.moved[slug], self.seen[slug] = time.monotonic(), rows
            if not waiting and more:
                self.queue(slug)
                self.moved[slug] = time.monotonic()

    def rows(self, slug):
        with owner_cursor() as cursor:
            cursor.execute(
                "SELECT c.name, c.last FROM practice_sequencecounter c "
                "JOIN practice_practice p ON p.id = c.practice_id WHERE p.slug = %s AND c.name ~ '^count-[0-9]+/'",
                [slug],
            )
            return cursor.fetchall()

    def finished(self):
        self.look(more=False)
        with owner_cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM practice_jobrun WHERE kind = 'test.tally' AND state <> 'done'"
            )
            return cursor.fetchone()[0] == 0


def at_work():
    """Whether a worker is counting."""
    with owner_cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM practice_jobrun WHERE kind = 'test.tally' AND state = 'running')"
        )
        return cursor.fetchone()[0]


def lane(running, *, number, kills, moments):
    """Start a worker, kill its group at a random moment of its life, start the next; the last one lives."""
    rng = random.Random(number)
    for life in range(kills):
        name = f"worker-{number}-{life}"
        process = running.worker(processes=1, name=name)
        wait_until(lambda: "worker is ready" in running.log(name) or process.poll() is not None, seconds=15)  # noqa: B023
        if life == 0:  # however slow the machine is, the first ones die in the middle of work
            wait_until(at_work, seconds=60)
            time.sleep(rng.uniform(0, 0.2))
        else:
            time.sleep(rng.uniform(0, 1.5))
        running.kill(process)
        moments.append(time.monotonic())
    running.worker(processes=1, name=f"worker-{number}-last")


def test_two_hundred_killed_workers_leave_an_exact_count(evidence):
    counting, moments = Counting(), []
    with product(redis=True, WELLRUN_JOB_LEASE_SECONDS=str(LEASE)) as (running, _):
        running.relay()
        began = time.monotonic()
        lanes = [
            threading.Thread(
                target=lane, args=(running,), kwargs={"number": n, "kills": KILLS // 2, "moments": moments}
            )
            for n in (1, 2)
        ]
        for each in lanes:
            each.start()
        while any(each.is_alive() for each in lanes):
            counting.look(more=True)
            time.sleep(0.2)
        for each in lanes:
            each.join()
        assert wait_until(counting.finished, seconds=120, pause=0.2), running.log("relay")
        seconds = time.monotonic() - began
    with owner_cursor() as cursor:
        cursor.execute("SELECT sum(attempts - 1) FROM practice_jobrun WHERE kind = 'test.tally'")
        interrupted = int(cursor.fetchone()[0])
    for slug in SLUGS:
        jobs_made = counting.queued[slug]
        expected = {(f"count-{job}/{step}", step) for job in range(jobs_made) for step in range(STEPS)}
        expected |= {(f"count-{job}/total", STEPS) for job in range(jobs_made)}
        assert set(counting.rows(slug)) == expected
        assert len(counting.rows(slug)) == len(expected)
    assert len(moments) == KILLS // 2 * 2
    assert interrupted > 0
    assert counting.longest < LEASE + SENT + STARTING
    evidence(
        kills=len(moments), in_the_middle_of_work=interrupted, jobs=sum(counting.queued.values()),
        rows=sum(counting.queued.values()) * STEPS, exact=True, lease_seconds=LEASE,
        longest_standstill_seconds=round(counting.longest, 1), seconds=round(seconds, 1),
    )  # fmt: skip
