"""The relay: takes queued jobs of all practices by definer functions and tells Celery their ids.

Runs as ``wellrun_relay``, which may execute those functions and nothing else.
"""

from __future__ import annotations

import logging
import select
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg2
import redis
from django.conf import settings
from django.db import connection as django_connection

from kit import clock
from practice.discovery import load_handlers
from practice.jobs import KINDS

log = logging.getLogger(__name__)
BATCH = 100
POLL_SECONDS = min(5.0, settings.JOB_LEASE_SECONDS / 4)
# What waits in Redis at most: more would only outlive its short lease there and be sent twice.
FULL_QUEUE = 1_000


def _connect() -> Any:
    name = django_connection.settings_dict["NAME"]
    connection = psycopg2.connect(settings.DATABASE_RELAY_URL, dbname=name, connect_timeout=2)
    connection.autocommit = True
    return connection


def dispatch_due(*, at: datetime | None = None) -> int:
    """Queue each practice's nightly and monthly jobs that are due ``at`` an instant (now). Returns how many were new.

    Safe to repeat, also from two beats at once: a period is one row.
    """
    load_handlers()
    connection, made = _connect(), 0
    try:
        with connection.cursor() as cursor:
            for kind in KINDS.values():
                if kind.every:
                    cursor.execute(
                        "SELECT dispatch_due(%s, %s, %s, %s)",
                        [kind.name, kind.every, kind.each_missed, at or clock.system_now()],
                    )
                    made += cursor.fetchone()[0]
    finally:
        connection.close()
    return made


def send(practice_id: str, job_id: str) -> None:
    """Hand one id to Celery."""
    from practice.celery import app

    app.send_task("practice.run_job", args=[practice_id, job_id], retry=False)


def has_room() -> bool:
    """Whether workers keep up with what was sent. Raises RedisError when Redis is away: then nothing is taken."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as line:
        return int(line.llen("celery")) < FULL_QUEUE  # type: ignore[arg-type]  # the stubs know async answers too


def relay_once(connection: Any, *, deliver: Callable[[str, str], None] = send) -> int:
    """Sweep expired leases, take one batch, deliver it. Returns how many were taken.

    What cannot be delivered (Redis is away) is swept back into the queue when its short lease ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sweep_jobs()")
        cursor.execute("SELECT practice_id::text, id::text FROM take_jobs(%s)", [BATCH])
        taken = cursor.fetchall()
    for practice_id, job_id in taken:
        deliver(practice_id, job_id)
    return len(taken)


def _wait(connection: Any, *, running: Callable[[], bool]) -> None:
    """Until a NOTIFY, the poll's time, or the order to stop (looked at each second)."""
    until = time.monotonic() + POLL_SECONDS
    while running() and time.monotonic() < until:
        ready, _, _ = select.select([connection], [], [], 1.0)
        if ready:
            connection.poll()
            connection.notifies.clear()
            return


def run_forever(*, running: Callable[[], bool] = lambda: True) -> None:
    """Relay until told to stop: wakes on NOTIFY, polls as the net, survives PostgreSQL and Redis restarts."""
    connection = None
    while running():
        try:
            if connection is None:
                connection = _connect()
                with connection.cursor() as cursor:
                    cursor.execute("LISTEN wellrun_jobs")
            if not has_room():
                time.sleep(0.2)
            elif relay_once(connection) < BATCH:
                _wait(connection, running=running)
        except Exception as error:
            log.warning("relay: %s; trying again", type(error).__name__)
            if connection is not None and connection.closed:
                connection = None
            if isinstance(error, psycopg2.Error):
                connection = None
            time.sleep(1)
