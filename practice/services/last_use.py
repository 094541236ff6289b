"""When somebody last came in: at most once a minute, in a short transaction of its own."""

from __future__ import annotations

import logging
import time
import uuid

from django.db import OperationalError, connection

from practice.actor import Actor
from practice.transactions import acting_in

log = logging.getLogger(__name__)
SECONDS = 60
# What this process wrote and when (monotonic): asking the database at every request would cost more than it tells.
_written: dict[uuid.UUID, float] = {}
MOST_REMEMBERED = 10_000


def way_in(actor: Actor) -> uuid.UUID | None:
    """The row an actor came in by: a membership, or the credential itself; None for the program's own work."""
    if actor.kind == "user":
        return actor.membership_id
    return actor.id if actor.kind not in ("job", "system") else None


def note_use(actor: Actor) -> None:
    """Remember that this way in was used now. Outside ``acting_in``; usually does nothing.

    A convenience, no log: when the database cannot take it, the answer leaves all the same.
    """
    row_id, now = way_in(actor), time.monotonic()
    if row_id is None or now - _written.get(row_id, now - SECONDS) < SECONDS:
        return
    try:
        _write(row_id, actor=actor)
    except OperationalError:
        log.warning("the last use of a way in was not written: the database is away")
        return
    if len(_written) >= MOST_REMEMBERED:
        _written.clear()
    _written[row_id] = now


def _write(row_id: uuid.UUID, *, actor: Actor) -> None:
    with acting_in(actor.practice_id, actor=actor), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO practice_lastuse (practice_id, row_id, used_at) VALUES (%s, %s, now()) "
            "ON CONFLICT (practice_id, row_id) DO UPDATE SET used_at = now(), updated_at = now() "
            "WHERE practice_lastuse.used_at < now() - make_interval(secs => %s)",
            [str(actor.practice_id), str(row_id), SECONDS],
        )


def forget_uses() -> None:
    """Start over: for tests, whose rows vanish under the process's memory."""
    _written.clear()
