"""Open a practice: tenant, settings, default roles."""

from __future__ import annotations

from django.db import transaction

from practice.actor import Actor, system_actor
from practice.discovery import modules
from practice.models import Practice, PracticeProfile, Role, RolePermission
from practice.permissions import DEFAULT_ROLES, SECOND_FACTOR_ROLES, default_permissions
from practice.transactions import acting_in


def open_practice(
    *, slug: str, name: str, timezone: str = "America/New_York", furnished: bool = True
) -> Practice:
    """Create a practice with its default roles, or return the one with this slug. Opens its own transaction.

    ``furnished``: with each app's starting rows too (``<app>/defaults.py``): rules, catalogues, the chart.
    Installing twice changes nothing.
    """
    practice, _ = Practice.objects.get_or_create(slug=slug, defaults={"name": name})
    actor = system_actor(practice_id=practice.id)
    with acting_in(practice.id, actor=actor):
        furnish(practice, timezone=timezone, apps=furnished, actor=actor)
    return practice


def furnish(practice: Practice, *, timezone: str, apps: bool = True, actor: Actor) -> None:
    """Settings, default roles and (``apps``) every app's starting rows. Inside ``acting_in`` that practice."""
    PracticeProfile.objects.get_or_create(practice=practice, defaults={"timezone": timezone})
    refresh_default_roles(actor=actor)
    for module in modules("defaults") if apps else ():
        module.install(actor=actor)


@transaction.atomic
def refresh_default_roles(*, actor: Actor) -> None:
    """Make the default roles; give those that are new their permissions. Edited roles are left as they are."""
    made: dict[str, Role] = {}
    for code, name, description, _ in DEFAULT_ROLES:
        role, new = Role.objects.get_or_create(
            practice_id=actor.practice_id,
            code=code,
            defaults={
                "name": name,
                "description": description,
                "requires_mfa": code in SECOND_FACTOR_ROLES,
            },
        )
        made[code] = role
        if new:
            RolePermission.objects.bulk_create(
                RolePermission(practice_id=actor.practice_id, role=role, permission=value)
                for value in sorted(default_permissions(code))
            )
    for code, _, _, above in DEFAULT_ROLES:
        if above and made[code].escalates_to_id is None:
            made[code].escalates_to = made[above]
            made[code].save(update_fields=["escalates_to", "updated_at"])
