"""Notes of records: whoever sees the record sees its notes, nobody else. The only door to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from practice.actor import Actor
from practice.models import Membership, Note, NotePin, Practice
from practice.selectors import records
from practice.selectors.people import members, user_actor


def of_record(record: Any) -> QuerySet[Note]:
    """The notes of a record the caller has found by its door: pinned ones first, then the newest."""
    pinned = NotePin.objects.filter(note=OuterRef("pk"))
    newer = Note.objects.filter(replaces=OuterRef("pk"))
    found = Note.objects.filter(ref__kind=record._meta.label_lower, ref__record_id=record.pk)
    found = found.select_related("author__user", "replaces").annotate(
        pinned=Exists(pinned), replaced=Exists(newer)
    )
    return found.order_by("-pinned", "-id")


def standing(record: Any) -> QuerySet[Note]:
    """The same without those that a newer note replaces."""
    return of_record(record).filter(~Exists(Note.objects.filter(replaces=OuterRef("pk"))))


def get_note(note_id: uuid.UUID, *, actor: Actor) -> tuple[Note, Any]:
    """A note with its record, or 404 for what is unknown, foreign or of a record this actor may not see."""
    found = Note.objects.filter(pk=note_id, practice_id=actor.practice_id).select_related("ref").first()
    if found is None:
        raise Http404
    return found, records.find(found.ref.kind, pk=found.ref.record_id, actor=actor)


def names(actor: Actor) -> dict[uuid.UUID, str]:
    """Whom a note may mention: the members of today, by id."""
    return {each.pk: each.name for each in members(actor).order_by("user__name", "pk")}


def unseeing(people: Iterable[Membership], *, record: Any, actor: Actor) -> list[Membership]:
    """Those of these members who may not see a record: ended, without the permission, or it is hidden from them."""
    asked = list(people)
    practice = Practice.objects.get(pk=actor.practice_id) if asked else None
    return [each for each in asked if not _sees(each, record=record, practice=practice, actor=actor)]


def _sees(member: Membership, *, record: Any, practice: Any, actor: Actor) -> bool:
    theirs = user_actor(user=member.user, practice=practice, request_id=actor.request_id)
    return theirs is not None and record.pk in records.visible(type(record), ids=[record.pk], actor=theirs)
