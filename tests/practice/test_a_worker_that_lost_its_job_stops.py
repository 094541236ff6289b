"""A worker that was away for longer than its lease: it stops at its next step and overwrites nobody's outcome."""

from urllib.parse import unquote, urlsplit

import psycopg2
import pytest
from django.conf import settings

from practice import jobs
from practice.models import JobRun, SequenceCounter
from practice.worker import Heartbeat, run
from tests.cast import actor_named, in_practice, owner_cursor

pytestmark = pytest.mark.django_db(transaction=True)


def taken_over():
    """What the sweeper and another worker do meanwhile."""
    with owner_cursor() as cursor:
        cursor.execute("UPDATE practice_jobrun SET attempts = attempts + 1, progress_note = 'the other one'")


@jobs.kind("test.overtaken", label="Being overtaken")
def overtaken(job):
    with job.step():
        SequenceCounter.objects.create(practice_id=job.practice_id, name="before")
    taken_over()
    if job.key == "between steps":
        with job.step():
            SequenceCounter.objects.create(practice_id=job.practice_id, name="after")
    return {"outcome": "of the first"}


def jobs_password():
    return unquote(urlsplit(settings.DATABASE_JOBS_URL).password)


def ran(key):
    actor = actor_named("manager")
    with in_practice(actor):
        job = jobs.enqueue("test.overtaken", actor=actor, key=key)
    run(job_id=job.pk, practice_id=actor.practice_id)
    with in_practice(actor):
        names = set(
            SequenceCounter.objects.filter(name__in=["before", "after"]).values_list("name", flat=True)
        )
        return JobRun.objects.get(pk=job.pk), names


def test_its_next_step_writes_nothing():
    job, names = ran("between steps")
    assert names == {"before"}
    assert (job.state, job.attempts, job.progress_note, job.result) == ("running", 2, "the other one", {})


def test_its_outcome_is_not_written_over_the_other_ones():
    job, _ = ran("at the end")
    assert (job.state, job.attempts, job.result, job.finished_at) == ("running", 2, {}, None)


def test_a_heartbeat_whose_connection_was_cut_connects_again():
    actor = actor_named("manager")
    with in_practice(actor):
        job = jobs.enqueue("test.overtaken", actor=actor, key="cut")
        JobRun.objects.filter(pk=job.pk).update(state="running")
    with Heartbeat(job_id=job.pk) as heartbeat:
        heartbeat.report(1, 3, "")
        # Only its own account (or a superuser) may end a connection.
        with (
            psycopg2.connect(heartbeat.connection.dsn, password=jobs_password()) as raw,
            raw.cursor() as cursor,
        ):
            cursor.execute("SELECT pg_terminate_backend(%s)", [heartbeat.connection.info.backend_pid])
        raw.close()
        heartbeat.report(2, 3, "lost with its connection")
        heartbeat.report(3, 3, "")
    with in_practice(actor):
        assert JobRun.objects.get(pk=job.pk).progress_done == 3


def test_a_job_of_milliseconds_opens_no_second_connection():
    with Heartbeat(job_id=actor_named("manager").id) as heartbeat:
        assert heartbeat.connection is None
        heartbeat.report(1, 2, "")
        assert heartbeat.connection is not None
    assert heartbeat.connection is None
