"""SIGKILL while payments are posted and while the night is rolled up: the same totals as undisturbed."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.db.models import Count, Sum

from billing.models import DenialCase, LedgerEntry, OpenItem, Remittance
from billing.services import posting
from practice import jobs
from practice.actor import system_actor
from practice.models import JobRun, Practice
from practice.transactions import acting_in
from practice.worker import run_waiting
from reports.models import KpiDaily
from tests.cast import owner_cursor
from tests.security.two_practices import tell
from tests.tiers import DEEP

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.deep]
ROOT = Path(__file__).resolve().parents[2]
KILLS = 20 if DEEP else 1
POST_ALL = (
    "from billing.models import Remittance\n"
    "from billing.services import posting\n"
    "from practice.actor import system_actor\n"
    "from practice.models import Practice\n"
    "from practice.transactions import acting_in\n"
    "practice = Practice.objects.get(slug='harbor')\n"
    "actor = system_actor(practice_id=practice.id)\n"
    "print('ready', flush=True)\n"
    "with acting_in(practice.id, actor=actor):\n"
    "    waiting = list(Remittance.objects.exclude(state='posted').order_by('id'))\n"
    "for one in waiting:\n"
    "    with acting_in(practice.id, actor=actor):\n"
    "        posting.post(one, actor=actor)\n"
)


def worker(*words):
    """A process of the worker's account on the test database; stops until it says it is ready."""
    parts = urlsplit(os.environ["DATABASE_JOBS_URL"])
    url = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    env = {**os.environ, "WELLRUN_ROLE": "jobs", "DATABASE_JOBS_URL": url}
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def harbor(settings, tmp_path):
    settings.MEDIA_ROOT, settings.OUTGOING, settings.INCOMING = tmp_path / "m", tmp_path / "o", tmp_path / "i"
    tell("harbor", number=1)
    practice = Practice.objects.get(slug="harbor")
    return system_actor(practice_id=practice.id, request_id="kill")


def money(actor):
    """Everything a posting moves, in one value."""
    with acting_in(actor.practice_id, actor=actor):
        entries = (
            LedgerEntry.objects.values("kind").annotate(n=Count("id"), total=Sum("amount")).order_by("kind")
        )
        return (
            list(entries.values_list("kind", "n", "total")),
            OpenItem.objects.aggregate(total=Sum("balance"))["total"],
            DenialCase.objects.count(),
            list(
                Remittance.objects.order_by("trace_number").values_list("trace_number", "state", "unapplied")
            ),
        )


def undo_postings(actor):
    """As the owner, take the practice back to before its payments were posted: the oracle's starting point."""
    with owner_cursor() as cursor:
        for sql in (
            "DELETE FROM billing_denialevent", "DELETE FROM billing_denialcase",
            "DELETE FROM billing_ledgerentry WHERE source_kind = 'remittance' AND reverses_id IS NOT NULL",
            "DELETE FROM billing_ledgerentry WHERE source_kind = 'remittance'",
            "UPDATE billing_remittanceclaim SET posted = false, problem = ''",
            "UPDATE billing_remittance SET state = 'staged', posted_at = NULL, posted_by = '', unapplied = 0 "
            "WHERE state = 'posted'",
            "UPDATE billing_claimline SET paid = 0, allowed = NULL",
            "UPDATE billing_claim SET state = 'submitted', adjudicated_on = NULL, payer_control_number = '' "
            "WHERE state IN ('paid', 'partly_paid', 'denied')",
            "UPDATE billing_openitem o SET balance = coalesce((SELECT sum(l.amount) FROM billing_ledgerentry l "
            "WHERE l.charge_id = o.charge_id AND l.payer_id IS NOT DISTINCT FROM o.payer_id), 0)",
        ):  # fmt: skip
            cursor.execute(sql)


def post_all(actor):
    with acting_in(actor.practice_id, actor=actor):
        waiting = list(Remittance.objects.exclude(state="posted").order_by("id"))
    for one in waiting:
        with acting_in(actor.practice_id, actor=actor):
            posting.post(one, actor=actor)


def test_posting_killed_at_random_moments_posts_every_cent_once(harbor, evidence):
    undo_postings(harbor)
    post_all(harbor)
    expected = money(harbor)
    undo_postings(harbor)
    assert money(harbor) != expected
    alive, rng = 0, random.Random(7)
    for _ in range(KILLS):
        process = worker("shell", "-v", "0", "-c", POST_ALL)
        assert "ready" in process.stdout.readline()
        time.sleep(rng.uniform(0, 0.25))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        alive += process.returncode != -signal.SIGKILL
    last = worker("shell", "-v", "0", "-c", POST_ALL)
    _, err = last.communicate(timeout=120)
    assert last.returncode == 0, err
    assert money(harbor) == expected
    evidence(kills=KILLS, finished_before_the_kill=alive, totals_equal=True)


def figures(actor):
    with acting_in(actor.practice_id, actor=actor):
        rows = KpiDaily.objects.order_by("kpi", "day", "location_id")
        return list(rows.values_list("kpi", "day", "location_id", "numerator", "denominator"))


def expire_leases():
    with owner_cursor() as cursor:
        cursor.execute(
            "UPDATE practice_jobrun SET lease_until = now() - interval '1 second' WHERE state = 'running'"
        )
        cursor.execute("SELECT sweep_jobs()")


def test_the_rollup_killed_at_random_moments_ends_with_the_same_figures(harbor, evidence):
    with acting_in(harbor.practice_id, actor=harbor):
        jobs.enqueue("reports.rollup", actor=harbor, key="whole", args={"all": True})
    run_waiting(practice_id=harbor.practice_id)
    expected = figures(harbor)
    assert len(expected) > 50
    with acting_in(harbor.practice_id, actor=harbor):
        KpiDaily.objects.all().delete()
        job = jobs.enqueue("reports.rollup", actor=harbor, key="killed", args={"all": True})
        JobRun.objects.filter(pk=job.pk).update(max_attempts=KILLS + 5)
    rng = random.Random(11)
    for _ in range(KILLS):
        process = worker("work", "--skip-checks")
        time.sleep(rng.uniform(1.0, 2.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        expire_leases()
    run_waiting(practice_id=harbor.practice_id)
    with acting_in(harbor.practice_id, actor=harbor):
        assert JobRun.objects.get(pk=job.pk).state == "done"
    assert figures(harbor) == expected
    evidence(kills=KILLS, cells=len(expected), equal=True)
