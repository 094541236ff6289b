"""What a wall display shows: today's flow of one location by provider. Times and counts, never a person's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404

from kit import clock, words
from practice.actor import Actor
from practice.models import Location
from practice.permissions import PracticePermission
from practice.services.rules import rule
from scheduling.models import Appointment
from scheduling.rules import BEFORE_ARRIVAL, minutes_late
from scheduling.selectors.appointments import provider_resources, zone_of

Status = Appointment.Status
WAITING = (Status.ARRIVED, Status.CHECKED_IN)
IN_ROOM = (Status.ROOMED, Status.WITH_PROVIDER)
SHOWN = frozenset({*BEFORE_ARRIVAL, *WAITING, *IN_ROOM, Status.CHECKOUT, Status.COMPLETED})
NEXT_TIMES = 3
ANNOUNCE = "wall.announce_minutes"


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A provider's today: next times, how many wait and are in rooms, minutes late."""

    provider: str
    next_times: Sequence[str]
    waiting: int
    in_room: int
    late: int
    done: bool


@dataclass(frozen=True, kw_only=True)
class Wall:
    """A location's today. ``announced`` are the lanes whose delay is told in words."""

    location: str
    day: date
    time: str
    lanes: Sequence[Lane]
    announced: Sequence[Lane]


def location_of(actor: Actor) -> Location:
    """The one location of a display, or of a person who looks at its wall; 404 without the right or a location."""
    if not actor.may(PracticePermission.SHOW_WALL) or len(actor.locations) != 1:
        raise Http404
    found = Location.objects.filter(pk__in=actor.locations, is_active=True).first()
    if found is None:
        raise Http404
    return found


def wall_of(location: Location, *, actor: Actor) -> Wall:
    """The wall of a location now, in three queries whatever it holds."""
    zone = zone_of(location)
    now = clock.now()
    day = now.astimezone(zone).date()
    providers = {
        resource.provider_id: resource.name for resource in provider_resources(actor, location=location)
    }
    visits: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
    rows = Appointment.objects.filter(
        practice_id=actor.practice_id, location=location, local_day=day, status__in=SHOWN
    )
    for provider, starts_at, status in rows.order_by("starts_at", "id").values_list(
        "provider_id", "starts_at", "status"
    ):
        visits[provider].append((starts_at, status))
    lanes = [
        _lane(name, visits=visits[key], now=now, location=location)
        for key, name in providers.items()
        if key is not None and visits[key]
    ]
    limit = int(rule(ANNOUNCE, on=day))
    return Wall(
        location=location.name,
        day=day,
        time=words.us_time(now.astimezone(zone)),
        lanes=lanes,
        announced=[lane for lane in lanes if lane.late >= limit],
    )


def _lane(
    provider: str, *, visits: Sequence[tuple[datetime, str]], now: datetime, location: Location
) -> Lane:
    zone = zone_of(location)
    to_come = [start for start, status in visits if status in BEFORE_ARRIVAL and start >= now]
    waiting = [start for start, status in visits if status in WAITING]
    in_room = [status for _, status in visits if status in IN_ROOM]
    return Lane(
        provider=provider,
        next_times=[words.us_time(start.astimezone(zone)) for start in to_come[:NEXT_TIMES]],
        waiting=len(waiting),
        in_room=len(in_room),
        late=minutes_late(now=now, waiting=waiting),
        done=not to_come and not waiting and not in_room,
    )
