"""Notes: written, corrected by a newer one, pinned. Whom a note mentions is told once, if they may see the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import Membership, Note, NoteMention, NotePin
from practice.permissions import PracticePermission
from practice.selectors.notes import unseeing
from practice.services.notices import notify
from practice.services.refs import ref_to, resolve

LONGEST = 5_000
MENTIONED = "practice.mentioned"


@transaction.atomic
def write(
    record: Any,
    *,
    text: str,
    mentions: Sequence[Membership] = (),
    anyway: bool = False,
    replaces: Note | None = None,
    actor: Actor,
) -> Note:
    """Keep a note about a record the actor has found by its door, and tell those it mentions.

    Raises DomainError for an empty or too long text, and for a mention of somebody who may not see the record, unless
    ``anyway``: then it is written and they are not told.
    """
    actor.require(PracticePermission.WRITE_NOTE)
    words = _words(text)
    blind = unseeing(mentions, record=record, actor=actor)
    if blind and not anyway:
        raise DomainError(f"{_named(blind)} may not see this record and would not be told.", field="text")
    note = Note(
        practice_id=actor.practice_id,
        ref=ref_to(record, actor=actor),
        text=words,
        author_id=actor.membership_id,
        replaces=replaces,
    )
    note.save(force_insert=True)
    _mention(note, mentions=mentions, blind=blind, record=record, actor=actor)
    return note


@transaction.atomic
def correct(
    note: Note, *, text: str, mentions: Sequence[Membership] = (), anyway: bool = False, actor: Actor
) -> Note:
    """Replace one's own note by a new one. The old one stays readable; who was told already is not told again.

    Raises DomainError for the note of another, Conflict for one that was corrected already.
    """
    actor.require(PracticePermission.WRITE_NOTE)
    if actor.membership_id is None or note.author_id != actor.membership_id:
        raise DomainError("Only whoever wrote a note can correct it: add a note of your own.")
    record = resolve(note.ref)
    if record is None:
        raise DomainError("The record of this note is gone.")
    try:
        with transaction.atomic():
            newer = write(record, text=text, mentions=mentions, anyway=anyway, replaces=note, actor=actor)
    except IntegrityError as error:
        raise Conflict("This note was corrected already: correct the newer one.") from error
    NotePin.objects.filter(note=note).update(note=newer)
    return newer


@transaction.atomic
def pin(note: Note, *, actor: Actor) -> None:
    """Keep a note on top. Twice is once. Raises Conflict for one that a newer note replaces."""
    actor.require(PracticePermission.PIN_NOTE)
    if Note.objects.filter(replaces=note).exists():
        raise Conflict("This note was corrected: pin the newer one.")
    NotePin.objects.get_or_create(
        practice_id=actor.practice_id, note=note, defaults={"pinned_by_id": actor.membership_id}
    )


@transaction.atomic
def unpin(note: Note, *, actor: Actor) -> None:
    """Let a note take its place by age again."""
    actor.require(PracticePermission.PIN_NOTE)
    NotePin.objects.filter(note=note).delete()


def _words(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise DomainError("Write the note.", field="text")
    if len(words) > LONGEST:
        raise DomainError(f"Write at most {LONGEST:,} characters.", field="text")
    return words


def _mention(
    note: Note, *, mentions: Sequence[Membership], blind: Sequence[Membership], record: Any, actor: Actor
) -> None:
    people = {each.pk: each for each in mentions}
    hidden = {each.pk for each in blind}
    NoteMention.objects.bulk_create(
        NoteMention(practice_id=actor.practice_id, note=note, member=each, told=key not in hidden)
        for key, each in people.items()
    )
    told = [each for key, each in people.items() if key not in hidden]
    before = _told_before(note)
    notify(
        [each for each in told if each.pk not in before],
        kind=MENTIONED,
        text=f"{actor.name or 'Somebody'} mentions you: {note.text}",
        key=f"note:{note.pk}",
        record=record,
        actor=actor,
    )


def _told_before(note: Note) -> set[Any]:
    """Whom the notes that this one replaces have told, one after the other."""
    found, older = set(), note.replaces
    while older is not None:
        found |= set(older.mentions.filter(told=True).values_list("member_id", flat=True))
        older = older.replaces
    return found


def _named(people: Sequence[Membership]) -> str:
    return " and ".join(each.name for each in people)
