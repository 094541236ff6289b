"""Make, renew and end calendar addresses of providers. The address is shown once; only its hash is kept."""

from __future__ import annotations

import secrets

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import TokenLookup
from practice.services.secrets import forget_secrets, register_secret
from scheduling.models import CalendarFeed
from scheduling.permissions import SchedulingPermission
from staff.models import Provider


@transaction.atomic
def make(name: str, *, provider: Provider, actor: Actor) -> tuple[CalendarFeed, str]:
    """A new address of a provider's busy times. The second value is its secret, which nothing keeps."""
    actor.require(SchedulingPermission.MAKE_FEED)
    said = " ".join(name.split())
    if not said:
        raise DomainError("Say where it will be read.", field="name")
    if not provider.is_active:
        raise DomainError("Choose a provider who works here.", field="provider")
    feed = CalendarFeed(
        practice_id=actor.practice_id,
        name=said[:80],
        provider=provider,
        made_by_id=actor.membership_id,
        changed_at=clock.now(),
    )
    raw = _secret(feed, actor=actor)
    feed.save()
    return feed, raw


@transaction.atomic
def renew(feed: CalendarFeed, *, actor: Actor) -> tuple[CalendarFeed, str]:
    """Another address for the same feed; the old one opens nothing from now on. Conflict for one that has ended."""
    actor.require(SchedulingPermission.MAKE_FEED)
    rows = CalendarFeed.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("provider", "made_by").get(pk=feed.pk)
    if not locked.is_live:
        raise Conflict("This address has ended. Make a new one.")
    forget_secrets([locked.pk], actor=actor)
    raw = _secret(locked, actor=actor)
    locked.changed_at = clock.now()
    locked.save()
    return locked, raw


@transaction.atomic
def revoke(feed: CalendarFeed, /, *, actor: Actor) -> None:
    """End an address. Twice is once."""
    actor.require(SchedulingPermission.MAKE_FEED)
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(
        revoked_at=clock.now(), updated_at=clock.now()
    )
    forget_secrets([feed.pk], actor=actor)


def _secret(feed: CalendarFeed, *, actor: Actor) -> str:
    raw = secrets.token_urlsafe(32)
    feed.secret_hash = register_secret(raw, kind=TokenLookup.Kind.CALENDAR, row_id=feed.pk, actor=actor)
    return raw
