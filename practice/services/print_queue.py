"""The print queue: everything that waits goes into one PDF by one click, and is marked as posted with its day."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction

from kit.errors import Conflict, DomainError
from practice import jobs
from practice.actor import Actor
from practice.models import Letter, LetterBatch, LetterStep
from practice.permissions import PracticePermission
from practice.selectors import letters as found
from practice.selectors.days import practice_today
from practice.services import attachments, letters
from practice.services.sequences import next_number

SERIES, PDF, MOST = "practice.letter_batch", "practice.letter_batch_pdf", 200
State, Outcome = Letter.State, LetterStep.Outcome


@transaction.atomic
def print_all(*, actor: Actor) -> LetterBatch:
    """Take every waiting letter the actor may see into a print run. Whoever clicks second finds nothing to print."""
    actor.require(PracticePermission.SEND_LETTER)
    waiting = found.to_print(found.visible_to(actor), actor=actor).order_by("id")[:MOST]
    ids = list(waiting.values_list("pk", flat=True))
    # Who waited for the lock looks at the state again: what the first has taken is no longer waiting.
    locked = Letter.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=ids, state=State.QUEUED
    )
    taken = list(locked.order_by("id"))
    if not taken:
        raise Conflict("Nothing waits to be printed.")
    batch = LetterBatch.objects.create(
        practice_id=actor.practice_id, number=next_number(SERIES, actor=actor), made_by_id=actor.membership_id
    )
    for letter in taken:
        letter.state, letter.batch = State.PRINTED, batch
        letter.save()
        letters.note(letter, outcome=Outcome.PRINTED, channel="post", said=str(batch), actor=actor)
    jobs.enqueue(PDF, actor=actor, key=str(batch.pk), args={"batch_id": str(batch.pk)})
    return batch


@transaction.atomic
def mark_posted(batch: LetterBatch, *, posted_on: date, actor: Actor) -> LetterBatch:
    """Everything of a print run went to the post on a day. Twice is refused."""
    actor.require(PracticePermission.SEND_LETTER)
    locked = LetterBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if locked.state != LetterBatch.State.READY:
        raise Conflict(f"{locked} is {locked.get_state_display().lower()}.")
    first = min(locked.letters.values_list("letter_on", flat=True))
    if not first <= posted_on <= practice_today(actor):
        raise DomainError("Enter the day they were posted, not before they were written.", field="posted_on")
    locked.state, locked.posted_on = LetterBatch.State.POSTED, posted_on
    locked.save()
    for letter in locked.letters.select_for_update(of=("self",), no_key=True).order_by("id"):
        if letter.state == State.PRINTED:
            letter.state = State.SENT
            letter.save()
            letters.note(
                letter, outcome=Outcome.POSTED, channel="post", said=f"{posted_on:%m/%d/%Y}", actor=actor
            )
    return locked


@transaction.atomic
def keep_pdf(batch_id: uuid.UUID, *, content: bytes, actor: Actor) -> None:
    """Keep the file of a print run, once."""
    locked = LetterBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch_id)
    if locked.pdf_id is None:
        name, most = f"print-run-{locked.number}.pdf", 100 * 1024 * 1024
        locked.pdf = attachments.store(content, name=name, record=locked, max_bytes=most, actor=actor)
        locked.state = LetterBatch.State.READY
        locked.save()
