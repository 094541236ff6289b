"""Letters: written from a template about a record, printed or e-mailed, come back, printed again. Each step is kept."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from kit.errors import Conflict, DomainError
from practice import jobs
from practice.actor import Actor
from practice.letter_subjects import Addressee, subjects
from practice.models import Attachment, Letter, LetterStep, LetterTemplate, RecordRef
from practice.permissions import PracticePermission
from practice.selectors import letter_compose, letter_templates, records
from practice.selectors.days import practice_today
from practice.services import attachments
from practice.services.letter_channels import CHANNELS, Channel
from practice.services.refs import kind_of, ref_to
from practice.services.sequences import next_number
from practice.services.work import close_items, open_item

SERIES, PDF, TROUBLE = "practice.letter", "practice.letter_pdf", "practice.letter_in_trouble"
State, Outcome = Letter.State, LetterStep.Outcome


@transaction.atomic
def write(*, template: LetterTemplate, about: Any, words: str = "", actor: Actor) -> Letter:
    """Write a letter about a record the actor may see. Refused, with their names, when values are missing.

    The text, its letterhead and its address are kept as they are now; the PDF is made by a job.
    """
    actor.require(PracticePermission.SEND_LETTER)
    day = practice_today(actor)
    version = letter_templates.version_on(template, day=day)
    if version is None or template.retired_on is not None or template.kind != kind_of(about):
        raise DomainError(
            "Choose a template that is published and about this kind of record.", field="template"
        )
    made = letter_compose.compose(
        record=about, kind=template.kind, subject=version.subject, body=version.body,
        language=template.language, words=words, day=day, actor=actor,
    )  # fmt: skip
    if made.missing:
        raise DomainError(
            f"Missing: {', '.join(made.missing)}. Fill it in first, here or on the record.", field="template"
        )
    if not made.to.name.strip():
        raise DomainError("Nobody is known whom this letter could go to.", field="template")
    sheet = made.sheet
    letter = Letter.objects.create(
        practice_id=actor.practice_id,
        number=next_number(SERIES, actor=actor),
        version=version,
        ref=ref_to(about, actor=actor),
        patient_id=made.facts.patient_id,
        recipient=made.to.name[:120],
        letter_on=day,
        content=letter_compose.sealed(sheet),
        written_by_id=actor.membership_id,
    )
    note(letter, outcome=Outcome.WRITTEN, actor=actor)
    jobs.enqueue(PDF, actor=actor, key=str(letter.pk), args={"letter_id": str(letter.pk)})
    return letter


def send_by_post(letter: Letter, *, actor: Actor) -> Letter:
    """Put a letter into the print queue."""
    return send(letter, channel=CHANNELS["post"], actor=actor)


def send_by_email(letter: Letter, *, actor: Actor) -> Letter:
    """E-mail that the letter waits; the letter itself only when it says nothing about anybody."""
    return send(letter, channel=CHANNELS["email"], actor=actor)


def send_online(letter: Letter, *, actor: Actor) -> Letter:
    """E-mail an address that opens the letter with the addressee's date of birth."""
    return send(letter, channel=CHANNELS["web"], actor=actor)


@transaction.atomic
def send(letter: Letter, *, channel: Channel, actor: Actor) -> Letter:
    """Hand a letter to a channel. The person's wishes and address are asked again: they may have changed since."""
    actor.require(PracticePermission.SEND_LETTER)
    locked = taken(letter)
    if not locked.can_send:
        raise Conflict(f"{locked} is {locked.get_state_display().lower()}.")
    sheet, to = letter_compose.opened(locked), addressee_now(locked, actor=actor)
    if channel.code not in to.ways:
        raise DomainError(f"{to.name} does not want letters by {channel.label}.")
    if channel.code == "post" and (to.name, *to.lines) != sheet.to:
        raise DomainError(
            "The address has changed since this letter was written. Cancel it and write it again."
        )
    if refused := channel.refusal(to):
        raise DomainError(refused)
    locked.state = channel.state
    locked.batch = None
    locked.save()
    close_items(locked, kind=TROUBLE, outcome=f"Sent again by {channel.label}", actor=actor)
    note(locked, outcome=channel.outcome, channel=channel.code, actor=actor)
    channel.hand_over(locked, actor=actor)
    return locked


@transaction.atomic
def came_back(letter: Letter, *, reason: str, actor: Actor) -> Letter:
    """The post or a mail server gave it back: somebody must find out where it should go."""
    actor.require(PracticePermission.SEND_LETTER)
    locked = taken(letter)
    if not locked.can_return:
        raise Conflict("Only a letter that went out can come back.")
    return in_trouble(locked, state=State.RETURNED, outcome=Outcome.RETURNED, why=reason, actor=actor)


@transaction.atomic
def cancel(letter: Letter, *, reason: str, actor: Actor) -> Letter:
    """It is not to go out after all; it stays on file."""
    actor.require(PracticePermission.SEND_LETTER)
    locked = taken(letter)
    if not locked.can_cancel:
        raise Conflict(f"{locked} is {locked.get_state_display().lower()} and cannot be cancelled.")
    locked.state = State.CANCELLED
    locked.save()
    close_items(locked, kind=TROUBLE, outcome="Cancelled", actor=actor)
    note(locked, outcome=Outcome.CANCELLED, said=reason, actor=actor)
    return locked


@transaction.atomic
def reprint(letter: Letter, *, actor: Actor) -> Attachment:
    """The very file that was made when the letter was written; who took it again is kept."""
    actor.require(PracticePermission.SEND_LETTER)
    locked = taken(letter)
    if locked.pdf is None:
        raise Conflict("The PDF of this letter is still being made. Try again in a moment.")
    note(locked, outcome=Outcome.REPRINTED, actor=actor)
    file: Attachment = locked.pdf
    return file


@transaction.atomic
def keep_pdf(letter_id: uuid.UUID, *, content: bytes, actor: Actor) -> Attachment:
    """Keep a letter's file, once: a second run keeps the first file."""
    locked = (
        Letter.objects.select_for_update(of=("self",), no_key=True).select_related("pdf").get(pk=letter_id)
    )
    if locked.pdf is None:
        locked.pdf = attachments.store(
            content, name=f"letter-{locked.number}.pdf", record=locked, actor=actor
        )
        locked.save()
    kept: Attachment = locked.pdf
    return kept


def in_trouble(letter: Letter, *, state: str, outcome: str, why: str, actor: Actor) -> Letter:
    """It did not arrive: said on the letter, in its log, and on the list of work. Under the letter's lock."""
    letter.state = state
    letter.save()
    channel = letter.steps.exclude(channel="").order_by("-id").values_list("channel", flat=True).first() or ""
    note(letter, outcome=outcome, channel=channel, said=why, actor=actor)
    open_item(
        TROUBLE,
        record=letter,
        title=f"{letter} {letter.get_state_display().lower()}: find another way",
        permission=PracticePermission.SEND_LETTER,
        due_on=practice_today(actor),
        owner=letter.written_by,
        actor=actor,
    )
    return letter


def note(letter: Letter, *, outcome: str, channel: str = "", said: str = "", actor: Actor) -> LetterStep:
    """Add to the log of a letter."""
    return LetterStep.objects.create(
        practice_id=actor.practice_id,
        letter=letter,
        outcome=outcome,
        channel=channel,
        note=said.strip()[:300],
        by_id=actor.membership_id,
    )


def taken(letter: Letter) -> Letter:
    """The letter under its lock."""
    found = Letter.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("version__template", "ref", "pdf", "written_by__user").get(pk=letter.pk)


def addressee_now(letter: Letter, *, actor: Actor) -> Addressee:
    """Whom the letter's record says it goes to, today."""
    ref: RecordRef = letter.ref
    about = subjects().get(ref.kind)
    if about is None:
        raise DomainError("Whom this letter goes to could not be checked. Try again later.")
    record = records.find(ref.kind, pk=ref.record_id, actor=actor)
    return about.read(record, actor=actor).addressee
