"""Wall displays: the list for Settings, and who stands before the door with one's address."""

from __future__ import annotations

import uuid

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kit import clock
from practice.actor import Actor
from practice.models import LastUse, Practice, WallDisplay
from practice.permissions import PracticePermission


def visible_to(actor: Actor) -> QuerySet[WallDisplay]:
    """The displays of the actor's locations, each with when it was last ``seen_at``."""
    if not actor.may(PracticePermission.CHANGE_DISPLAYS):
        return WallDisplay.objects.none()
    found = WallDisplay.objects.filter(practice_id=actor.practice_id)
    if actor.locations:
        found = found.filter(location_id__in=actor.locations)
    used = LastUse.objects.filter(row_id=OuterRef("pk")).values("used_at")[:1]
    return found.select_related("location", "made_by__user").annotate(seen_at=Subquery(used))


def living(queryset: QuerySet[WallDisplay], *, actor: Actor) -> QuerySet[WallDisplay]:
    """Those that show something."""
    return queryset.filter(revoked_at=None, expires_at__gt=clock.now())


def display_actor(*, display_id: uuid.UUID, practice: Practice, request_id: str) -> Actor | None:
    """What a living display may do: see the wall of its location. None when it is revoked, too old or its maker gone.

    Inside ``acting_in`` that practice.
    """
    display = (
        WallDisplay.objects.filter(pk=display_id, revoked_at=None, expires_at__gt=clock.now())
        .filter(Q(made_by=None) | Q(made_by__ended_at=None), location__is_active=True)
        .first()
    )
    if display is None:
        return None
    return Actor(
        kind="display",
        id=display.pk,
        practice_id=practice.id,
        name=display.name,
        permissions=frozenset({str(PracticePermission.SHOW_WALL)}),
        locations=frozenset({display.location_id}),
        request_id=request_id,
    )
