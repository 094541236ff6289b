"""Fifty callers alternate two practices over few connections while requests fail in every way: no wrong row."""

import json
import random
import threading
import time

import psycopg2
import pytest

from practice.actor import system_actor
from practice.models import Location, Practice, Role
from practice.services import people
from practice.transactions import acting_in
from tests.cast import owner_cursor
from tests.faults.amounts import amount
from tests.faults.load import Crew, ask, hang_up
from tests.faults.pgbouncer import POOL, pgbouncer
from tests.faults.product import database_addresses, product

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
CALLERS = 50
REQUESTS = amount(250, 10_000)
SLUGS = ("harbor", "summit")
# What a caller does, and how often. The faults write a row first, so that a rollback has something to undo.
MIX = {"read": 30, "write": 20, "list": 20, "error": 6, "slow": 6, "killed": 6, "wrong": 6, "hang_up": 6}
FAILED = {"error", "slow", "killed", "wrong"}


def two_practices():
    """A token and five sites in each; a site's name says whose it is."""
    tokens, ids = {}, {}
    for slug in SLUGS:
        practice = Practice.objects.get(slug=slug)
        actor = system_actor(practice_id=practice.id)
        with acting_in(practice.id, actor=actor):
            for number in range(5):
                Location.objects.create(practice=practice, name=f"mark-{slug}-{number}")
            _, tokens[slug] = people.issue_token("load", role=Role.objects.get(code="owner"), actor=actor)
        ids[slug] = str(practice.id)
    return tokens, ids


def judge(answer, *, what, slug, ids):
    """A sentence for each way in which an answer is wrong; '' when it is right."""
    other = SLUGS[1 - SLUGS.index(slug)]
    if f"mark-{other}" in answer.text or ids[other] in answer.text:
        return f"{slug} {what}: shows {other}"
    if what in FAILED:
        return "" if answer.status >= 500 else f"{slug} {what}: answered {answer.status}"
    if answer.status not in (200, 201):
        return f"{slug} {what}: answered {answer.status} {answer.text[:200]}"
    if f"mark-{slug}" not in answer.text:
        return f"{slug} {what}: its own rows are missing"
    if what in ("read", "write"):
        body = json.loads(answer.text)
        own = body["setting"] == body["practice"] == ids[slug] and body["practices"] == [ids[slug]]
        return "" if own else f"{slug} {what}: {body}"
    return ""


def path_of(what, *, slug, number):
    if what == "list":
        return f"/p/{slug}/api/v1/settings/locations/"
    fault = "write" if what == "hang_up" else what
    return f"/p/{slug}/api/v1/faults/{fault}/?name={slug}-{what}-{number}"


def storm(address, *, tokens, ids):
    """REQUESTS requests of CALLERS callers; returns the crew with its counts and what went wrong."""
    crew, local = Crew(threads=CALLERS), threading.local()

    def work(number, line):
        rng = getattr(local, "rng", None) or random.Random(threading.get_ident())
        local.rng, slug = rng, SLUGS[number % 2]
        what = rng.choices(list(MIX), weights=list(MIX.values()))[0]
        headers = {"Authorization": f"Bearer {tokens[slug]}"}
        path = path_of(what, slug=slug, number=number)
        method = "GET" if what in ("read", "list") else "POST"
        if what == "hang_up":
            hang_up(address, method, path, headers=headers, after=rng.uniform(0, 0.02))
            return crew.note(what)
        answer = ask(address, method, path, headers=headers, kept=line)
        crew.note(what, wrong=judge(answer, what=what, slug=slug, ids=ids))
        if number % 10 == 0:
            left = ask(address, "GET", "/faults/leftover/", kept=line)
            clean = left.status == 200 and left.json() == {"settings": [""] * 4, "rows": 0}
            crew.note("leftover", wrong="" if clean else f"left over: {left.status} {left.text[:200]}")
        return None

    crew.run(work, total=REQUESTS, address=address)
    return crew


def rows_written():
    """(rows under the other practice's name, rows of failed requests, rows of writes by practice)."""
    with owner_cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE c.name !~ ('^(torn-)?' || p.slug || '-')), "
            "count(*) FILTER (WHERE c.name ~ '^torn-'), count(*) FILTER (WHERE c.name ~ '-write-') "
            "FROM practice_sequencecounter c JOIN practice_practice p ON p.id = c.practice_id "
            "WHERE c.name ~ '-(write|hang_up|error|slow|killed|wrong)-'"
        )
        return cursor.fetchone()


def test_no_request_of_fifty_callers_over_one_pool_meets_another_practices_rows(evidence):
    tokens, ids = two_practices()
    with product() as running:
        began = time.monotonic()
        crew = storm(running.web(), tokens=tokens, ids=ids)
        seconds = time.monotonic() - began
    crossed, torn, written = rows_written()
    assert crew.wrong == []
    assert (crossed, torn, written) == (0, 0, crew.counts["write"])
    assert set(crew.counts) >= FAILED
    evidence(
        callers=CALLERS, requests=REQUESTS, by_kind=dict(crew.counts), wrong_rows=0, seconds=round(seconds, 1)
    )


def raw_look(port, *, crew, until):
    """Through pgbouncer's shared server connections, outside any practice: no setting, no row, ever."""
    url = database_addresses(port=port)["DATABASE_APP_URL"]
    connection = psycopg2.connect(url)
    connection.autocommit = True
    while not until.is_set():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(current_setting('app.practice_id', true), ''), "
                "coalesce(current_setting('app.user_id', true), ''), (SELECT count(*) FROM practice_location)"
            )
            found = cursor.fetchone()
        crew.note("raw", wrong="" if found == ("", "", 0) else f"a server connection remembers {found}")
        until.wait(0.02)
    connection.close()


def every_server_connection_is_clean(port):
    """Hold the whole pool at once, so that each server connection is looked at. Returns their process ids."""
    url, held, seen = database_addresses(port=port)["DATABASE_APP_URL"], [], {}
    for _ in range(POOL):
        connection = psycopg2.connect(url)
        held.append(connection)
        with connection.cursor() as cursor:  # its transaction stays open: the next one gets another server
            cursor.execute(
                "SELECT pg_backend_pid(), coalesce(current_setting('app.practice_id', true), ''), "
                "(SELECT count(*) FROM practice_location)"
            )
            pid, *rest = cursor.fetchone()
            seen[pid] = rest
    for connection in held:
        connection.close()
    assert len(seen) == POOL
    assert set(map(tuple, seen.values())) == {("", 0)}
    return len(seen)


def test_nothing_of_a_practice_stays_on_a_connection_that_pgbouncer_hands_on(evidence):
    tokens, ids = two_practices()
    with pgbouncer() as port, product(addresses=database_addresses(port=port)) as running:
        address, looks, over = running.web(), Crew(threads=1), threading.Event()
        looks.run(lambda number, line: raw_look(port, crew=looks, until=over), until=over)
        began = time.monotonic()
        crew = storm(address, tokens=tokens, ids=ids)
        seconds = time.monotonic() - began
        over.set()
        looks.join()
        held = every_server_connection_is_clean(port)
    crossed, torn, written = rows_written()
    assert crew.wrong == []
    assert looks.wrong == []
    assert (crossed, torn, written) == (0, 0, crew.counts["write"])
    evidence(
        callers=CALLERS, requests=REQUESTS, server_connections=held, raw_looks=looks.counts["raw"],
        by_kind=dict(crew.counts), wrong_rows=0, seconds=round(seconds, 1),
    )  # fmt: skip
