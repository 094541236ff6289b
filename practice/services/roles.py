"""Make, copy, change and delete roles. Every guard of ``guards`` holds here."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import ProtectedError

from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import ApiToken, InvitationRole, MembershipRole, Role, RolePermission
from practice.permissions import PracticePermission, all_permissions
from practice.role_rules import short_name
from practice.services import guards


@transaction.atomic
def add_role(
    *,
    name: str,
    description: str = "",
    escalates_to: Role | None = None,
    requires_mfa: bool = False,
    grants: Iterable[str] = (),
    actor: Actor,
) -> Role:
    """Make a role of the practice's own; ``grants`` are permissions by name."""
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()
    guards.one_at_a_time(actor)
    wanted = _known(grants)
    guards.may_hand_on(wanted, field="grants", actor=actor)
    _name_is_free(name, besides=None)
    role = Role.objects.create(
        practice_id=actor.practice_id,
        code=short_name(name, taken=set(Role.objects.values_list("code", flat=True))),
        name=name.strip(),
        description=description.strip(),
        escalates_to=escalates_to,
        requires_mfa=requires_mfa,
    )
    _grant(role, grants=wanted, actor=actor)
    return role


@transaction.atomic
def change_role(
    role: Role,
    *,
    name: str,
    description: str,
    escalates_to: Role | None,
    requires_mfa: bool,
    grants: Iterable[str],
    actor: Actor,
) -> Role:
    """Give a role these words and exactly these permissions. 422 when a guard refuses."""
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()
    guards.one_at_a_time(actor)
    locked = Role.objects.select_for_update(of=("self",), no_key=True).get(pk=role.pk)
    wanted, had = _known(grants), guards.grants_of([locked])
    owners = guards.owners_left(actor)
    if locked.code == guards.OWNER:
        guards.may_give_roles([locked], field="grants", actor=actor)
    guards.may_hand_on(wanted ^ had, field="grants", actor=actor)
    if locked.requires_mfa and not requires_mfa:
        guards.may_hand_on(had, field="requires_mfa", actor=actor)
    _name_is_free(name, besides=locked)
    _no_circle(locked, above=escalates_to)
    locked.name, locked.description = name.strip(), description.strip()
    locked.escalates_to, locked.requires_mfa = escalates_to, requires_mfa
    locked.save()
    RolePermission.objects.filter(role=locked, permission__in=had - wanted).delete()
    _grant(locked, grants=wanted - had, actor=actor)
    guards.keep_led(owners_before=owners, actor=actor)
    return locked


@transaction.atomic
def delete_role(role: Role, *, actor: Actor) -> None:
    """Delete a role of the practice's own that nobody holds and no token or open invitation uses."""
    actor.require(PracticePermission.CHANGE_ROLES)
    actor.require_fresh()
    guards.one_at_a_time(actor)
    if role.is_default:
        raise DomainError("This role comes with every practice. Take its permissions away instead.")
    used = MembershipRole.objects.filter(role=role).exists() or ApiToken.objects.filter(role=role).exists()
    waiting = InvitationRole.objects.filter(
        role=role, invitation__accepted_at=None, invitation__revoked_at=None
    )
    if used or waiting.exists():
        raise Conflict("Somebody holds or held this role, or a token or invitation uses it: it has to stay.")
    guards.may_hand_on(guards.grants_of([role]), field="grants", actor=actor)
    try:
        Role.objects.get(pk=role.pk).delete()
    except ProtectedError as error:
        raise Conflict("This role is used elsewhere: it has to stay.") from error


def _known(grants: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(str(grant) for grant in grants)
    if unknown := wanted - set(all_permissions()):
        raise DomainError(f"There is no permission called {', '.join(sorted(unknown))}.", field="grants")
    return wanted


def _grant(role: Role, *, grants: Iterable[str], actor: Actor) -> None:
    RolePermission.objects.bulk_create(
        RolePermission(practice_id=actor.practice_id, role=role, permission=grant) for grant in sorted(grants)
    )


def _name_is_free(name: str, *, besides: Role | None) -> None:
    taken = Role.objects.exclude(pk=besides.pk) if besides else Role.objects.all()
    if name.strip().lower() in {other.lower() for other in taken.values_list("name", flat=True)}:
        raise DomainError("Another role has this name already.", field="name")


def _no_circle(role: Role, *, above: Role | None) -> None:
    """Work that nobody settles climbs up: a circle would carry it round for ever."""
    seen = above
    while seen is not None:
        if seen.pk == role.pk:
            raise DomainError("Work would go round in a circle. Choose a role above.", field="escalates_to")
        seen = seen.escalates_to
