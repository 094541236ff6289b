"""Break-glass: open one restricted record in need, for a while; close it; have it reviewed.

HIPAA lets a practice give access in an emergency (45 CFR 164.312(a)(2)(ii)) and asks it to examine what was done
(164.312(b), 164.308(a)(1)(ii)(D)); the need stands in a reason, the limit and the reviewing days in dated rules.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.models import BreakGlass, BreakGlassClosing, BreakGlassReview, Patient
from patients.permissions import PatientPermission
from patients.selectors import restricted
from practice import jobs
from practice.actor import Actor
from practice.models import AuditAccess
from practice.selectors.days import practice_today
from practice.services import deadlines
from practice.services.rules import rule
from practice.services.work import close_items, open_item

ITEM = "patients.break_glass"
NOTICE = "patients.break_glass_notice"
REFUSED = "Break-glass: no restricted record matched"
MINUTES, TRIES, WINDOW = "break_glass.minutes", "break_glass.tries", "break_glass.window_minutes"
REVIEW_DAYS = "break_glass.review_days"
SHORTEST_REASON = 10  # letters: "x" is no reason


class NoMatch(DomainError):
    """No restricted record has this key, or more than one: the answer is the same."""


class TooMany(DomainError):
    """Too many attempts; ``retry_after`` in seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """What a person knows of a restricted patient: the record number, or last name and birth date exactly."""

    mrn: str = ""
    last_name: str = ""
    birth_date: date | None = None


@transaction.atomic
def open_by_key(key: Key, *, reason: str, words: str, actor: Actor) -> BreakGlass:
    """Open the restricted record a key names. Raises NoMatch, TooMany, DomainError (no reason), Forbidden."""
    member = _may_open(actor)
    words = _checked(reason, words=words)
    _lock(member)
    _refuse_too_many(member, actor=actor)
    if not key.mrn and not (key.last_name and key.birth_date):
        raise DomainError("Enter the record number, or the last name and the birth date.", field="mrn")
    matching = list(_matching(key, actor=actor)[:2])
    if len(matching) != 1:
        raise NoMatch(
            "No restricted record matches. Check the record number, or the last name and the birth date.",
            field="mrn" if key.mrn else "last_name",
        )
    return _grant(matching[0], member=member, reason=reason, words=words, actor=actor)


@transaction.atomic
def open_record(patient: Patient, *, reason: str, words: str, actor: Actor) -> BreakGlass:
    """Open the restricted record behind something the actor works on (a claim). Raises as ``open_by_key``."""
    member = _may_open(actor)
    words = _checked(reason, words=words)
    _lock(member)
    _refuse_too_many(member, actor=actor)
    return _grant(patient, member=member, reason=reason, words=words, actor=actor)


def _may_open(actor: Actor) -> uuid.UUID:
    """The member who asks. People only: a token has no need it could explain, nor anybody who answers the review."""
    actor.require(PatientPermission.BREAK_GLASS)
    if actor.kind != "user" or actor.membership_id is None:
        raise Forbidden(PatientPermission.BREAK_GLASS)
    actor.require(PatientPermission.VIEW_PATIENT)
    actor.require_fresh()
    return actor.membership_id


def _lock(member: uuid.UUID) -> None:
    """One attempt of a member at a time: clicks at once do not slip under the limit together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"break-glass:{member}"])


def _checked(reason: str, *, words: str) -> str:
    if reason not in BreakGlass.Reason.values:
        raise DomainError("Choose why the record must be opened.", field="reason")
    words = " ".join(words.split())
    if len(words) < SHORTEST_REASON:
        raise DomainError("Say in a few words why you need this record now.", field="words")
    return words


def _refuse_too_many(member: uuid.UUID, *, actor: Actor) -> None:
    """Attempts, right and wrong, within the window; wrong ones stand in the read log, written after their rollback."""
    today = practice_today(actor)
    tries, minutes = int(rule(TRIES, on=today)), int(rule(WINDOW, on=today))
    since = Now() - timedelta(minutes=minutes)
    wrong = AuditAccess.objects.filter(
        action=AuditAccess.Action.REFUSED, what=REFUSED, created_by=str(actor), created_at__gt=since
    )
    right = BreakGlass.objects.filter(membership_id=member, created_at__gt=since)
    if wrong.count() + right.count() >= tries:
        raise TooMany(
            f"That were {tries} attempts within {minutes} minutes. Wait {minutes} minutes, or ask the privacy officer.",
            retry_after=minutes * 60,
        )


def _matching(key: Key, *, actor: Actor) -> QuerySet[Patient]:
    found = Patient.objects.filter(practice_id=actor.practice_id, is_restricted=True, entered_in_error=False)
    if key.mrn or key.birth_date is None:
        return found.filter(mrn=key.mrn.strip().upper())
    return found.filter(last_name_key=" ".join(key.last_name.split()).lower(), birth_date=key.birth_date)


def _grant(patient: Patient, *, member: uuid.UUID, reason: str, words: str, actor: Actor) -> BreakGlass:
    if restricted.sees(patient, actor=actor):
        raise Conflict("You can see this record already.")
    now, today = clock.now(), practice_today(actor)
    grant = BreakGlass.objects.create(
        practice_id=actor.practice_id,
        membership_id=member,
        patient=patient,
        reason=reason,
        words=words[:300],
        starts_at=now,
        ends_at=deadlines.due_at(rule(MINUTES, on=today), start=now, actor=actor),
    )
    open_item(
        ITEM,
        record=grant,
        title=f"Review why {actor.name} opened a restricted record",
        permission=PatientPermission.REVIEW_BREAK_GLASS,
        due_on=deadlines.due(rule(REVIEW_DAYS, on=today), start=today),
        actor=actor,
    )
    jobs.enqueue(NOTICE, actor=actor, key=str(grant.pk), args={"grant_id": str(grant.pk)})
    return grant


@transaction.atomic
def close(grant: BreakGlass, *, actor: Actor) -> None:
    """Close the own opened record now; closing twice is closing once. Forbidden for somebody else's."""
    if actor.kind != "user" or grant.membership_id != actor.membership_id:
        raise Forbidden(PatientPermission.BREAK_GLASS)
    BreakGlassClosing.objects.bulk_create(
        [BreakGlassClosing(practice_id=actor.practice_id, grant=grant)], ignore_conflicts=True
    )


@transaction.atomic
def review(grant: BreakGlass, *, outcome: str, note: str, actor: Actor) -> BreakGlassReview:
    """Say what was found about an opened record; closes its work item.

    Raises DomainError for the own one, a review without an outcome, or one that is not justified without a note;
    Conflict when somebody has reviewed it.
    """
    actor.require(PatientPermission.REVIEW_BREAK_GLASS)
    note = " ".join(note.split())
    if actor.membership_id is None or grant.membership_id == actor.membership_id:
        raise DomainError("Somebody else must review what you opened yourself.")
    if outcome not in BreakGlassReview.Outcome.values:
        raise DomainError("Choose what you found.", field="outcome")
    if outcome != BreakGlassReview.Outcome.JUSTIFIED and not note:
        raise DomainError("Say what you found, and what follows from it.", field="note")
    found = BreakGlassReview(
        practice_id=actor.practice_id,
        grant=grant,
        outcome=outcome,
        note=note[:300],
        reviewer_id=actor.membership_id,
    )
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError:
        raise Conflict("This was reviewed meanwhile.") from None
    close_items(grant, kind=ITEM, outcome=found.get_outcome_display(), actor=actor)
    return found
