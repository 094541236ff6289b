"""Give and end ways into a practice: memberships and API tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kit.errors import DomainError
from practice.actor import Actor
from practice.models import (
    ApiToken,
    Location,
    Membership,
    MembershipLocation,
    MembershipRole,
    Role,
    TokenLookup,
    User,
)
from practice.permissions import PracticePermission
from practice.services.displays import end_displays_of
from practice.services.secrets import forget_secrets, register_secret


@transaction.atomic
def admit(
    user: User, *, roles: Iterable[str], locations: Iterable[Location] = (), actor: Actor
) -> Membership:
    """Make a user a member with these role codes (at these sites only, when given)."""
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()
    codes = set(roles)
    found = {role.code: role for role in Role.objects.filter(code__in=codes)}
    if missing := codes - set(found):
        raise DomainError(f"There is no role called {', '.join(sorted(missing))}.", field="roles")
    membership, _ = Membership.objects.update_or_create(
        practice_id=actor.practice_id, user=user, defaults={"ended_at": None}
    )
    for role in found.values():
        MembershipRole.objects.get_or_create(practice_id=actor.practice_id, membership=membership, role=role)
    for location in locations:
        MembershipLocation.objects.get_or_create(
            practice_id=actor.practice_id, membership=membership, location=location
        )
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, actor: Actor) -> None:
    """Close a member's way into this practice and revoke the tokens made under it, at once."""
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()
    now = timezone.now()
    locked = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    locked.ended_at = now
    locked.save()
    ApiToken.objects.filter(membership=locked, revoked_at=None).update(revoked_at=now)
    end_displays_of(locked, actor=actor)


@transaction.atomic
def issue_token(name: str, *, role: Role, days: int = 90, actor: Actor) -> tuple[ApiToken, str]:
    """Make an API token. The second value is the token itself: shown once, kept nowhere."""
    actor.require(PracticePermission.CHANGE_TOKENS)
    actor.require_fresh()
    raw = f"wr_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        practice_id=actor.practice_id,
        name=name,
        prefix=raw[:8],
        role=role,
        membership_id=actor.membership_id,
        expires_at=timezone.now() + timedelta(days=days),
    )
    token.token_hash = register_secret(raw, kind=TokenLookup.Kind.TOKEN, row_id=token.id, actor=actor)
    token.save()
    return token, raw


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Actor) -> None:
    """End a token now."""
    actor.require(PracticePermission.CHANGE_TOKENS)
    actor.require_fresh()
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    forget_secrets([token.id], actor=actor)
