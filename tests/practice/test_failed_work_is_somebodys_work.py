"""A job that fails for good is on the managers' list in plain words; stopping workers give their jobs back."""

import pytest

from practice import jobs, stopping
from practice.models import JobRun, WorkItem
from practice.worker import run, run_waiting
from tests.cast import actor_named, in_practice, owner_cursor

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = []


@jobs.kind("test.steps", label="Three steps")
def three_steps(job):
    for number in range(3):
        with job.step():
            STEPS.append(number)
        if job.args.get("stop_after") == number:
            stopping.ask()


@jobs.kind("test.always_breaks", label="Breaking always")
def always_breaks(job):
    raise ZeroDivisionError("Maria Lopez, 01/02/1980")


@pytest.fixture(autouse=True)
def _fresh():
    STEPS.clear()
    yield
    stopping.forget()


def queue(name, **args):
    actor = actor_named("manager")
    with in_practice(actor):
        return jobs.enqueue(name, actor=actor, key="k", args=args), actor


def now_due():
    with owner_cursor() as cursor:
        cursor.execute("UPDATE practice_jobrun SET run_after = now() - interval '1 second'")


def look(job, actor):
    with in_practice(actor):
        items = list(WorkItem.objects.filter(ref__record_id=job.pk).values_list("title", "state"))
        return JobRun.objects.get(pk=job.pk), items


def fail_for_good(job, actor):
    for _ in range(job.max_attempts):
        now_due()
        run_waiting(practice_id=actor.practice_id)


def test_the_last_failure_opens_a_work_item_and_says_what_to_do(manager):
    job, actor = queue("test.always_breaks")
    run_waiting(practice_id=actor.practice_id)
    row, items = look(job, actor)
    assert (row.state, items) == ("queued", [])
    assert "tried again by itself" in row.error
    fail_for_good(job, actor)
    row, items = look(job, actor)
    assert (row.state, row.attempts, items) == ("failed", 5, [("Failed: Breaking always", "open")])
    assert "ZeroDivisionError" in row.error
    assert "Run it again" in row.error
    assert "Maria" not in row.error
    assert f"/jobs/{job.pk}/" in manager.at("work/").content.decode()


def test_running_it_again_takes_it_off_the_list():
    job, actor = queue("test.always_breaks")
    fail_for_good(job, actor)
    with in_practice(actor):
        jobs.again(job, actor=actor)
    row, items = look(job, actor)
    assert (row.state, row.attempts, items) == ("queued", 0, [("Failed: Breaking always", "done")])


def test_work_that_ends_its_workers_is_not_started_any_more():
    job, actor = queue("test.steps")
    with owner_cursor() as cursor:
        cursor.execute("UPDATE practice_jobrun SET attempts = max_attempts, state = 'running', "
                       "lease_until = now() - interval '1 second'")  # fmt: skip
        cursor.execute("SELECT sweep_jobs()")
    run_waiting(practice_id=actor.practice_id)
    row, items = look(job, actor)
    assert STEPS == []
    assert (row.state, len(items)) == ("failed", 1)
    assert "again and again" in row.error


def test_a_stopping_worker_gives_its_job_back_without_an_attempt():
    job, actor = queue("test.steps", stop_after=0)
    run(job_id=job.pk, practice_id=actor.practice_id)
    row, _ = look(job, actor)
    assert STEPS == [0]
    assert (row.state, row.attempts, row.lease_until, row.error) == ("queued", 0, None, "")
    stopping.forget()
    with in_practice(actor):
        JobRun.objects.filter(pk=job.pk).update(args={})
    run_waiting(practice_id=actor.practice_id)
    assert look(job, actor)[0].state == "done"
    assert STEPS == [0, 0, 1, 2]
