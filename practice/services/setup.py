"""The practice's own facts, and putting the guided set-up away."""

from __future__ import annotations

from django.db import transaction

from kit import clock
from practice import memo
from practice.actor import Actor
from practice.models import Practice, PracticeProfile
from practice.permissions import PracticePermission


@transaction.atomic
def change_facts(
    profile: PracticeProfile,
    *,
    name: str,
    timezone: str,
    night_hour: int,
    idle_minutes: int,
    books_basis: str,
    actor: Actor,
) -> PracticeProfile:
    """Name, zone (IANA), local hour of the night (0-23), minutes until sign-out (5-60) and the books' basis."""
    actor.require(PracticePermission.CHANGE_SETTINGS)
    locked = PracticeProfile.objects.select_for_update(no_key=True).get(pk=profile.pk)
    locked.timezone, locked.night_hour = timezone, night_hour
    locked.idle_minutes, locked.books_basis = idle_minutes, books_basis
    locked.save()
    memo.stop()
    Practice.objects.filter(pk=actor.practice_id).exclude(name=name.strip()).update(name=name.strip())
    return locked


@transaction.atomic
def put_away(profile: PracticeProfile, *, away: bool, actor: Actor) -> None:
    """Take the guided set-up off the start page, or bring it back."""
    actor.require(PracticePermission.CHANGE_SETTINGS)
    locked = PracticeProfile.objects.select_for_update(no_key=True).get(pk=profile.pk)
    locked.setup_dismissed_at = clock.now() if away else None
    locked.save()
