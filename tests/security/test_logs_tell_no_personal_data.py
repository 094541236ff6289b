"""A patient's data through every flow and failure: none of it in a log of ours, gunicorn, Celery, PostgreSQL, Redis."""

import json
import os
import socket
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
import redis

from practice import jobs
from practice.actor import system_actor
from practice.launch.paths import VENV
from practice.models import JobRun, Practice
from practice.transactions import acting_in
from tests.faults.desk import open_desk
from tests.faults.load import ask
from tests.faults.product import database_addresses, product, wait_until
from tests.security.leaky_views import BORN, CANARIES, EVERYTHING, MEMO, MRN, NAME, PHONE, SSN, WAYS

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
FIRST, LAST = NAME.split()
PATIENT = {"first_name": FIRST, "last_name": LAST, "date_of_birth": "1931-02-17", "birth_date": "1931-02-17",
           "sex": "F", "ssn": SSN, "mrn": MRN, "phone": PHONE, "email": f"{FIRST}@{LAST}.example"}  # fmt: skip


def web(running):
    """The web server as production starts it; returns its address."""
    from practice.launch import ports

    port = ports.free_port()
    argv = [str(VENV / "bin" / "gunicorn"), "-c", "python:practice.serving", "practice.wsgi"]
    argv += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-tmp-dir", str(running.folder)]
    running.start("web", *argv, role="app")
    address = f"127.0.0.1:{port}"

    def answers():
        try:
            return ask(address, "GET", "/livez").status == 200
        except OSError:
            return False

    assert wait_until(answers, seconds=90), running.log("web")
    return address


def requests_with_a_patient(address, desk):
    """Each flow of the web with the canaries in path, query, body and headers; returns the answers' statuses."""
    spread = {"Referer": f"http://localhost/p/harbor/patients/?q={quote(NAME)}", "User-Agent": EVERYTHING}
    token = {**desk.headers(), **spread}
    api, found = f"/p/{desk.slug}/api/v1", []

    def go(method, path, body=None, headers=token):
        found.append(ask(address, method, path, body=body, headers=headers).status)

    go("POST", f"{api}/patients/", PATIENT)
    go("POST", f"{api}/patients/", {**PATIENT, "date_of_birth": EVERYTHING, "sex": EVERYTHING})
    go("POST", f"{api}/patients/", "{" + EVERYTHING)
    go("POST", f"{api}/appointments/", {**desk.wish(0), "override_reason": MEMO},
       {**token, "Idempotency-Key": f"{FIRST}-{MRN}"})  # fmt: skip
    go("GET", f"{api}/patients/?q={quote(NAME)}&born={quote(BORN)}&ssn={SSN}")
    go("GET", f"/p/{desk.slug}/patients/?q={quote(NAME)}", headers=spread)
    go("GET", f"/p/{desk.slug}/{quote(NAME)}/{SSN}/", headers=spread)
    go("GET", f"/{quote(EVERYTHING)}", headers=spread)
    go("GET", "/", headers={**spread, "Host": SSN})
    go("GET", "/", headers={**spread, "Host": "Quixworth.example"})
    go("POST", "/accounts/login/", f"login={quote(NAME)}&password={quote(SSN)}",
       {**spread, "Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    go("GET", f"{api}/patients/", headers={**spread, "Authorization": f"Bearer {EVERYTHING}"})
    for way in WAYS:
        go("POST", f"{api}/leak/{way}/?who={quote(NAME)}", {"memo": EVERYTHING})
        go("GET", f"{api}/leak/{way}/?who={quote(NAME)}")
    return found


def broken_requests(address):
    """What gunicorn itself refuses: its own error log must not repeat it."""
    host, port = address.split(":")
    for text in (
        f"GET /{NAME} HTTP/1.1\r\n\r\n",
        f"{LAST.upper()} / HTTP/9.9\r\n\r\n",
        f"GET /?q={SSN} HTTP/1.1\r\nHost: x\r\nX-{FIRST} {LAST}: 1\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: {SSN}\r\n\r\n",
        f"{NAME}\r\n\r\n",
    ):
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(text.encode())
            line.recv(4096)


def queue_jobs(desk):
    practice = Practice.objects.get(slug=desk.slug)
    actor = system_actor(practice_id=practice.id)
    with acting_in(practice.id, actor=actor):
        for way in WAYS:
            jobs.enqueue("test.leak", actor=actor, key=way)
        JobRun.objects.filter(kind="test.leak").update(max_attempts=1)
    return practice


def ended(practice):
    with acting_in(practice.id, actor=system_actor(practice_id=practice.id)):
        return JobRun.objects.filter(kind="test.leak", state__in=("done", "failed")).count()


def everything_in(broker_url):
    """All keys and values of Redis, as they lie there."""
    client, found = redis.Redis.from_url(broker_url), []
    for key in client.scan_iter():
        kind = client.type(key).decode()
        read = {"string": client.get, "hash": client.hgetall, "set": client.smembers,
                "list": lambda name: client.lrange(name, 0, -1),
                "zset": lambda name: client.zrange(name, 0, -1)}[kind]  # fmt: skip
        found.append(repr((key, read(key))))
    client.close()
    return "\n".join(found)


def statement_errors_as_the_app():
    """Errors of raw statements, as a psql of the app's account would make them."""
    raw = psycopg2.connect(database_addresses()["DATABASE_APP_URL"])
    raw.autocommit = True
    with raw.cursor() as cursor:
        for sql in ("SELECT %s::date", "SELECT * FROM no_such_table WHERE x = %s", "SELECT 1/0, %s"):
            with pytest.raises(psycopg2.Error):
                cursor.execute(sql, [EVERYTHING])
    raw.close()


def leaks(text):
    """The lines that tell something."""
    return [line for line in text.splitlines() if any(canary.lower() in line.lower() for canary in CANARIES)]


def test_no_flow_and_no_failure_writes_a_patient_into_any_log(evidence):
    desk = open_desk()
    postgres = Path(os.environ["WELLRUN_STATE"]) / "logs" / "postgres.log"
    before = postgres.stat().st_size
    extra = {"DJANGO_SETTINGS_MODULE": "tests.security.leaky", "WELLRUN_LOG_LEVEL": "INFO"}
    with product(redis=True, **extra) as (running, _broker):
        address = web(running)
        running.relay()
        practice = queue_jobs(desk)
        assert wait_until(lambda: b"practice.run_job" in everything_in(running.redis).encode(), seconds=30)
        statuses = requests_with_a_patient(address, desk)
        broken_requests(address)
        statement_errors_as_the_app()
        kept = everything_in(running.redis)
        running.worker(processes=1)
        assert wait_until(lambda: ended(practice) == len(WAYS), seconds=90, pause=0.5), running.log("worker")
        kept += everything_in(running.redis)
        running.stop()
        logs = {path.name: path.read_text(errors="replace") for path in running.folder.glob("*.log")}
        with postgres.open(errors="replace") as log:
            log.seek(before)
            logs["postgres.log"] = log.read()
        logs["redis"] = kept
    assert {name: found for name, text in logs.items() if (found := leaks(text))} == {}
    check_that_something_was_said(logs, statuses=statuses, practice=practice)
    evidence(flows=len(statuses) + len(WAYS), logs=len(logs), canaries=0)


def check_that_something_was_said(logs, *, statuses, practice):
    """A log that is empty proves nothing."""
    lines = [json.loads(line) for line in logs["web.log"].splitlines() if line.startswith("{")]
    assert len(lines) >= len(logs["web.log"].splitlines()) - 2
    asked = [line for line in lines if line["event"] == "request"]
    assert len(asked) >= len(statuses)
    assert {line["status"] for line in asked} >= {201, 404, 422, 500}, statuses
    assert {line.get("practice_id") for line in asked} == {None, str(practice.id)}
    said = logs["web.log"]
    for word in ("builtins.ValueError", "psycopg2.errors.InvalidTextRepresentation", '"sqlstate": "23502"',
                 "leaky_views.py", '"route": "api:'):  # fmt: skip
        assert word in said, word
    assert "builtins.RuntimeError" in logs["worker.log"]
    assert f"job:{jobs_named(practice)}" in logs["worker.log"]
    assert "practice.run_job" in logs["redis"]


def jobs_named(practice):
    with acting_in(practice.id, actor=system_actor(practice_id=practice.id)):
        return JobRun.objects.get(kind="test.leak", key="cause").pk
