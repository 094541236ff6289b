"""Jobs: queued in the caller's transaction, once per key, leased, retried, swept."""

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction

from kit.pdf import PdfUnavailable
from practice import jobs
from practice.models import JobRun
from practice.relay import dispatch_due, relay_once
from practice.worker import run, run_waiting
from tests.cast import actor_named, in_practice, owner_cursor

RAN = []


@jobs.kind("test.count", label="Counting")
def count(job):
    with job.step():
        RAN.append(job.key)
    job.progress(1, total=2, note="half")
    return {"counted": 1}


@jobs.kind("test.break", label="Breaking")
def break_down(job):
    if job.key == "never":
        raise jobs.NotAgain("The file is gone.")
    if job.key == "no pango":
        raise PdfUnavailable("PDF needs Pango.")
    raise ValueError("Maria Lopez, 01/02/1980")


@pytest.fixture(autouse=True)
def _empty():
    RAN.clear()


def relay_connection():
    url = settings.DATABASE_RELAY_URL.rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    raw = psycopg2.connect(url)
    raw.autocommit = True
    return raw


def queued(name, key):
    actor = actor_named("manager")
    with in_practice(actor):
        return jobs.enqueue(name, actor=actor, key=key), actor


def state_of(job, actor):
    with in_practice(actor):
        return JobRun.objects.get(pk=job.pk)


@pytest.mark.django_db
def test_a_job_is_queued_with_the_callers_transaction_or_not_at_all():
    actor = actor_named("manager")
    with in_practice(actor):
        with transaction.atomic():
            jobs.enqueue("test.count", actor=actor, key="lost")
            transaction.set_rollback(True)
        assert not JobRun.objects.exists()


@pytest.mark.django_db
def test_the_same_key_twice_is_one_job():
    first, _actor = queued("test.count", "once")
    second, _ = queued("test.count", "once")
    assert first.pk == second.pk


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_a_job_once_and_keeps_its_result():
    job, actor = queued("test.count", "a")
    assert run_waiting(practice_id=actor.practice_id) == 1
    run(job_id=job.pk, practice_id=actor.practice_id)  # delivered twice
    assert RAN == ["a"]
    done = state_of(job, actor)
    assert (done.state, done.result, done.attempts) == ("done", {"counted": 1}, 1)


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_tried_again_later_and_tells_no_personal_data():
    job, actor = queued("test.break", "again")
    run_waiting(practice_id=actor.practice_id)
    row = state_of(job, actor)
    assert row.state == "queued"
    assert row.run_after > row.created_at
    assert "Maria" not in row.error
    assert "ValueError" in row.error


@pytest.mark.parametrize(("key", "said"), [("never", "The file is gone."), ("no pango", "PDF needs Pango.")])
@pytest.mark.django_db(transaction=True)
def test_what_trying_again_cannot_mend_fails_at_once_in_plain_words(key, said):
    job, actor = queued("test.break", key)
    run_waiting(practice_id=actor.practice_id)
    row = state_of(job, actor)
    assert (row.state, row.error, row.attempts) == ("failed", said, 1)


@pytest.mark.django_db(transaction=True)
def test_two_relays_hand_each_job_out_once():
    for number in range(30):
        queued("test.count", str(number))
    sent = []
    first, second = relay_connection(), relay_connection()
    try:
        for connection_ in (first, second, first, second):
            relay_once(connection_, deliver=lambda practice, job: sent.append(job))
    finally:
        first.close()
        second.close()
    assert len(sent) == len(set(sent)) == 30


@pytest.mark.django_db(transaction=True)
def test_an_expired_lease_goes_back_into_the_queue():
    job, _actor = queued("test.count", "stuck")
    with owner_cursor() as cursor:
        cursor.execute(
            "UPDATE practice_jobrun SET state = 'running', attempts = 1, lease_until = now() - interval '1 second'"
        )
    raw, sent = relay_connection(), []
    try:
        relay_once(raw, deliver=lambda practice, job_id: sent.append(job_id))
    finally:
        raw.close()
    assert sent == [str(job.pk)]


@pytest.mark.django_db(transaction=True)
def test_the_relay_role_can_read_no_table():
    raw = relay_connection()
    try:
        for table in ("practice_jobrun", "patients_patient", "practice_user"):
            with raw.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(f"SELECT * FROM {table}")
    finally:
        raw.close()


@pytest.mark.django_db(transaction=True)
def test_the_night_is_dispatched_once_per_practice_and_local_day(monkeypatch):
    actor = actor_named("manager")
    with owner_cursor() as cursor:
        cursor.execute("UPDATE practice_practiceprofile SET night_hour = 0")
    monkeypatch.setitem(
        jobs.KINDS, "test.night", jobs.Kind(name="test.night", run=count, label="", every="night")
    )
    assert dispatch_due() >= 2
    assert dispatch_due() == 0
    with in_practice(actor):
        assert JobRun.objects.filter(kind="test.night").count() == 1
