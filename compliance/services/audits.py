"""Run an audit: start it with every item in force, answer with proof, close when nothing is left open."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from compliance.models import Audit, AuditAnswer, Finding, Programme
from compliance.permissions import CompliancePermission
from compliance.rules import missing_for, still_before_closing
from compliance.selectors.programmes import in_force
from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import Attachment, Location, Membership
from practice.selectors import files
from practice.selectors.days import practice_today
from practice.services import attachments

LENGTH_DAYS = 90
SAID = {
    "notes": {
        "na": "Write why this does not apply here.",
        "": "Attach evidence first, or write here what shows it.",
    },
    "alternative": {"": "This item is addressable: write why it is not reasonable and what is done instead."},
}


@transaction.atomic
def start_audit(
    *,
    actor: Actor,
    programme: Programme,
    name: str,
    location: Location | None = None,
    started_on: date | None = None,
    due_on: date | None = None,
    lead: Membership | None = None,
) -> Audit:
    """Start a round with an open answer for every item in force on its first day.

    Raises DomainError for a name that is taken, a day of the end before the start, or an empty checklist.
    """
    actor.require(CompliancePermission.CHANGE_COMPLIANCE)
    first = started_on or practice_today(actor)
    last = due_on or first + timedelta(days=LENGTH_DAYS)
    if last < first:
        raise DomainError("Enter a last day on or after the first one.", field="due_on")
    if Audit.objects.filter(programme=programme, name=name).exists():
        raise DomainError("This programme has an audit of that name.", field="name")
    items = list(in_force(programme, day=first))
    if not items:
        raise DomainError("This programme asks for nothing on that day.", field="started_on")
    audit = Audit.objects.create(
        practice_id=actor.practice_id,
        programme=programme,
        name=name,
        location=location,
        started_on=first,
        due_on=last,
        lead=lead,
    )
    AuditAnswer.objects.bulk_create(
        AuditAnswer(practice_id=actor.practice_id, audit_round=audit, item=item) for item in items
    )
    return audit


def lock_open(audit_id: uuid.UUID, *, actor: Actor) -> Audit:
    """Lock an audit for work in it. Conflict when it is closed: what was signed off stays as it was."""
    actor.require(CompliancePermission.CHANGE_COMPLIANCE)
    audit = Audit.objects.select_for_update(of=("self",), no_key=True).get(pk=audit_id)
    if audit.state != Audit.State.OPEN:
        raise Conflict(f"{audit} is closed: its answers stay as they are.")
    return audit


@transaction.atomic
def answer(
    record: AuditAnswer, *, actor: Actor, answer: str, notes: str = "", alternative: str = ""
) -> AuditAnswer:
    """Answer an item. Raises DomainError, at its field, while the proof an answer needs is missing."""
    lock_open(record.audit_round_id, actor=actor)
    locked = AuditAnswer.objects.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
    if answer not in AuditAnswer.Answer.values or answer == AuditAnswer.Answer.OPEN:
        raise DomainError("Choose an answer.", field="answer")
    lacks = missing_for(
        answer,
        is_required=locked.item.is_required,
        has_evidence=bool(files.of_record(locked)),
        notes=notes,
        alternative=alternative,
    )
    if lacks:
        raise DomainError(SAID[lacks].get(answer) or SAID[lacks][""], field=lacks)
    locked.answer, locked.notes, locked.alternative = answer, notes.strip(), alternative.strip()
    locked.answered_by_id, locked.answered_on = actor.membership_id, practice_today(actor)
    locked.save()
    return locked


@transaction.atomic
def attach(record: AuditAnswer, *, actor: Actor, file: UploadedFile[Any], note: str = "") -> Attachment:
    """Keep a file as evidence of an answer, while its audit is open."""
    lock_open(record.audit_round_id, actor=actor)
    if file.size and file.size > attachments.MAX_BYTES:
        raise DomainError("The file is larger than 10 MB.", field="file")
    return attachments.store(file.read(), name=file.name or "file", record=record, note=note, actor=actor)


@transaction.atomic
def close_audit(audit: Audit, *, actor: Actor) -> Audit:
    """Close a round. Refused while items are unanswered or high findings open; other findings are worked on."""
    actor.require(CompliancePermission.CLOSE_FINDING)
    locked = lock_open(audit.pk, actor=actor)
    waits = still_before_closing(
        unanswered=locked.answers.filter(answer=AuditAnswer.Answer.OPEN).count(),
        high_findings=Finding.objects.filter(
            answer__audit_round=locked, state=Finding.State.OPEN, severity=Finding.Severity.HIGH
        ).count(),
    )
    if waits:
        raise DomainError(f"Not yet: {waits}.")
    locked.state, locked.closed_on = Audit.State.CLOSED, practice_today(actor)
    locked.save()
    return locked
