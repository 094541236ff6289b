"""The one outer transaction of a request or of one step of a job."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from practice import memo
from practice.actor import Actor

KNOWN = (
    "SELECT set_config('app.practice_id', %(practice)s, true), set_config('app.user_id', %(user)s, true), "
    "set_config('app.actor', %(actor)s, true), set_config('app.request_id', %(request)s, true)"
)


def _known(practice_id: uuid.UUID, *, actor: Actor) -> dict[str, str]:
    return {
        "practice": str(practice_id),
        "user": str(actor.user_id or ""),
        "actor": str(actor),
        "request": actor.request_id,
    }


def at_once(statement: str, values: dict[str, Any], *, actor: Actor) -> None:
    """One write of an actor in a transaction of its own, in a single round trip.

    PostgreSQL takes statements that come in one message as one transaction (its manual, "Message Flow"). ``values``
    are named and may use ``%(practice)s``.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{KNOWN}; {statement}", {**values, **_known(actor.practice_id, actor=actor)})


@contextmanager
def acting_in(
    practice_id: uuid.UUID, *, actor: Actor, read_only: bool = False, snapshot: bool = False
) -> Iterator[None]:
    """Open the outer transaction and tell the database, for its length only, who acts in which practice.

    Durable: raises RuntimeError inside another transaction, so nothing can switch practice half-way.
    ``read_only`` makes PostgreSQL refuse every write (GET and HEAD). ``snapshot`` does so too, shows the same state
    from the first query to the last, and may take as long as it needs (an export of everything).
    """
    isolation = "SET TRANSACTION READ ONLY; " if read_only else ""
    if snapshot:
        isolation = (
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL transaction_timeout = 0; "
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '10min'; "
        )
    with transaction.atomic(durable=True), memo.opened():
        with connection.cursor() as cursor:
            # One round trip; READ ONLY must come before the first query of the transaction.
            cursor.execute(isolation + KNOWN, _known(practice_id, actor=actor))
        yield


@contextmanager
def known_as(user_id: uuid.UUID) -> Iterator[None]:
    """A read-only look at what a signed-in person may see before a practice is chosen: their memberships."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(
                "SET TRANSACTION READ ONLY; SELECT set_config('app.user_id', %s, true)", [str(user_id)]
            )
        yield
