"""Who may approve what, up to which amount, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction

from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.approvals import kind_of
from practice.models import ApprovalLimit, Delegation, DelegationKind, Membership, Role
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today

LONGEST_DAYS = 366


@transaction.atomic
def add_limit(
    *,
    kind: str,
    role: Role,
    step: int = 1,
    above: Decimal | None = None,
    up_to: Decimal | None = None,
    effective_from: date,
    effective_to: date | None = None,
    actor: Actor,
) -> ApprovalLimit:
    """Let a role decide a step of a kind, up to an amount. What was decided stays decided."""
    actor.require(PracticePermission.CHANGE_APPROVAL_LIMITS)
    actor.require_fresh()
    declared = kind_of(kind)
    if not role.permissions.filter(permission=str(declared.decide_permission)).exists():
        raise DomainError(
            f"The role {role} cannot decide this at all. Give it that permission first.", field="role"
        )
    if not declared.has_amount and (above or up_to is not None):
        raise DomainError("This kind of approval has no amount. Leave it empty.", field="up_to")
    return ApprovalLimit.objects.create(
        practice_id=actor.practice_id,
        kind=kind,
        role=role,
        step=step,
        above=above or Decimal(0),
        up_to=up_to,
        effective_from=effective_from,
        effective_to=effective_to,
    )


@transaction.atomic
def end_limit(limit: ApprovalLimit, *, actor: Actor) -> ApprovalLimit:
    """Take a limit back: out of force from today on. What was decided by it stays decided."""
    actor.require(PracticePermission.CHANGE_APPROVAL_LIMITS)
    actor.require_fresh()
    locked = ApprovalLimit.objects.select_for_update(of=("self",), no_key=True).get(pk=limit.pk)
    if locked.ended_on is not None:
        raise Conflict("This limit was taken back already.")
    locked.ended_on = practice_today(actor)
    locked.save()
    return locked


@transaction.atomic
def delegate(
    *,
    deputy: Membership,
    starts_on: date,
    ends_on: date,
    kinds: Iterable[str] = (),
    reason: str = "",
    actor: Actor,
) -> Delegation:
    """Let somebody stand in for the actor from day to day: for these kinds, or for everything when none is named.

    It hands on nothing but the actor's own say, and only while both are members.
    """
    actor.require(PracticePermission.VIEW_APPROVALS)
    if actor.kind != "user" or actor.membership_id is None:
        raise DomainError("Only a signed-in person can name a stand-in.")
    if deputy.pk == actor.membership_id:
        raise DomainError("Choose somebody else.", field="deputy")
    if deputy.ended_at is not None:
        raise DomainError("Choose somebody who works here.", field="deputy")
    if ends_on < max(starts_on, practice_today(actor)):
        raise DomainError("Enter a last day that is still to come, after the first.", field="ends_on")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise DomainError(f"Enter at most {LONGEST_DAYS} days.", field="ends_on")
    made = Delegation.objects.create(
        practice_id=actor.practice_id,
        member_id=actor.membership_id,
        deputy=deputy,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip()[:200],
    )
    for key in dict.fromkeys(kinds):
        DelegationKind.objects.create(practice_id=actor.practice_id, delegation=made, kind=kind_of(key).key)
    return made


@transaction.atomic
def end_delegation(delegation: Delegation, *, actor: Actor) -> Delegation:
    """Take a delegation back: by whoever gave or got it, or by who sees every approval."""
    actor.require(PracticePermission.VIEW_APPROVALS)
    locked = Delegation.objects.select_for_update(of=("self",), no_key=True).get(pk=delegation.pk)
    if actor.membership_id not in (locked.member_id, locked.deputy_id):
        actor.require(PracticePermission.VIEW_EVERY_APPROVAL)
    if locked.ended_on is not None:
        raise Conflict("This was taken back already.")
    locked.ended_on = practice_today(actor)
    locked.save()
    return locked
