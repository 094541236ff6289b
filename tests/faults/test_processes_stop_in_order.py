"""SIGTERM: the web server is not ready at once, serves on, ends what was begun; a worker gives its job back."""

import signal
import socket
import time

import pytest
from django.db import connection

from practice import jobs
from practice.actor import system_actor
from practice.launch import ports
from practice.launch.paths import VENV
from practice.models import JobRun, Practice
from practice.transactions import acting_in
from tests.faults import tally  # noqa: F401  registers the jobs
from tests.faults.load import ask
from tests.faults.product import product, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
DRAIN = 3


def status(address, path):
    """The answer's status, 0 when nobody answers."""
    try:
        return ask(address, "GET", path).status
    except OSError:
        return 0


def test_a_stopping_web_server_drains():
    with product(WELLRUN_DRAIN_SECONDS=str(DRAIN), WELLRUN_GRACE_SECONDS="10") as running:
        port = ports.free_port()
        argv = [str(VENV / "bin" / "gunicorn"), "-c", "python:practice.serving", "practice.wsgi", "--bind"]
        server = running.start("web", *argv, f"127.0.0.1:{port}", "--workers", "1", role="app")
        address = f"127.0.0.1:{port}"
        assert wait_until(lambda: status(address, "/readyz") == 200, seconds=90), running.log("web")
        with socket.create_connection(("127.0.0.1", port), timeout=20) as half:
            half.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n")
            server.send_signal(signal.SIGTERM)
            began = time.monotonic()
            assert wait_until(lambda: status(address, "/readyz") == 503, seconds=DRAIN)
            assert status(address, "/livez") == 200
            half.sendall(b"Connection: close\r\n\r\n")
            assert b"200 OK" in half.recv(4096)
        assert server.wait(timeout=30) == 0
        assert time.monotonic() - began >= DRAIN - 0.5
        assert status(address, "/livez") == 0
    connection.close()


def test_a_stopping_worker_gives_its_job_back_and_the_next_one_ends_it():
    practice = Practice.objects.get(slug="harbor")
    actor = system_actor(practice_id=practice.id)

    def row():
        with acting_in(practice.id, actor=actor):
            return JobRun.objects.get(kind="test.tally", key="stopped")

    with acting_in(practice.id, actor=actor):
        jobs.enqueue("test.tally", actor=actor, key="stopped", args={"steps": 60, "pause": 0.1})
    with product(redis=True) as (running, _broker):
        running.relay()
        first = running.worker(processes=1, name="first")
        assert wait_until(lambda: row().progress_done > 3, seconds=90), running.log("first")
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=30) == 0
        found = row()
        assert (found.state in ("queued", "sent"), found.attempts, found.error) == (True, 0, ""), found.state
        running.worker(processes=1, name="second")
        assert wait_until(lambda: row().state == "done", seconds=90), running.log("second")
        assert row().attempts == 1
    connection.close()
