"""Files from outside: kept encrypted in their row, judged when a member takes them, destroyed otherwise.

Nothing here parses what it keeps: a hostile file is a row of ciphertext until somebody asks for it, and then goes
through the judgement of every upload (practice/intake.py, practice/scanning.py) before it becomes an Attachment.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction

from kit import clock
from kit.errors import DomainError
from practice.actor import Actor
from practice.encrypted import reveal
from practice.intake import clean_name
from practice.models import FormField, FormSubmission, QuarantinedFile
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.services import attachments
from practice.services.rules import rule

MAX_BYTES = 5 * 1024 * 1024
State = QuarantinedFile.State
BATCH = 200


def keep(
    content: bytes, *, name: str, field: FormField, submission: FormSubmission, actor: Actor
) -> QuarantinedFile:
    """Keep what was sent. Raises DomainError for what is empty or too large."""
    actor.require(PracticePermission.FILL_FORM)
    if not content:
        raise DomainError("The file is empty.", field=field.key)
    if len(content) > MAX_BYTES:
        raise DomainError(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.", field=field.key)
    return QuarantinedFile.objects.create(
        practice_id=actor.practice_id,
        submission=submission,
        field=field,
        name=clean_name(name),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        sealed=base64.b64encode(content).decode(),
    )


@transaction.atomic
def take(file: QuarantinedFile, *, record: Any, actor: Actor) -> QuarantinedFile:
    """Make it an attachment of a record, or say why it is not taken. Its bytes leave the quarantine either way."""
    actor.require(PracticePermission.REVIEW_SUBMISSIONS)
    locked = _locked(file)
    if locked.state != State.WAITING:
        return locked
    content = base64.b64decode(reveal(locked, "sealed"))
    note = f"Sent from outside: {file.submission}"
    try:
        with transaction.atomic():
            locked.attachment = attachments.store(
                content, name=locked.name, record=record, note=note, actor=actor
            )
    except DomainError as error:
        return _settled(locked, state=State.REFUSED, note=error.message)
    return _settled(locked, state=State.ACCEPTED)


@transaction.atomic
def destroy(file: QuarantinedFile, *, note: str = "", actor: Actor) -> QuarantinedFile:
    """Throw the bytes away; the row says that there was a file and when it went."""
    actor.require(PracticePermission.REVIEW_SUBMISSIONS)
    locked = _locked(file)
    return _settled(locked, state=State.DESTROYED, note=note) if locked.state == State.WAITING else locked


def _locked(file: QuarantinedFile) -> QuarantinedFile:
    return QuarantinedFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file.pk)


def _settled(file: QuarantinedFile, *, state: State, note: str = "") -> QuarantinedFile:
    file.state, file.sealed, file.note, file.settled_at = state, "", note[:300], clock.now()
    file.save()
    return file


def destroy_old(*, actor: Actor) -> int:
    """Destroy a batch of files that nobody looked at in the days of ``form.quarantine_days``; how many."""
    days = int(rule("form.quarantine_days", on=practice_today(actor)))
    before = clock.now() - timedelta(days=days)
    old = QuarantinedFile.objects.filter(state=State.WAITING, submission__sent_at__lt=before)
    rows = list(old.order_by("id")[:BATCH])
    for row in rows:
        destroy(row, note=f"Nobody reviewed it in {days} days", actor=actor)
    return len(rows)
