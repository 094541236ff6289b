"""A keyed write happens once; its twin gets the stored answer (ARCHITECTURE.md 10)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kit.errors import DomainError
from practice.actor import Actor
from practice.models import IdempotencyKey

KEPT_HOURS = 24  # what the API promises (ARCHITECTURE.md 10)
REFUSED = 400
# A living key of a finished request gives no row back; one of a request that still runs makes this wait for it.
CLAIM = """
INSERT INTO practice_idempotencykey AS kept (practice_id, actor, key, fingerprint) VALUES (%s, %s, %s, %s)
ON CONFLICT (practice_id, actor, key) DO UPDATE
SET fingerprint = excluded.fingerprint, status = NULL, body = NULL, created_at = now()
WHERE kept.created_at < now() - make_interval(hours => %s)
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with: a status and a JSON body (or a redirect address)."""

    status: int
    body: Any
    replayed: bool = False


class KeyReused(DomainError):
    """The same key came with another body: 422."""


def fingerprint(*parts: bytes | str) -> str:
    """The hash of what was asked."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()


def once(key: str, *, asked: str, produce: Callable[[], Answer], actor: Actor) -> Answer:
    """Answer a keyed request: do the work, or replay. A concurrent twin waits on the key's row, then replays.

    Runs in the caller's transaction: when the work rolls back, the key is free again, so a refusal is not kept.
    A key is as good as new after 24 hours. Raises KeyReused for another request under a living key.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [str(actor.practice_id), str(actor), key, asked, KEPT_HOURS])
        first = cursor.fetchone() is not None
    kept = IdempotencyKey.objects.filter(practice_id=actor.practice_id, actor=str(actor), key=key)
    if not first:
        row = kept.get()
        if row.fingerprint != asked:
            raise KeyReused("This idempotency key was already used for another request.")
        return Answer(status=row.status or 200, body=row.body, replayed=True)
    answer = produce()
    if answer.status < REFUSED:  # a refused request is rolled back as a whole, this row with it
        kept.update(status=answer.status, body=answer.body)
    return answer
