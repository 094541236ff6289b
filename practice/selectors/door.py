"""How the people of this practice came in, failed to, and changed their ways in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from practice.actor import Actor
from practice.permissions import PracticePermission


@dataclass(frozen=True, slots=True)
class DoorEvent:
    """One event of one person; ``event`` is a key of ``practice.trail.EVENTS``."""

    id: uuid.UUID
    person: uuid.UUID
    event: str
    detail: str
    address: str
    at: datetime


def at_the_door(
    actor: Actor,
    *,
    person: uuid.UUID | None = None,
    events: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    after: uuid.UUID | None = None,
    size: int = 50,
) -> list[DoorEvent]:
    """Newest first, of members while they were members; ``after``: the last id of the page before."""
    actor.require(PracticePermission.VIEW_AUDIT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, person, event, detail, host(address), at FROM people_at_the_door(%s, %s, %s, %s, %s, %s)",
            [
                str(person) if person else None,
                list(events) or None,
                since,
                until,
                str(after) if after else None,
                size,
            ],
        )
        return [
            DoorEvent(
                id=uuid.UUID(str(key)),
                person=uuid.UUID(str(who)),
                event=event,
                detail=detail,
                address=address or "",
                at=at,
            )
            for key, who, event, detail, address, at in cursor.fetchall()
        ]
