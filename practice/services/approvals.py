"""Ask for an approval, decide it, ask back, ask anew, withdraw it. Nobody decides what they asked for, by any path.

A decision needs a signed-in person: programs and tokens ask at most. The last decision and its effect are one
transaction, so an effect that fails leaves the request undecided; two people at once find one row lock.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from kit.money import round_cents
from practice import approval_rules, events
from practice.actor import Actor
from practice.approvals import ApprovalKind, kind_of
from practice.models import ApprovalEvent, ApprovalRequest
from practice.permissions import PracticePermission
from practice.selectors import authority
from practice.selectors.approvals import subject_of
from practice.selectors.authority import Principal
from practice.selectors.days import practice_today
from practice.services.approval_work import off_the_list, put_on_the_list
from practice.services.refs import ref_to
from practice.services.rules import rule
from practice.services.sequences import next_number

State = ApprovalRequest.State
Outcome = ApprovalEvent.Outcome
DUE, EXPIRE = "approval.due_days", "approval.expire_days"
CHANGED = "This has changed since it was asked for. Whoever asked has to ask again, so that you see what you approve."


@transaction.atomic
def ask(
    kind: str, *, subject: Any, reason: str, amount: Decimal | None = None, actor: Actor
) -> ApprovalRequest:
    """Ask somebody else to agree. Nothing happens to ``subject`` by this.

    Raises DomainError when nobody else could decide it, Conflict when it is asked for already.
    """
    declared = kind_of(kind)
    actor.require(declared.ask_permission)
    asker = _asker(actor)
    today = practice_today(actor)
    ref = ref_to(subject, actor=actor)
    if ApprovalRequest.objects.filter(kind=kind, ref=ref, state__in=ApprovalRequest.OPEN).exists():
        raise Conflict("This has been asked for already and is not decided yet.")
    request = ApprovalRequest(
        practice_id=actor.practice_id,
        number=next_number("practice.approval", actor=actor),
        kind=kind,
        ref=ref,
        amount=_checked(amount, kind=declared),
        reason=_said(reason, field="reason"),
        digest=approval_rules.digest(declared.shown(subject), amount=amount),
        requested_by_id=asker,
        asked_on=today,
        due_on=today + timedelta(days=int(rule(DUE, on=today))),
        expires_on=today + timedelta(days=int(rule(EXPIRE, on=today))),
    )
    _somebody_can(request, kind=declared, actor=actor)
    request.save(force_insert=True)
    _say(request, outcome=Outcome.ASKED, member=asker, note=request.reason)
    put_on_the_list(request, kind=declared, actor=actor)
    events.emit("approval.asked", actor=actor, approval_id=request.pk)
    return request


@transaction.atomic
def approve(request: ApprovalRequest, *, note: str = "", actor: Actor) -> ApprovalRequest:
    """Agree to the next step. The last step's word carries the matter out, in this transaction."""
    locked, kind = _waiting(request, actor=actor)
    principal = _authority(locked, kind=kind, actor=actor)
    subject = _seen_and_held(locked, actor=actor)
    if approval_rules.digest(kind.shown(subject), amount=locked.amount) != locked.digest:
        raise Conflict(CHANGED)
    _say(
        locked,
        outcome=Outcome.APPROVED,
        member=actor.membership_id,
        on_behalf_of=principal.member,
        note=note.strip()[:500],
    )
    left = [step for step in steps_of(locked, kind=kind, actor=actor) if step > locked.step]
    if left:
        locked.step = left[0]
        locked.save()
        put_on_the_list(locked, kind=kind, actor=actor)
        return locked
    _close(locked, state=State.APPROVED, outcome="Approved", actor=actor)
    kind.carry_out(subject, request=locked, actor=actor)
    return locked


@transaction.atomic
def refuse(request: ApprovalRequest, *, note: str, actor: Actor) -> ApprovalRequest:
    """Say no, and why."""
    locked, kind = _waiting(request, actor=actor)
    principal = _authority(locked, kind=kind, actor=actor)
    subject = _seen_and_held(locked, actor=actor)
    said = _said(note, field="note")
    _say(
        locked, outcome=Outcome.REFUSED, member=actor.membership_id, on_behalf_of=principal.member, note=said
    )
    _close(locked, state=State.REFUSED, outcome="Refused", actor=actor)
    kind.give_up(subject, request=locked, actor=actor)
    return locked


@transaction.atomic
def ask_back(request: ApprovalRequest, *, note: str, actor: Actor) -> ApprovalRequest:
    """Ask whoever asked, before deciding."""
    locked, kind = _waiting(request, actor=actor)
    principal = _authority(locked, kind=kind, actor=actor)
    said = _said(note, field="note")
    _say(
        locked,
        outcome=Outcome.ASKED_BACK,
        member=actor.membership_id,
        on_behalf_of=principal.member,
        note=said,
    )
    locked.state = State.ASKED_BACK
    locked.save()
    put_on_the_list(locked, kind=kind, actor=actor)
    return locked


@transaction.atomic
def ask_again(request: ApprovalRequest, *, note: str, actor: Actor) -> ApprovalRequest:
    """Answer what was asked back, or ask anew for what has changed: a new round, from the first step."""
    locked = _mine(request, actor=actor)
    kind = kind_of(locked.kind)
    subject = _seen_and_held(locked, actor=actor)
    said = _said(note, field="note")
    locked.digest = approval_rules.digest(kind.shown(subject), amount=locked.amount)
    locked.round, locked.state = locked.round + 1, State.WAITING
    _somebody_can(locked, kind=kind, actor=actor)
    locked.save()
    _say(locked, outcome=Outcome.ANSWERED, member=actor.membership_id, note=said)
    put_on_the_list(locked, kind=kind, actor=actor)
    return locked


@transaction.atomic
def withdraw(request: ApprovalRequest, *, reason: str, actor: Actor) -> ApprovalRequest:
    """Take back what one asked for, and say why."""
    locked = _mine(request, actor=actor)
    said = _said(reason, field="reason")
    _say(locked, outcome=Outcome.WITHDRAWN, member=actor.membership_id, note=said)
    _close(locked, state=State.WITHDRAWN, outcome="Withdrawn", actor=actor)
    _give_up(locked, actor=actor)
    return locked


@transaction.atomic
def expire(request: ApprovalRequest, *, actor: Actor) -> bool:
    """Let a request end that nobody decided in its time; only the program itself does this. False when it is over."""
    locked = _locked(request)
    if not locked.is_open or locked.expires_on >= practice_today(actor):
        return False
    _say(locked, outcome=Outcome.EXPIRED, member=None)
    _close(locked, state=State.EXPIRED, outcome="Expired", actor=actor)
    _give_up(locked, actor=actor)
    return True


@transaction.atomic
def escalate(request: ApprovalRequest, *, actor: Actor) -> bool:
    """Say once that a request is overdue; it stays with whoever may decide it. False when that was said."""
    locked = _locked(request)
    today = practice_today(actor)
    if not locked.is_open or locked.escalated_on is not None or locked.due_on >= today:
        return False
    locked.escalated_on = today
    locked.save()
    _say(locked, outcome=Outcome.ESCALATED, member=None)
    put_on_the_list(locked, kind=kind_of(locked.kind), actor=actor)
    return True


def steps_of(request: ApprovalRequest, *, kind: ApprovalKind, actor: Actor) -> list[int]:
    """The steps the request's amount takes by the limits in force today."""
    limits = authority.limits_on(practice_today(actor), kinds=[kind.key])[kind.key]
    return approval_rules.steps(limits, amount=request.amount)


def _asker(actor: Actor) -> uuid.UUID:
    """Who asks: the person, or the member whose token asks for them."""
    if actor.kind not in ("user", "token") or actor.membership_id is None:
        raise DomainError("A person has to ask for this: sign in, or use a token that a member made.")
    return actor.membership_id


def _checked(amount: Decimal | None, *, kind: ApprovalKind) -> Decimal | None:
    if not kind.has_amount:
        return None
    if amount is None or amount <= 0 or amount != round_cents(amount):
        raise DomainError("Enter an amount above zero, in whole cents.", field="amount")
    return amount


def _said(text: str, *, field: str) -> str:
    said = text.strip()[:500]
    if not said:
        raise DomainError("Say why, in a few words.", field=field)
    return said


def _somebody_can(request: ApprovalRequest, *, kind: ApprovalKind, actor: Actor) -> None:
    """Refuse what nobody could ever decide; sets the first step."""
    limits = authority.limits_on(practice_today(actor), kinds=[kind.key])[kind.key]
    wanted = approval_rules.steps(limits, amount=request.amount)
    request.step = wanted[0] if wanted else 1
    if not wanted or approval_rules.uncovered(limits, amount=request.amount):
        raise DomainError(
            "Nobody’s limit reaches this amount. Ask an owner to set one under Approval limits."
        )
    for step in wanted:
        close = {request.requested_by_id}
        if not authority.who_could(kind, step=step, request=request, limits=limits, close=close):
            raise DomainError("Nobody but you could approve this. Another member needs that right first.")


def _locked(request: ApprovalRequest) -> ApprovalRequest:
    return (
        ApprovalRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("ref", "requested_by__user")
        .get(pk=request.pk)
    )


def _waiting(request: ApprovalRequest, *, actor: Actor) -> tuple[ApprovalRequest, ApprovalKind]:
    """The request under lock, if it waits for a decision."""
    actor.require(PracticePermission.VIEW_APPROVALS)
    locked = _locked(request)
    if locked.state != State.WAITING:
        raise Conflict(f"{locked} is {locked.get_state_display().lower()}: there is nothing to decide now.")
    return locked, kind_of(locked.kind)


def _mine(request: ApprovalRequest, *, actor: Actor) -> ApprovalRequest:
    """The request under lock, if it is open and the actor's own."""
    actor.require(PracticePermission.VIEW_APPROVALS)
    locked = _locked(request)
    if actor.kind != "user" or locked.requested_by_id != actor.membership_id:
        raise DomainError("Only the person who asked can do this.")
    if not locked.is_open:
        raise Conflict(f"{locked} is {locked.get_state_display().lower()} already.")
    return locked


def _authority(request: ApprovalRequest, *, kind: ApprovalKind, actor: Actor) -> Principal:
    """On whose authority the actor decides. Raises DomainError in words when on nobody's."""
    if actor.kind != "user" or actor.membership_id is None:
        raise DomainError("A person decides this: sign in. A token or program cannot.")
    if actor.membership_id == request.requested_by_id:
        raise DomainError("You asked for this, so somebody else has to decide it.")
    found = authority.authority_over(request, kind=kind, actor=actor, day=practice_today(actor))
    if found is not None:
        return found
    if actor.membership_id in authority.involved(request):
        raise DomainError("You have decided an earlier step of this. The next one needs somebody else.")
    raise DomainError("This is beyond what you may approve, or those you stand in for may.")


def _seen_and_held(request: ApprovalRequest, *, actor: Actor) -> Any:
    """The record under lock, if the actor may see it: nobody decides about what they cannot open."""
    seen = subject_of(request, actor=actor)
    if seen is None:
        raise DomainError("You cannot see the record this is about, so you cannot decide it.")
    return type(seen).objects.select_for_update(of=("self",), no_key=True).get(pk=seen.pk)


def _say(
    request: ApprovalRequest,
    *,
    outcome: Outcome,
    member: uuid.UUID | None,
    on_behalf_of: uuid.UUID | None = None,
    note: str = "",
) -> None:
    ApprovalEvent.objects.create(
        practice_id=request.practice_id,
        approval=request,
        outcome=outcome,
        round=request.round,
        step=request.step,
        asker_id=request.requested_by_id,
        member_id=member,
        on_behalf_of_id=on_behalf_of or member,
        digest=request.digest,
        note=note,
        said_at=clock.now(),
    )


def _give_up(request: ApprovalRequest, *, actor: Actor) -> None:
    """What follows when it ended without a decision; the record may be out of the actor's sight by now, or gone."""
    model = apps.get_model(request.ref.kind)
    subject = (
        model.objects.select_for_update(of=("self",), no_key=True).filter(pk=request.ref.record_id).first()
    )
    if subject is not None:
        kind_of(request.kind).give_up(subject, request=request, actor=actor)


def _close(request: ApprovalRequest, *, state: State, outcome: str, actor: Actor) -> None:
    request.state, request.decided_at = state, clock.now()
    request.save()
    off_the_list(request, outcome=outcome, actor=actor)
    events.emit("approval.decided", actor=actor, approval_id=request.pk)
