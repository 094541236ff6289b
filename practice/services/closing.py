"""The wish to destroy a practice's data: asked by one owner, approved by another or by the operator, then a wait."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import DestroyRequest, Practice, PracticeExport
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.services.rules import rule

State = DestroyRequest.State
OPEN = (State.WAITING, State.APPROVED)
WAIT = "custody.destroy_wait_days"


def phrase_of(practice: Practice) -> str:
    """What has to be typed, word for word."""
    return f"destroy {practice.slug}"


def wait_days(actor: Actor) -> int:
    """Days from approval to the earliest destruction: the practice's own rule, never fewer than its limit."""
    return int(rule(WAIT, on=practice_today(actor)))


def current(practice_id: uuid.UUID) -> DestroyRequest | None:
    """The open request of a practice, waiting or approved."""
    found = DestroyRequest.objects.filter(practice_id=practice_id, state__in=OPEN)
    return found.select_related("requested_by__user", "approved_by__user").first()


def last_export(practice_id: uuid.UUID) -> datetime | None:
    """When the newest export was made; None when there was none."""
    found = PracticeExport.objects.filter(practice_id=practice_id, finished_at__isnull=False)
    return found.order_by("-finished_at").values_list("finished_at", flat=True).first()


def _typed(phrase: str, *, actor: Actor) -> None:
    practice = Practice.objects.get(pk=actor.practice_id)
    if phrase.strip() != phrase_of(practice):
        raise DomainError(f"Type “{phrase_of(practice)}”, word for word.", field="phrase")


def _member(actor: Actor) -> uuid.UUID:
    """Only a person who is a member: a token belongs to nobody and cannot be the second of two people."""
    if actor.kind != "user" or actor.membership_id is None:
        raise DomainError("Only a signed-in owner can do this.")
    return actor.membership_id


@transaction.atomic
def ask(*, reason: str, phrase: str, actor: Actor) -> DestroyRequest:
    """Ask for the end of the practice's data. Nothing is deleted by this. One open request at a time."""
    actor.require(PracticePermission.DESTROY_PRACTICE)
    actor.require_fresh()
    member = _member(actor)
    if not reason.strip():
        raise DomainError("Say why, in a few words.", field="reason")
    _typed(phrase, actor=actor)
    if DestroyRequest.objects.filter(practice_id=actor.practice_id, state__in=OPEN).exists():
        raise Conflict("There is an open request already.")
    return DestroyRequest.objects.create(
        practice_id=actor.practice_id, reason=reason.strip()[:300], requested_by_id=member
    )


@transaction.atomic
def approve(request: DestroyRequest, *, phrase: str, actor: Actor) -> DestroyRequest:
    """The second owner's word. Refused to the one who asked. The waiting period begins."""
    actor.require(PracticePermission.DESTROY_PRACTICE)
    actor.require_fresh()
    member = _member(actor)
    locked = _waiting(request)
    if locked.requested_by_id == member:
        raise DomainError("You asked for it: another owner, or Wellrun's operator, has to approve.")
    _typed(phrase, actor=actor)
    locked.approved_by_id = member
    return _approved(locked, actor=actor)


@transaction.atomic
def approve_as_operator(
    request: DestroyRequest, *, operator: str, phrase: str, actor: Actor
) -> DestroyRequest:
    """The deployment operator's word instead of a second owner's, by name, from the command line only."""
    if actor.kind != "system":
        raise DomainError("Only the command line can do this.")
    if not operator.strip():
        raise DomainError("Give the operator's name.", field="operator")
    locked = _waiting(request)
    _typed(phrase, actor=actor)
    locked.operator = operator.strip()[:120]
    return _approved(locked, actor=actor)


def _waiting(request: DestroyRequest) -> DestroyRequest:
    locked = DestroyRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request.pk)
    if locked.state != State.WAITING:
        raise Conflict(f"This request is {locked.get_state_display().lower()} already.")
    return locked


def _approved(locked: DestroyRequest, *, actor: Actor) -> DestroyRequest:
    now = clock.now()
    locked.state, locked.approved_at = State.APPROVED, now
    locked.not_before = now + timedelta(days=wait_days(actor))
    locked.save()
    return locked


@transaction.atomic
def withdraw(request: DestroyRequest, *, actor: Actor) -> DestroyRequest:
    """Any owner calls it off, as long as nothing was destroyed."""
    actor.require(PracticePermission.DESTROY_PRACTICE)
    member = _member(actor)
    locked = DestroyRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request.pk)
    if locked.state not in OPEN:
        raise Conflict("This request was withdrawn already.")
    locked.state, locked.withdrawn_by_id, locked.withdrawn_at = State.WITHDRAWN, member, clock.now()
    locked.save()
    return locked
