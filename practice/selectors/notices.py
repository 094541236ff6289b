"""What a member was told, and how they want to be told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import Http404

from kit.prepared import PreparedCount
from practice.actor import Actor
from practice.models import Notice, NoticeChoice
from practice.notices import NoticeKind, kinds
from practice.selectors import records

UNREAD_CAP = 99
HIDDEN = "A record that you may not see"


@dataclass(frozen=True)
class Told:
    """One line of the list: the notice, its words as this member may read them, and the record it is about."""

    notice: Notice
    text: str
    record: Any = None


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """A member's own notices, newest first; nobody sees another's."""
    if actor.membership_id is None:
        return Notice.objects.none()
    mine = Notice.objects.filter(member_id=actor.membership_id, in_app=True)
    return mine.select_related("ref").order_by("-pk")


def unread(actor: Actor) -> int:
    """How many are unread, counted up to one past the cap."""
    return _unread(replace(actor, request_id="", fresh=True))


@PreparedCount
def _unread(actor: Actor) -> QuerySet[Notice]:
    return visible_to(actor).filter(read_at=None).order_by()[: UNREAD_CAP + 1]


def get_notice(notice_id: uuid.UUID, *, actor: Actor) -> Notice:
    """One of the member's own notices, or 404."""
    found = visible_to(actor).filter(pk=notice_id).first()
    if found is None:
        raise Http404
    return found


def told(notices: Iterable[Notice], *, actor: Actor) -> list[Told]:
    """Notices with their words. What is about a record the member may not see (any more) says only that."""
    rows = list(notices)
    by_kind: dict[str, list[uuid.UUID]] = {}
    for row in rows:
        if row.ref is not None:
            by_kind.setdefault(row.ref.kind, []).append(row.ref.record_id)
    seen = {
        (kind, key): record
        for kind, ids in by_kind.items()
        for key, record in records.visible(apps.get_model(kind), ids=ids, actor=actor).items()
    }
    lines = []
    for row in rows:
        record = seen.get((row.ref.kind, row.ref.record_id)) if row.ref is not None else None
        lines.append(Told(row, HIDDEN if row.ref is not None and record is None else row.text, record))
    return lines


def choices_of(member_id: uuid.UUID | None) -> list[tuple[NoticeKind, bool, bool]]:
    """Each kind with whether this member is told in the app and by mail."""
    own = {row.kind: row for row in NoticeChoice.objects.filter(member_id=member_id)}
    return [
        (kind, own[code].in_app or kind.urgent, own[code].by_mail)
        if code in own
        else (kind, True, kind.by_mail)
        for code, kind in kinds().items()
    ]
