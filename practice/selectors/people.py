"""Who may act here. The only doors to memberships and tokens."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from kit import clock
from practice.actor import Actor
from practice.models import Membership, MembershipRole, Practice, User


def practices_of(user: User) -> QuerySet[Practice]:
    """The practices a user is a member of. Works before a practice is chosen (policy on ``app.user_id``)."""
    current = Membership.objects.filter(user=user, ended_at=None).values("practice_id")
    return Practice.objects.filter(id__in=current).order_by("name")


# Asked at every request, so each is one statement: who it is, what the roles add up to, which sites.
_PERMISSIONS = "ARRAY(SELECT DISTINCT p.permission FROM practice_rolepermission p"
USER = f"""
SELECT m.id,
  {_PERMISSIONS} JOIN practice_membershiprole l ON l.practice_id = p.practice_id AND l.role_id = p.role_id
    WHERE l.practice_id = m.practice_id AND l.membership_id = m.id),
  ARRAY(SELECT s.location_id::text FROM practice_membershiplocation s
    WHERE s.practice_id = m.practice_id AND s.membership_id = m.id)
FROM practice_membership m WHERE m.practice_id = %s AND m.user_id = %s AND m.ended_at IS NULL
"""  # noqa: S608 (constants above; every value travels as a parameter)
TOKEN = f"""
SELECT t.membership_id, {_PERMISSIONS} WHERE p.practice_id = t.practice_id AND p.role_id = t.role_id), t.name,
  ARRAY(SELECT s.location_id::text FROM practice_membershiplocation s
    WHERE s.practice_id = t.practice_id AND s.membership_id = t.membership_id)
FROM practice_apitoken t
LEFT JOIN practice_membership m ON m.practice_id = t.practice_id AND m.id = t.membership_id
WHERE t.practice_id = %s AND t.id = %s AND t.revoked_at IS NULL AND t.expires_at > %s
  AND m.ended_at IS NULL
"""  # noqa: S608


def _one(sql: str, values: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def user_actor(*, user: User, practice: Practice, request_id: str) -> Actor | None:
    """What a user is in this practice, or None when not a member. Inside ``acting_in`` that practice."""
    found = _one(USER, [str(practice.id), str(user.id)])
    if found is None:
        return None
    membership_id, permissions, locations = found
    return Actor(
        kind="user",
        id=user.id,
        user_id=user.id,
        membership_id=membership_id,
        practice_id=practice.id,
        name=user.name or user.email,
        permissions=frozenset(permissions),
        locations=frozenset(map(uuid.UUID, locations)),
        opened=opened_records(membership_id, permissions=frozenset(permissions)),
        request_id=request_id,
    )


class Openings(Protocol):
    """``opened(membership_id, *, permissions)``: record opened for now -> the grant that opened it."""

    def __call__(
        self, membership_id: uuid.UUID, *, permissions: frozenset[str]
    ) -> Mapping[uuid.UUID, uuid.UUID]: ...


def opened_records(membership_id: uuid.UUID, *, permissions: frozenset[str]) -> Mapping[uuid.UUID, uuid.UUID]:
    """What break-glass opens for a member at this moment, asked of the app that hides records."""
    openings: Openings = import_string(settings.OPENED_RECORDS)
    return openings(membership_id, permissions=permissions)


def token_actor(*, token_id: uuid.UUID, practice: Practice, request_id: str) -> Actor | None:
    """What a live token may do here, or None. Inside ``acting_in`` that practice."""
    found = _one(TOKEN, [str(practice.id), str(token_id), clock.now()])
    if found is None:
        return None
    membership_id, permissions, name, locations = found
    return Actor(
        kind="token",
        id=token_id,
        membership_id=membership_id,
        practice_id=practice.id,
        name=name,
        permissions=frozenset(permissions),
        locations=frozenset(map(uuid.UUID, locations)),
        request_id=request_id,
    )


def members(actor: Actor) -> QuerySet[Membership]:
    """Everyone with a way into the practice."""
    return Membership.objects.filter(practice_id=actor.practice_id, ended_at=None).select_related("user")


def must_set_up_second_factor(actor: Actor) -> bool:
    """Whether a role of this member asks for a second factor and the person has neither app nor key."""
    if actor.kind != "user" or actor.membership_id is None:
        return False
    demanded = MembershipRole.objects.filter(membership_id=actor.membership_id, role__requires_mfa=True)
    if not demanded.exists():
        return False
    factors = Authenticator.objects.filter(user_id=actor.user_id)
    return not factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
