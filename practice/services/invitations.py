"""Invite somebody by e-mail: make, mail, send again, withdraw, accept.

The secret of the link is made by the job that mails it and kept as SHA-256 only: neither the queue nor the
database could open the door with what they hold.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from kit import clock
from kit.errors import Conflict, DomainError
from practice import jobs
from practice.actor import Actor
from practice.models import (
    Invitation,
    InvitationLocation,
    InvitationRole,
    Location,
    Membership,
    Role,
    TokenLookup,
    User,
)
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.services import guards
from practice.services.people import join
from practice.services.rules import rule
from practice.services.secrets import forget_secrets, register_secret

MAIL = "practice.mail_invitation"
MOST_SENDS = 10


class NoLongerOpen(Conflict):
    """The invitation was accepted, withdrawn or has grown too old."""


@transaction.atomic
def invite(
    *,
    email: str,
    roles: Iterable[Role],
    locations: Iterable[Location] = (),
    name: str = "",
    actor: Actor,
) -> Invitation:
    """Offer a membership to an e-mail address; the link is mailed by a job and works for some days."""
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()
    address, wanted, sites = email.strip().lower(), list(roles), list(locations)
    if not wanted:
        raise DomainError("Choose at least one role.", field="roles")
    guards.may_give_roles(wanted, field="roles", actor=actor)
    guards.may_give_sites(sites, actor=actor)
    if _members(actor).filter(user__email=address).exists():
        raise DomainError("This person is a member already.", field="email")
    if _open().filter(email=address).exists():
        raise DomainError("This address is invited already. Send that invitation again.", field="email")
    invitation = Invitation.objects.create(
        practice_id=actor.practice_id,
        email=address,
        name=name.strip(),
        invited_by_id=actor.membership_id,
        expires_at=_valid_until(actor),
    )
    for role in wanted:
        InvitationRole.objects.create(practice_id=actor.practice_id, invitation=invitation, role=role)
    for site in sites:
        InvitationLocation.objects.create(practice_id=actor.practice_id, invitation=invitation, location=site)
    _ask_to_mail(invitation, actor=actor)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, actor: Actor) -> Invitation:
    """Mail a fresh link and start the days anew; the older link stops working when the new one is made."""
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()
    locked = _locked(invitation)
    if locked.accepted_at is not None or locked.revoked_at is not None:
        raise NoLongerOpen("This invitation is closed. Make a new one.")
    if locked.sends >= MOST_SENDS:
        raise DomainError("This was mailed ten times. Withdraw it and check the address.")
    guards.may_give_roles([link.role for link in _role_links(locked)], field="roles", actor=actor)
    locked.expires_at = _valid_until(actor)
    locked.save()
    _ask_to_mail(locked, actor=actor)
    return locked


@transaction.atomic
def revoke(invitation: Invitation, *, actor: Actor) -> Invitation:
    """Withdraw an open invitation: its link is unknown from now on."""
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()
    locked = _locked(invitation)
    if locked.accepted_at is not None:
        raise NoLongerOpen("This invitation was accepted. End the membership instead.")
    if locked.revoked_at is None:
        locked.revoked_at = clock.now()
        locked.save()
        forget_secrets([locked.id], actor=actor)
    return locked


@transaction.atomic
def renew_secret(invitation: Invitation, *, actor: Actor) -> str | None:
    """Give an open invitation a fresh secret, for the mail that carries it; None when it is closed by now.

    For the mailing job alone: the one caller that ever sees the secret.
    """
    locked = _locked(invitation)
    if locked.accepted_at is not None or locked.revoked_at is not None:
        return None
    forget_secrets([locked.id], actor=actor)
    raw = f"wi_{secrets.token_urlsafe(32)}"
    locked.secret_hash = register_secret(raw, kind=TokenLookup.Kind.INVITATION, row_id=locked.id, actor=actor)
    locked.sent_at = clock.now()
    locked.save()
    return raw


@transaction.atomic
def accept(invitation: Invitation, *, user: User, actor: Actor) -> Membership:
    """Let the invited person in, once. The secret was the permission; whoever calls has checked it.

    Raises ``NoLongerOpen`` when it was used, withdrawn or is too old, 422 when it is somebody else's address.
    """
    locked = _locked(invitation)
    if locked.accepted_at is not None or locked.revoked_at is not None or locked.expires_at <= clock.now():
        raise NoLongerOpen("This invitation no longer works.")
    if user.email.lower() != locked.email:
        raise DomainError("This invitation is for another address. Sign out, then open the link again.")
    guards.one_at_a_time(actor)
    roles = [link.role for link in _role_links(locked)]
    if not roles:  # every role of it was deleted meanwhile
        raise NoLongerOpen("This invitation no longer works.")
    sites = [link.location for link in locked.location_links.select_related("location")]
    membership = _members(actor).filter(user=user).first()
    if membership is None:  # who came in another way meanwhile keeps the roles given there
        membership = join(user, roles=roles, locations=sites, actor=actor)
    locked.accepted_at, locked.membership = clock.now(), membership
    locked.save()
    forget_secrets([locked.id], actor=actor)
    return membership


def _members(actor: Actor) -> QuerySet[Membership]:
    """Live members here: a person's own memberships elsewhere are visible to them, so the practice is named."""
    return Membership.objects.filter(practice_id=actor.practice_id, ended_at=None)


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, revoked_at=None)


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.pk)


def _role_links(invitation: Invitation) -> list[InvitationRole]:
    return list(InvitationRole.objects.filter(invitation=invitation).select_related("role"))


def _valid_until(actor: Actor) -> datetime:
    valid = rule("invitation.valid_days", on=practice_today(actor))
    return clock.now() + timedelta(days=int(valid))


def _ask_to_mail(invitation: Invitation, *, actor: Actor) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(sends=F("sends") + 1)
    invitation.refresh_from_db(fields=["sends"])
    args = {"invitation_id": str(invitation.id)}
    jobs.enqueue(MAIL, actor=actor, key=f"{invitation.id}:{invitation.sends}", args=args)
