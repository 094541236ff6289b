"""Numbers that are unique and rising inside a practice, given out by the database."""

from django.db import connection

from practice.actor import Actor


def next_number(name: str, *, actor: Actor, count: int = 1) -> int:
    """Take ``count`` numbers under a name; returns the first. Waits for, never races, another taker.

    Rolled back with the caller's transaction, so no number is lost or used twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO practice_sequencecounter (practice_id, name, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (practice_id, name) DO UPDATE SET last = practice_sequencecounter.last + %s RETURNING last",
            [str(actor.practice_id), name, count, count],
        )
        return int(cursor.fetchone()[0]) - count + 1
