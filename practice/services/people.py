"""Give, change and end ways into a practice: memberships with their roles and sites."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import F

from kit import clock
from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import (
    ApiToken,
    Invitation,
    Location,
    Membership,
    MembershipLocation,
    MembershipRole,
    Role,
    User,
)
from practice.permissions import PracticePermission
from practice.services import guards
from practice.services.displays import end_displays_of
from practice.services.secrets import forget_secrets
from practice.services.tokens import issue_token, revoke_token
from practice.services.work_night import release

__all__ = ["admit", "change_member", "end_membership", "issue_token", "join", "revoke_token"]


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
    guards.may_give_roles(found.values(), field="roles", actor=actor)
    return join(user, roles=found.values(), locations=locations, actor=actor)


@transaction.atomic
def join(
    user: User, *, roles: Iterable[Role], locations: Iterable[Location] = (), actor: Actor
) -> Membership:
    """Let a user in. Whoever calls has checked the right to: a permission, or an invitation's secret.

    One who was a member before comes back with these roles and sites alone, not with the old ones.
    """
    membership, new = Membership.objects.get_or_create(practice_id=actor.practice_id, user=user)
    membership = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if not new and membership.ended_at is not None:
        membership.role_links.all().delete()
        membership.location_links.all().delete()
        membership.ended_at, membership.end_reason = None, ""
        membership.save()
    _give(membership, roles=roles, locations=locations, actor=actor)
    return membership


@transaction.atomic
def change_member(
    membership: Membership, *, roles: Iterable[Role], locations: Iterable[Location], actor: Actor
) -> Membership:
    """Give a member exactly these roles and sites (none: all sites). 422 when a guard refuses."""
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()
    guards.one_at_a_time(actor)
    locked = Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    if locked.ended_at is not None:
        raise Conflict("This membership has ended. Invite the person again.")
    wanted, sites = list(roles), list(locations)
    if not wanted:
        raise DomainError("Choose at least one role, or end the membership.", field="roles")
    owners = guards.owners_left(actor)
    guards.may_touch(locked, actor=actor)
    guards.may_give_roles(wanted, field="roles", actor=actor)
    guards.may_give_sites(sites, actor=actor)
    locked.role_links.exclude(role__in=wanted).delete()
    locked.location_links.exclude(location__in=sites).delete()
    _give(locked, roles=wanted, locations=sites, actor=actor)
    guards.keep_led(owners_before=owners, actor=actor)
    return locked


def _give(
    membership: Membership, *, roles: Iterable[Role], locations: Iterable[Location], actor: Actor
) -> None:
    for role in roles:
        MembershipRole.objects.get_or_create(practice_id=actor.practice_id, membership=membership, role=role)
    for location in locations:
        MembershipLocation.objects.get_or_create(
            practice_id=actor.practice_id, membership=membership, location=location
        )


@transaction.atomic
def end_membership(membership: Membership, *, reason: str = "", actor: Actor) -> Membership:
    """Close a member's way into this practice at once: tokens and invitations made under it, every session.

    Only this practice's: sessions as such end when no other practice is left to the person.
    """
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()
    guards.one_at_a_time(actor)
    # The person's row first: of two practices that end their last memberships at once, the second must see the first.
    user = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    locked = Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    if locked.ended_at is not None:
        return locked
    guards.may_touch(locked, actor=actor)
    owners = guards.owners_left(actor)
    now = clock.now()
    locked.ended_at, locked.end_reason = now, reason[:200]
    locked.save()
    guards.keep_led(owners_before=owners, actor=actor)
    tokens = ApiToken.objects.filter(membership=locked)
    forget_secrets(tokens.values_list("id", flat=True), actor=actor)
    tokens.filter(revoked_at=None).update(revoked_at=now)
    invited = Invitation.objects.filter(invited_by=locked, accepted_at=None, revoked_at=None)
    forget_secrets(invited.values_list("id", flat=True), actor=actor)
    invited.update(revoked_at=now)
    end_displays_of(locked, actor=actor)
    release(locked, actor=actor)
    if not _has_another_practice(user):
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    return locked


def _has_another_practice(user: User) -> bool:
    """Whether any live membership is left anywhere; a definer function, since other practices are hidden."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_live_membership(%s)", [str(user.pk)])
        return bool(cursor.fetchone()[0])
