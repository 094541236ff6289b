"""The read log: who saw, searched, exported or printed what, and who was refused."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from practice.actor import Actor
from practice.models import AuditAccess, AuditAccessPatient
from practice.permissions import PracticePermission
from practice.selectors.history import actor_names
from practice.selectors.records import patient_names

SHOWN_PATIENTS = 3


@dataclass(frozen=True, slots=True)
class Read:
    """One page view or refusal; ``patients`` are (id, name or '') of the first few whose data it showed."""

    id: uuid.UUID
    at: datetime
    who: str
    action: str
    what: str
    path: str
    address: str
    patients: tuple[tuple[uuid.UUID, str], ...]
    more: int
    broke_glass: bool


def page(
    actor: Actor,
    *,
    who: str = "",
    action: str = "",
    patient: uuid.UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[datetime, uuid.UUID] | None = None,
    size: int = 50,
) -> tuple[list[Read], tuple[datetime, uuid.UUID] | None]:
    """One page of the log, newest first, and where the next begins (None at the end). Keyset by time and id."""
    actor.require(PracticePermission.VIEW_AUDIT)
    if patient is not None:
        shown = _within(
            AuditAccessPatient.objects.filter(practice_id=actor.practice_id, patient_id=patient),
            since=since,
            until=until,
            after=after,
        )
        shown = shown.filter(**({"created_by": who} if who else {}))
        shown = shown.filter(**({"access__action": action} if action else {}))
        links = list(shown.select_related("access").order_by("-created_at", "-id")[: size + 1])
        rows = [link.access for link in links]
        marks = [(link.created_at, link.id) for link in links]
    else:
        found = AuditAccess.objects.filter(practice_id=actor.practice_id)
        found = found.filter(**({"created_by": who} if who else {}))
        found = found.filter(**({"action": action} if action else {}))
        found = _within(found, since=since, until=until, after=after)
        rows = list(found.order_by("-created_at", "-id")[: size + 1])
        marks = [(row.created_at, row.id) for row in rows]
    return _told(rows[:size], actor=actor), marks[size - 1] if len(rows) > size else None


def _within(found: Any, *, since: Any, until: Any, after: Any) -> Any:
    if since is not None:
        found = found.filter(created_at__gte=since)
    if until is not None:
        found = found.filter(created_at__lt=until)
    if after is not None:
        at, key = after
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=key), created_at__lte=at)
    return found


def _told(rows: list[AuditAccess], *, actor: Actor) -> list[Read]:
    names = actor_names(row.created_by for row in rows)
    links: dict[uuid.UUID, list[AuditAccessPatient]] = {row.id: [] for row in rows}
    seen = AuditAccessPatient.objects.filter(practice_id=actor.practice_id, access_id__in=links)
    for link in seen.order_by("id") if rows else ():
        links[link.access_id].append(link)
    people = patient_names(
        (link.patient_id for group in links.values() for link in group[:SHOWN_PATIENTS]), actor=actor
    )
    return [
        Read(
            id=row.id,
            at=row.created_at,
            who=names.get(row.created_by, "Wellrun"),
            action=row.action,
            what=row.what,
            path=row.path,
            address=row.address or "",
            patients=tuple(
                (link.patient_id, people.get(link.patient_id, "")) for link in links[row.id][:SHOWN_PATIENTS]
            ),
            more=max(0, len(links[row.id]) - SHOWN_PATIENTS),
            broke_glass=any(link.grant_id for link in links[row.id]),
        )
        for row in rows
    ]
