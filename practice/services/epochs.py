"""A new epoch of the seal: after a restore transactions are counted anew, and some anchored batches are gone."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from kit.errors import DomainError
from practice.services import anchors


@transaction.atomic
def start_epoch(reason: str) -> int:
    """Begin a new epoch in every chain; returns its number. As wellrun_owner, with nothing else running.

    What the restored rows hold is sealed first. The epoch is signed into every anchor file before it is committed:
    the verifier accepts no other loss of anchored batches. Raises DomainError without a reason.
    """
    if not reason.strip():
        raise DomainError("Say why a new epoch begins, for example: restore of the backup of 2026-11-20.")
    begun: list[Any]
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, chain::text, epoch, number, started_at FROM start_epoch(%s)", [reason])
        begun = cursor.fetchall()
    for slug, chain, epoch, number, started_at in begun:
        anchors.write(
            slug,
            kind="epoch",
            chain=chain,
            epoch=epoch,
            number=number,
            started_at=started_at.isoformat(),
            reason=reason[:200],
        )
    return int(begun[0][2])
