"""PostgreSQL crashes, ends backends, loses connections at random bytes: clean answers only, and no half of a write."""

import json
import random
import threading
import time
from collections import Counter

import psycopg2
import pytest
from django.db import connection

from billing.models import LedgerEntry, Remittance
from billing.services import adjustment_catalogue, invariants, remittances
from practice.transactions import acting_in
from tests.billing.remittance_text import answer as paid
from tests.billing.remittance_text import line, payment, text
from tests.billing.remittance_world import build
from tests.cast import actor_named, owner_cursor
from tests.faults.amounts import amount
from tests.faults.cluster import own_cluster, restart_at_once
from tests.faults.desk import open_desk
from tests.faults.load import Crew, ask
from tests.faults.product import Product, wait_until
from tests.faults.proxy import CuttingProxy

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
CUTS = amount(12, 430)
KILLED = amount(4, 60)
RESTARTS = amount(1, 10)
PAYMENTS = amount(6, 60)
CALLERS = 8
PATIENCE = 90  # seconds a caller goes on asking for the same thing


class Traffic:
    """Callers who read, book, post payments and write pairs, and repeat a keyed request until it is answered."""

    def __init__(self, *, address, desk, payments):
        self.address, self.desk, self.payments = address, desk, payments
        self.crew, self.over = Crew(threads=CALLERS), threading.Event()
        self.booked, self.pairs, self.named, self.posted = {}, [], [], set()

    def work(self, number, line_):
        kind = ("read", "book", "pair", "name", "post", "read")[number % 6]
        getattr(self, kind)(number, line_)

    def asked(self, what, call, *, again):
        """The first answer that is no 503; None when it may not be asked again. Any other fault is kept."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                got = call()
            except OSError as error:
                self.crew.note("no answer", wrong=f"{what}: no answer, {type(error).__name__} {error}")
                return None
            if got.status < 400:
                self.crew.note(what)
                return got
            if got.status != 503 or not got.headers.get("retry-after", "").isdigit():
                self.crew.note("wrong", wrong=f"{what}: {got.status} {got.text[:300]}")
                return None
            self.crew.note("503")
            if not again:
                return None
            time.sleep(0.05)
        self.crew.note("gave up", wrong=f"{what}: still 503 after {PATIENCE} s")
        return None

    def at(self, path, *, line_, method="GET", key="", body=None):
        path = f"/p/{self.desk.slug}/api/v1/{path}"
        return ask(self.address, method, path, body=body, headers=self.desk.headers(key=key), kept=line_)

    def read(self, number, line_):
        path = ("settings/locations/", "appointments/", "remittances/")[number % 3]
        self.asked("read", lambda: self.at(path, line_=line_), again=True)

    def book(self, number, line_):
        body = self.desk.wish(number)
        got = self.asked(
            "book", lambda: self.desk.book(self.address, number=number, line=line_, body=body), again=True
        )
        if got is not None:
            self.booked[number] = got.json()["id"]

    def pair(self, number, line_):
        """Two rows without a key: told 503 it may have happened, but never half."""
        path = f"faults/pair/?name=pair-{number}"
        if self.asked("pair", lambda: self.at(path, line_=line_, method="POST"), again=False):
            self.pairs.append(f"pair-{number}")

    def name(self, number, line_):
        body = {"name": f"Cut {number}", "timezone": "America/New_York", "place_of_service": "11"}
        call = lambda: self.at("settings/locations/", line_=line_, method="POST", key=f"n{number}", body=body)  # noqa: E731
        if self.asked("name", call, again=True):
            self.named.append(f"Cut {number}")

    def post(self, number, line_):
        pk = self.payments[number // 6 % len(self.payments)]
        path, key = f"remittances/{pk}/post/", f"post-{number}"
        got = self.asked("post", lambda: self.at(path, line_=line_, method="POST", key=key), again=True)
        if got is not None:
            self.posted.add(pk)


def payments_to_post():
    """PAYMENTS received payments of one claim each; returns their ids."""
    actor = actor_named("biller")
    with acting_in(actor.practice_id, actor=actor):
        adjustment_catalogue.install(actor=actor)
        world = build(actor)
        for number in range(PAYMENTS):
            claim = world.claim("150.00", "20.00")
            said = paid(
                claim,
                line("99211", "150.00", "90.00", "CO-45 40.00", "PR-3 20.00"),
                line("99212", "20.00", "0.00", "CO-97 20.00"),
                number=f"P{number}",
            )
            remittances.receive(
                text(payment(said, trace=f"T{number}"), number=number + 1), name=f"{number}.835", actor=actor
            )
        return [str(pk) for pk in Remittance.objects.values_list("pk", flat=True)]


def cut(proxy, *, until):
    proxy.cutting = True
    assert wait_until(lambda: proxy.cuts >= CUTS or until.is_set(), seconds=600)
    proxy.cutting = False


def end_backends(url):
    """End one of the web server's backends after the other, whatever it is doing."""
    raw = psycopg2.connect(url, application_name="assassin")
    raw.autocommit = True
    ended, until = 0, time.monotonic() + 120
    with raw.cursor() as cursor:
        while ended < KILLED and time.monotonic() < until:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'wellrun_app' "
                "AND application_name = 'wellrun-app' ORDER BY (state = 'idle'), random() LIMIT 1"
            )
            ended += len(cursor.fetchall())
            time.sleep(random.uniform(0.02, 0.3))
    raw.close()
    return ended


def recovered(traffic):
    """Seconds until a new caller's read is answered again."""
    began = time.monotonic()
    assert wait_until(lambda: traffic.at("appointments/", line_=None).status == 200, seconds=30, pause=0.02)
    return time.monotonic() - began


def rows(sql, *values):
    with owner_cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def nothing_is_half(traffic):
    """Every accepted request has its whole effect once, every other one all of it or nothing."""
    found = {str(pk) for (pk,) in rows("SELECT id FROM scheduling_appointment WHERE created_via = 'api'")}
    assert found == set(traffic.booked.values())
    assert len(found) == len(traffic.booked)
    halves = Counter(
        name.rpartition("-")[0]
        for (name,) in rows("SELECT name FROM practice_sequencecounter WHERE name ~ '^pair-'")
    )
    assert set(halves.values()) <= {2}
    assert set(traffic.pairs) <= set(halves)
    sites = Counter(
        name for (name,) in rows("SELECT name FROM practice_location WHERE name ~ '^Cut [0-9]+$'")
    )
    assert {name: sites[name] for name in traffic.named} == dict.fromkeys(traffic.named, 1)
    unfinished = rows("SELECT count(*) FROM practice_idempotencykey WHERE status IS NULL")
    assert unfinished == [(0,)]
    actor = actor_named("biller")
    with acting_in(actor.practice_id, actor=actor):
        assert invariants.check(actor=actor).findings == ()
        posted = LedgerEntry.objects.filter(kind="insurance_payment").values_list("amount", flat=True)
        assert sorted(map(str, posted)) == ["-90.00"] * len(traffic.posted)
        assert Remittance.objects.filter(state="posted").count() == len(traffic.posted)


def test_only_clean_answers_and_whole_writes(evidence):
    with own_cluster() as (services, addresses):
        desk, payments = open_desk(providers=6), payments_to_post()
        port = int(addresses["DATABASE_APP_URL"].rpartition(":")[2].partition("/")[0])
        with CuttingProxy(target_port=port) as proxy:
            through = {name: url.replace(f":{port}/", f":{proxy.port}/") for name, url in addresses.items()}
            running = Product(folder=services.state.root, addresses=through)
            try:
                traffic = Traffic(address=running.web(), desk=desk, payments=payments)
                figures = broken(traffic, proxy=proxy, services=services, url=addresses["DATABASE_APP_URL"])
            finally:
                running.stop()
        assert traffic.crew.wrong == [], json.dumps(traffic.crew.counts)
        connection.close()  # this process's own one died in the restarts, too
        nothing_is_half(traffic)
    counts = traffic.crew.counts
    assert all(counts[what] > 0 for what in ("read", "book", "pair", "name", "post", "503"))
    assert max(figures["recovery_seconds"]) < 5, figures
    evidence(
        **figures, answers=dict(counts), other_answers=0, half_writes=0, invariants="every sum comes out"
    )


def broken(traffic, *, proxy, services, url):
    """Break PostgreSQL in three ways under the traffic; returns the figures."""
    began, times = time.monotonic(), []
    traffic.crew.run(traffic.work, until=traffic.over, address=traffic.address)
    try:
        cut(proxy, until=traffic.over)
        times.append(recovered(traffic))
        ended = end_backends(url)
        times.append(recovered(traffic))
        for _ in range(RESTARTS):
            time.sleep(random.uniform(0.5, 2))
            restart_at_once(services)
            times.append(recovered(traffic))
        time.sleep(0.5)
    finally:
        traffic.over.set()
        traffic.crew.join()
    return {
        "cut_at_random_bytes": proxy.cuts,
        "backends_ended": ended,
        "immediate_restarts": RESTARTS,
        "recovery_seconds": [round(one, 2) for one in times],
        "seconds": round(time.monotonic() - began, 1),
    }
