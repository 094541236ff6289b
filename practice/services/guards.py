"""What every change of people and roles must hold to, whoever asks (ARCHITECTURE.md 4).

Nobody hands on what they do not hold, unless they are an owner; only an owner makes or unmakes owners; a
practice always keeps a member who can change roles, and an owner when it had one.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from kit.errors import DomainError
from practice.actor import Actor
from practice.models import (
    Location,
    Membership,
    MembershipLocation,
    MembershipRole,
    PracticeProfile,
    Role,
    RolePermission,
)
from practice.permissions import PracticePermission, all_permissions
from practice.role_rules import beyond

OWNER = "owner"


def one_at_a_time(actor: Actor) -> None:
    """Serialise changes of people and roles in a practice: two managers cannot end each other at once."""
    PracticeProfile.objects.select_for_update(no_key=True).get(practice_id=actor.practice_id)


def is_owner(actor: Actor) -> bool:
    """Whether a person holds the owner's role here (a token never does), or the program itself acts."""
    if actor.kind != "user" or actor.membership_id is None:
        return actor.kind in ("job", "system")
    held = MembershipRole.objects.filter(membership_id=actor.membership_id, membership__ended_at=None)
    return held.filter(role__code=OWNER).exists()


def grants_of(roles: Iterable[Role]) -> frozenset[str]:
    """What some roles add up to."""
    named = RolePermission.objects.filter(role__in=[role.pk for role in roles])
    return frozenset(named.values_list("permission", flat=True))


def may_hand_on(grants: Iterable[str], *, field: str, actor: Actor) -> None:
    """Refuse (422) to give or take permissions that the actor does not hold, unless an owner does it."""
    missing = beyond(list(grants), held=actor.permissions)
    if not missing or is_owner(actor):
        return
    known = all_permissions()
    words = "; ".join(known[value].sentence if value in known else value for value in missing[:5])
    raise DomainError(
        f"You can only give or take what your own roles allow. You may not: {words}. Ask an owner.",
        field=field,
    )


def may_give_roles(roles: Iterable[Role], *, field: str, actor: Actor) -> None:
    """``may_hand_on`` for whole roles; the owner's role is for owners to give and take."""
    named = list(roles)
    if any(role.code == OWNER for role in named) and not is_owner(actor):
        raise DomainError("Only an owner can make or unmake an owner. Ask one.", field=field)
    may_hand_on(grants_of(named), field=field, actor=actor)


def may_give_sites(locations: Iterable[Location], *, actor: Actor) -> None:
    """Refuse sites outside the actor's own; who works at some sites can not open all of them to others."""
    if not actor.locations:
        return
    asked = {location.pk for location in locations}
    if not asked or asked - actor.locations:
        raise DomainError("Choose among the sites you work at yourself.", field="locations")


def may_touch(membership: Membership, *, actor: Actor) -> None:
    """Refuse to change a member who may do more, or work at more sites, than the actor."""
    roles = [
        link.role for link in MembershipRole.objects.filter(membership=membership).select_related("role")
    ]
    may_give_roles(roles, field="roles", actor=actor)
    if actor.locations:
        theirs = set(
            MembershipLocation.objects.filter(membership=membership).values_list("location_id", flat=True)
        )
        if not theirs or theirs - actor.locations:
            raise DomainError("This person works at sites you do not see. Ask somebody who does.")


def owners_left(actor: Actor) -> int:
    """Live members with the owner's role."""
    return _live(actor).filter(role_links__role__code=OWNER).distinct().count()


def keep_led(*, owners_before: int, actor: Actor) -> None:
    """Refuse a change that leaves nobody who can change roles, or takes the last owner away."""
    leading = _live(actor).filter(role_links__role__permissions__permission=PracticePermission.CHANGE_ROLES)
    if not leading.exists():
        raise DomainError(
            "Somebody must stay who can change roles. Give another member such a role first.", field="roles"
        )
    if owners_before and not owners_left(actor):
        raise DomainError(
            "A practice keeps at least one owner. Make another member an owner first.", field="roles"
        )


def _live(actor: Actor) -> QuerySet[Membership]:
    return Membership.objects.filter(practice_id=actor.practice_id, ended_at=None, user__is_active=True)
