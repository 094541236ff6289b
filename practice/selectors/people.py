"""Who may act here. The only doors to memberships and tokens."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils import timezone

from practice.actor import Actor
from practice.models import (
    ApiToken,
    Membership,
    MembershipLocation,
    Practice,
    RolePermission,
    User,
)


def practices_of(user: User) -> QuerySet[Practice]:
    """The practices a user is a member of. Works before a practice is chosen (policy on ``app.user_id``)."""
    current = Membership.objects.filter(user=user, ended_at=None).values("practice_id")
    return Practice.objects.filter(id__in=current).order_by("name")


def user_actor(*, user: User, practice: Practice, request_id: str) -> Actor | None:
    """What a user is in this practice, or None when not a member. Inside ``acting_in`` that practice."""
    membership = Membership.objects.filter(practice=practice, user=user, ended_at=None).first()
    if membership is None:
        return None
    granted = RolePermission.objects.filter(role__member_links__membership=membership)
    sites = MembershipLocation.objects.filter(membership=membership)
    return Actor(
        kind="user",
        id=user.id,
        user_id=user.id,
        membership_id=membership.id,
        practice_id=practice.id,
        name=user.name or user.email,
        permissions=frozenset(granted.values_list("permission", flat=True)),
        locations=frozenset(sites.values_list("location_id", flat=True)),
        request_id=request_id,
    )


def token_actor(*, token_id: uuid.UUID, practice: Practice, request_id: str) -> Actor | None:
    """What a live token may do here, or None. Inside ``acting_in`` that practice."""
    token = (
        ApiToken.objects.filter(pk=token_id, revoked_at=None, expires_at__gt=timezone.now())
        .select_related("role", "membership")
        .first()
    )
    if token is None or (token.membership is not None and token.membership.ended_at is not None):
        return None
    granted = RolePermission.objects.filter(role=token.role)
    return Actor(
        kind="token",
        id=token.id,
        membership_id=token.membership_id,
        practice_id=practice.id,
        name=token.name,
        permissions=frozenset(granted.values_list("permission", flat=True)),
        request_id=request_id,
    )


def members(actor: Actor) -> QuerySet[Membership]:
    """Everyone with a way into the practice."""
    return Membership.objects.filter(practice_id=actor.practice_id, ended_at=None).select_related("user")
