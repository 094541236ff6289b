"""Make and end wall displays."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction

from kit import clock
from kit.errors import DomainError
from practice.actor import Actor
from practice.models import Location, Membership, TokenLookup, WallDisplay
from practice.permissions import PracticePermission
from practice.services.secrets import forget_secrets, register_secret

LONGEST_DAYS = 730


@transaction.atomic
def make(name: str, *, location: Location, days: int, actor: Actor) -> tuple[WallDisplay, str]:
    """Make a display of one location. The second value is its secret: shown once, as its address, kept nowhere.

    Raises DomainError for a name that says nothing, a location out of the actor's scope, or days that are none.
    """
    actor.require(PracticePermission.CHANGE_DISPLAYS)
    name = " ".join(name.split())
    if not name:
        raise DomainError("Say where the screen hangs.", field="name")
    if not location.is_active or not actor.sees_location(location.pk):
        raise DomainError("Choose a location you work at.", field="location")
    if not 1 <= days <= LONGEST_DAYS:
        raise DomainError(f"Enter 1 to {LONGEST_DAYS} days.", field="days")
    raw = secrets.token_urlsafe(32)
    display = WallDisplay(
        practice_id=actor.practice_id,
        name=name[:80],
        location=location,
        made_by_id=actor.membership_id,
        expires_at=clock.now() + timedelta(days=days),
    )
    display.secret_hash = register_secret(raw, kind=TokenLookup.Kind.DISPLAY, row_id=display.id, actor=actor)
    display.save()
    return display, raw


@transaction.atomic
def revoke(display: WallDisplay, *, actor: Actor) -> None:
    """End a display: its address answers 404 from the next look on. Twice is once."""
    actor.require(PracticePermission.CHANGE_DISPLAYS)
    WallDisplay.objects.filter(pk=display.pk, revoked_at=None).update(revoked_at=clock.now())
    forget_secrets([display.pk], actor=actor)


def end_displays_of(membership: Membership, *, actor: Actor) -> int:
    """End every display a member has made, with the membership. Returns how many there were."""
    living = WallDisplay.objects.filter(made_by=membership, revoked_at=None)
    keys = list(living.values_list("pk", flat=True))
    WallDisplay.objects.filter(pk__in=keys).update(revoked_at=clock.now())
    forget_secrets(keys, actor=actor)
    return len(keys)
