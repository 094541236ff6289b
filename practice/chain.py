"""The sealer: every thirty seconds it seals what is new in each practice and anchors the new heads.

It runs in the relay's process, as ``wellrun_relay``, on a connection of its own: neither Redis nor a busy worker
can hold it up.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection as django_connection

from practice.services import anchors

log = logging.getLogger(__name__)
PAUSE_SECONDS = 30.0


def _connect() -> Any:
    name = django_connection.settings_dict["NAME"]
    connection = psycopg2.connect(settings.DATABASE_RELAY_URL, dbname=name, connect_timeout=2)
    connection.autocommit = True
    with connection.cursor() as cursor:
        # The first batch after a long pause may hold millions of rows.
        cursor.execute("SET statement_timeout = '10min'; SET transaction_timeout = 0")
    return connection


def seal_due(connection: Any = None) -> int:
    """Seal every chain with something new, each in a transaction of its own; returns how many batches were made.

    A head is anchored after its batch is committed. Safe to run twice at a time: chains are locked one by one.
    """
    own = connection is None
    connection = connection or _connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT seals_due()::text")
            chains = [chain for (chain,) in cursor.fetchall()]
        return sum(seal(chain, connection=connection) for chain in chains)
    finally:
        if own:
            connection.close()


def seal(chain: str, *, connection: Any) -> int:
    """Seal one chain and write its head to its anchor file. Returns 0 when nothing was new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, number, epoch, digest, rows, at FROM seal_chain(%s)", [chain])
        made = cursor.fetchone()
    if made is None:
        return 0
    slug, number, epoch, digest, rows, at = made
    anchors.write(
        slug,
        kind="seal",
        chain=chain,
        number=number,
        epoch=epoch,
        digest=digest,
        rows=rows,
        at=at.isoformat(),
    )
    return 1


class Sealer:
    """A thread that seals until it is stopped; a failure is logged and tried again at the next round."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sealer", daemon=True)

    def __enter__(self) -> Sealer:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopped.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                seal_due()
            except (
                Exception
            ) as error:  # the next round tries again; the age of what is unsealed shows on pages
                log.warning("sealer: %s; trying again", type(error).__name__)
            self._stopped.wait(PAUSE_SECONDS)
