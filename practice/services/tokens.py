"""API tokens: make, replace without a gap, end."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import ApiToken, Role, TokenLookup
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.services import guards
from practice.services.rules import rule
from practice.services.secrets import forget_secrets, register_secret

LONGEST_DAYS = 365


@transaction.atomic
def issue_token(name: str, *, role: Role, days: int = 90, actor: Actor) -> tuple[ApiToken, str]:
    """Make an API token. The second value is the token itself: shown once, kept nowhere.

    It works at its maker's sites, until ``days`` from now or its maker's membership ends.
    """
    actor.require(PracticePermission.CHANGE_TOKENS)
    actor.require_fresh()
    if not 1 <= days <= LONGEST_DAYS:
        raise DomainError(f"Enter between 1 and {LONGEST_DAYS} days.", field="days")
    guards.may_give_roles([role], field="role", actor=actor)
    return _make(name, role=role, lives=timedelta(days=days), actor=actor)


def _make(name: str, *, role: Role, lives: timedelta, actor: Actor) -> tuple[ApiToken, str]:
    raw = f"wr_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        practice_id=actor.practice_id,
        name=name,
        prefix=raw[:8],
        role=role,
        membership_id=actor.membership_id,
        expires_at=clock.now() + lives,
    )
    token.token_hash = register_secret(raw, kind=TokenLookup.Kind.TOKEN, row_id=token.id, actor=actor)
    token.save()
    return token, raw


@transaction.atomic
def rotate_token(token: ApiToken, *, actor: Actor) -> tuple[ApiToken, str]:
    """Replace a live token by a new one of the same role and length; the old one lives on for some hours.

    The overlap is the parameter ``token.overlap_hours``. The new secret is shown once.
    """
    actor.require(PracticePermission.CHANGE_TOKENS)
    actor.require_fresh()
    old = ApiToken.objects.select_for_update(of=("self",), no_key=True).get(pk=token.pk)
    now = clock.now()
    if old.revoked_at is not None or old.expires_at <= now or old.successor_id is not None:
        raise Conflict("This token has ended or was replaced already. Make a new one.")
    guards.may_give_roles([old.role], field="role", actor=actor)
    new, raw = _make(old.name, role=old.role, lives=old.expires_at - old.created_at, actor=actor)
    old.successor = new
    old.expires_at = min(old.expires_at, now + timedelta(hours=_overlap_hours(actor)))
    old.save()
    return new, raw


def _overlap_hours(actor: Actor) -> int:
    return int(rule("token.overlap_hours", on=practice_today(actor)))


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Actor) -> None:
    """End a token now."""
    actor.require(PracticePermission.CHANGE_TOKENS)
    actor.require_fresh()
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now())
    forget_secrets([token.id], actor=actor)
