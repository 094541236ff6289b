"""The nightly housekeeping: answers, finished work, sessions; what is young or unfinished stays."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from practice import jobs
from practice.models import IdempotencyKey, JobRun
from practice.services import housekeeping
from practice.worker import run_waiting
from tests.cast import actor_named, in_practice, owner_cursor

pytestmark = pytest.mark.django_db(transaction=True)


def aged(table, *, days):
    with owner_cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET created_at = now() - make_interval(hours => %s)", [int(days * 24)]
        )


def test_old_answers_jobs_and_sessions_go_and_the_rest_stays(monkeypatch):
    monkeypatch.setattr(housekeeping, "BATCH", 2)
    owner, stranger = actor_named("owner"), actor_named("stranger")
    for actor in (owner, stranger):
        with in_practice(actor):
            for number in range(5):
                IdempotencyKey.objects.create(
                    practice_id=actor.practice_id, actor="user:1", key=str(number), fingerprint="x"
                )
                JobRun.objects.create(
                    practice_id=actor.practice_id,
                    kind="practice.event",
                    key=str(number),
                    state=["done", "done", "failed", "running", "queued"][number],
                    run_after=timezone.now() + timedelta(days=1),
                    lease_until=timezone.now() + timedelta(days=1),
                )
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(1))
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(1))
    aged("practice_idempotencykey", days=1.1)
    aged("practice_jobrun", days=91)
    with in_practice(owner):
        IdempotencyKey.objects.create(practice_id=owner.practice_id, actor="u", key="young", fingerprint="x")
        jobs.enqueue("practice.housekeeping", actor=owner, key="2026-11-22")
    run_waiting(practice_id=owner.practice_id)
    with in_practice(owner):
        assert [row.key for row in IdempotencyKey.objects.all()] == ["young"]
        left = {(row.key, row.state) for row in JobRun.objects.filter(kind="practice.event")}
        assert left == {("3", "running"), ("4", "queued")}
        job = JobRun.objects.get(kind="practice.housekeeping")
        nothing = dict.fromkeys(("exports", "bulk", "drafts", "sessions", "quarantined"), 0)
        assert job.result == {"answers": 5, "jobs": 3} | nothing
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    with in_practice(stranger):
        assert (IdempotencyKey.objects.count(), JobRun.objects.count()) == (5, 5)


def test_a_practice_cannot_forget_jobs_that_a_monthly_key_still_needs():
    from practice.models import RuleValue

    owner = actor_named("owner")
    with in_practice(owner):
        RuleValue.objects.create(
            practice_id=owner.practice_id,
            code="custody.jobs_keep_days",
            value="1",
            effective_from="2020-01-01",
        )
        JobRun.objects.create(practice_id=owner.practice_id, kind="practice.event", key="k", state="done")
    aged("practice_jobrun", days=61)
    with in_practice(owner):
        assert housekeeping.forget_jobs(actor=owner) == 0
    aged("practice_jobrun", days=63)
    with in_practice(owner):
        assert housekeeping.forget_jobs(actor=owner) == 1
