"""What people outside send: taken once, reviewed by a member, accepted into a record or rejected."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from kit import clock
from kit.errors import Conflict, DomainError
from practice import events
from practice.actor import Actor
from practice.encrypted import reveal
from practice.form_purposes import purpose_of
from practice.models import (
    FormAnswer,
    FormField,
    FormSubmission,
    FormVersion,
    PublicLink,
    PublicLinkEvent,
    QuarantinedFile,
)
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.services import quarantine
from practice.services.refs import ref_to, resolve
from practice.services.rules import rule
from practice.services.sequences import next_number
from practice.services.work import close_items, open_item

ITEM = "practice.submission"
State = FormSubmission.State
Kind = FormField.Kind


class Closed(Exception):
    """The link was used up, ended or expired meanwhile."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file as it came: what its sender calls it, and its bytes."""

    name: str
    content: bytes


@transaction.atomic
def submit(
    version: FormVersion,
    *,
    answers: Mapping[str, Any],
    files: Mapping[str, Upload],
    nonce: str,
    actor: Actor,
) -> FormSubmission:
    """Keep what was sent through the actor's link. The same page sent twice is one submission.

    ``answers`` are clean values by short name. Raises Closed when the link opens nothing any more, DomainError (field:
    the question) for a file that is empty or too large. Nothing else happens until a member has looked at it.
    """
    actor.require(PracticePermission.FILL_FORM)
    link = PublicLink.objects.select_for_update(of=("self",), no_key=True).get(pk=str(actor.id))
    before = FormSubmission.objects.filter(link=link, nonce=nonce).first()
    if before is not None:
        return before
    now = clock.now()
    if not link.is_live(now=now):
        raise Closed
    submission = FormSubmission.objects.create(
        practice_id=actor.practice_id,
        number=next_number("practice.submission", actor=actor),
        form_id=link.form_id,
        version=version,
        link=link,
        nonce=nonce,
        sent_at=now,
    )
    _keep(submission, version=version, answers=answers, files=files, actor=actor)
    PublicLink.objects.filter(pk=link.pk).update(uses=F("uses") + 1, last_sent_at=now)
    PublicLinkEvent.objects.create(practice_id=actor.practice_id, link=link, kind=PublicLinkEvent.Kind.SENT)
    _put_on_the_list(submission, actor=actor)
    events.emit("submission.received", actor=actor, submission_id=submission.pk)
    return submission


def _keep(
    submission: FormSubmission,
    *,
    version: FormVersion,
    answers: Mapping[str, Any],
    files: Mapping[str, Upload],
    actor: Actor,
) -> None:
    """A row for each question that was answered, and one for each file."""
    fields = {field.key: field for section in version.sections.all() for field in section.fields.all()}
    for key, value in answers.items():
        if value not in (None, ""):
            _answer(fields[key], value=value, submission=submission).save(force_insert=True)
    for key, upload in files.items():
        quarantine.keep(
            upload.content, name=upload.name, field=fields[key], submission=submission, actor=actor
        )


def _answer(field: FormField, *, value: Any, submission: FormSubmission) -> FormAnswer:
    """The row of one answer: in its own column, or encrypted as text when the question is sensitive."""
    answer = FormAnswer(practice_id=submission.practice_id, submission=submission, field=field)
    if field.is_sensitive:
        answer.sealed = _words(field, value=value)
    elif field.kind == Kind.DATE:
        answer.day = value
    elif field.kind == Kind.NUMBER:
        answer.number = value
    elif field.kind in (Kind.YES_NO, Kind.CONSENT):
        answer.yes = value
    elif field.kind == Kind.CHOICE:
        answer.choice = next(choice for choice in field.choices.all() if choice.label == value)
    else:
        answer.text = value
    return answer


def _words(field: FormField, *, value: Any) -> str:
    if field.kind in (Kind.YES_NO, Kind.CONSENT):
        return "Yes" if value else "No"
    return value.isoformat() if field.kind == Kind.DATE else str(value)


def said(answer: FormAnswer) -> Any:
    """The value of an answer as it was given; a sensitive one as text."""
    if answer.sealed:
        return reveal(answer, "sealed")
    kind = answer.field.kind
    if kind == Kind.DATE:
        return answer.day
    if kind == Kind.NUMBER:
        return answer.number
    if kind in (Kind.YES_NO, Kind.CONSENT):
        return answer.yes
    return answer.choice.label if answer.choice is not None else answer.text


def answers_of(submission: FormSubmission) -> list[tuple[FormField, Any]]:
    """Every question that was answered with what was said, in the order of the form."""
    rows = FormAnswer.objects.filter(submission=submission).select_related("field__section", "choice")
    found = rows.order_by("field__section__position", "field__position")
    return [(row.field, said(row)) for row in found]


@transaction.atomic
def accept(submission: FormSubmission, *, discard: Collection[str] = (), actor: Actor) -> FormSubmission:
    """Make of it what its purpose makes, and attach its files; those named in ``discard`` are destroyed.

    A file that fails the judgement of uploads is not taken, and its row says why; the rest goes on.
    """
    locked = _waiting(submission, actor=actor)
    purpose = purpose_of(locked.form.purpose)
    answers = {field.key: value for field, value in answers_of(locked)}
    about = resolve(locked.link.ref) if locked.link.ref is not None else None
    record = purpose.take(locked, answers=answers, about=about, actor=actor)
    if record is not None:
        locked.result = ref_to(record, actor=actor)
    for file in QuarantinedFile.objects.filter(submission=locked).select_related("submission").order_by("id"):
        if str(file.pk) in discard:
            quarantine.destroy(file, note="Not kept by whoever reviewed it", actor=actor)
        else:
            quarantine.take(file, record=record if record is not None else locked, actor=actor)
    return _reviewed(locked, state=State.ACCEPTED, note="", actor=actor)


@transaction.atomic
def reject(submission: FormSubmission, *, reason: str, actor: Actor) -> FormSubmission:
    """Nothing comes of it: its files are destroyed, its answers stay with the reason."""
    locked = _waiting(submission, actor=actor)
    said_why = reason.strip()[:500]
    if not said_why:
        raise DomainError("Say why, in a few words.", field="reason")
    for file in QuarantinedFile.objects.filter(submission=locked).order_by("id"):
        quarantine.destroy(file, note="The submission was rejected", actor=actor)
    return _reviewed(locked, state=State.REJECTED, note=said_why, actor=actor)


def _waiting(submission: FormSubmission, *, actor: Actor) -> FormSubmission:
    actor.require(PracticePermission.REVIEW_SUBMISSIONS)
    locked = (
        FormSubmission.objects.select_for_update(of=("self",), no_key=True)
        .select_related("form", "link__ref")
        .get(pk=submission.pk)
    )
    actor.require(purpose_of(locked.form.purpose).review_permission)
    if locked.state != State.WAITING:
        raise Conflict(f"{locked} is {locked.get_state_display().lower()} already.")
    return locked


def _reviewed(submission: FormSubmission, *, state: State, note: str, actor: Actor) -> FormSubmission:
    submission.state, submission.note = state, note
    submission.reviewed_by_id, submission.reviewed_at = actor.membership_id, clock.now()
    submission.save()
    close_items(submission, kind=ITEM, outcome=str(State(state).label), actor=actor)
    return submission


def _put_on_the_list(submission: FormSubmission, *, actor: Actor) -> None:
    """Somebody has to look at it. The item names the form, never what was said."""
    today = practice_today(actor)
    open_item(
        ITEM,
        record=submission,
        title=f"{submission}, {submission.form}: review what was sent",
        permission=purpose_of(submission.form.purpose).review_permission,
        due_on=today + timedelta(days=int(rule("form.review_days", on=today))),
        actor=actor,
    )


def new_nonce() -> str:
    """What makes a page one page."""
    return uuid.uuid4().hex
