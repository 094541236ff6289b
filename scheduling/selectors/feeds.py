"""Calendar addresses: the list for Settings, who stands before the door with one, and what it reads."""

from __future__ import annotations

import uuid
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery

from kit import clock
from practice.actor import Actor
from practice.models import LastUse, Practice
from practice.selectors.outside import holder, link_behind
from practice.services.rules import rules
from scheduling.models import Appointment, CalendarFeed
from scheduling.permissions import SchedulingPermission
from scheduling.rules import FREES_THE_SLOT
from scheduling.rules.ical import Event, State, calendar

BACK, AHEAD, REFRESH = "feed.days_back", "feed.days_ahead", "feed.refresh_minutes"
ASKED = frozenset({"held", "requested"})


def visible_to(actor: Actor) -> QuerySet[CalendarFeed]:
    """Every address of the practice, each with when it was last read (``seen_at``)."""
    if not actor.may(SchedulingPermission.MAKE_FEED):
        return CalendarFeed.objects.none()
    used = LastUse.objects.filter(row_id=OuterRef("pk")).values("used_at")[:1]
    found = CalendarFeed.objects.filter(practice_id=actor.practice_id)
    return found.select_related("provider", "made_by__user").annotate(seen_at=Subquery(used))


def reader(*, link_id: uuid.UUID, practice: Practice, request_id: str) -> Actor | None:
    """What a living address may do: read its provider's busy times. None when it is revoked, or its maker has left.

    Inside ``acting_in``.
    """
    living = CalendarFeed.objects.filter(revoked_at=None, provider__is_active=True)
    feed = living.filter(Q(made_by=None) | Q(made_by__ended_at=None)).filter(pk=link_id).first()
    if feed is None:
        return None
    return holder(
        feed,
        practice=practice,
        name="A calendar",
        permission=SchedulingPermission.READ_FEED,
        request_id=request_id,
    )


def feed_of(actor: Actor) -> CalendarFeed:
    """The feed that a calendar came in by, or 404."""
    return link_behind(
        CalendarFeed.objects.select_related("provider"),
        actor=actor,
        permission=SchedulingPermission.READ_FEED,
    )


def text_of(feed: CalendarFeed) -> str:
    """The feed: busy times with the code of the kind of visit, nobody's name, no site and no reason."""
    now = clock.now()
    held = rules((BACK, AHEAD, REFRESH), on=now.date())
    visits = Appointment.objects.filter(
        provider=feed.provider,
        local_day__gte=(now - timedelta(days=int(held[BACK]))).date(),
        local_day__lte=(now + timedelta(days=int(held[AHEAD]))).date(),
    ).select_related("type")
    host = urlsplit(settings.BASE_URL).hostname or "wellrun"
    events = [_event(visit, host=host) for visit in visits.order_by("starts_at", "id")]
    return calendar(events, name=f"Schedule of {feed.provider}", refresh_minutes=int(held[REFRESH]))


def _event(visit: Appointment, *, host: str) -> Event:
    state: State = "TENTATIVE" if visit.status in ASKED else "CONFIRMED"
    return Event(
        uid=f"{visit.pk}@{host}",
        sequence=visit.version - 1,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        changed_at=visit.updated_at,
        summary=f"Busy ({visit.type.code})",
        state="CANCELLED" if visit.status in FREES_THE_SLOT else state,
    )
