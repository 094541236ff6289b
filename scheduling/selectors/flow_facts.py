"""How patients flow: waits, cycle time, starts on time, late arrivals and who left, by provider and by hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from practice.actor import Actor
from practice.services.rules import rules
from scheduling import flow_sql
from scheduling.permissions import SchedulingPermission
from staff.models import Provider

LONGEST = timedelta(days=366)
WAITS = ("door_to_room", "room_to_provider", "cycle")  # median and 90th percentile
SHARES = {  # percent: numerator and denominator
    "on_time": ("on_time_starts", "visits_begun"),
    "late": ("late_arrivals", "arrivals"),
    "left": ("left_unseen", "arrivals"),
}


@dataclass(frozen=True, slots=True)
class Spread:
    """Minutes of some visits: how many, the middle one, and what nine of ten stay within. None without any."""

    visits: int = 0
    median: Decimal | None = None
    ninetieth: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; ``percent`` is None when there is nothing to count."""

    part: int = 0
    whole: int = 0

    @property
    def percent(self) -> Decimal | None:
        """In percent."""
        return Decimal(100 * self.part) / self.whole if self.whole else None


@dataclass(slots=True)
class Line:
    """A provider, an hour, or all of them."""

    name: str
    key: UUID | int | None = None
    arrivals: int = 0
    waits: dict[str, Spread] = field(default_factory=lambda: {name: Spread() for name in WAITS})
    shares: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in SHARES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The figures of some days. ``everyone`` is all visits together: medians do not add up."""

    first: date
    last: date
    everyone: Line
    providers: Sequence[Line]
    hours: Sequence[Line]
    on_time_minutes: int
    late_minutes: int


def flow_of(actor: Actor, *, first: date, last: date, location: UUID | None = None) -> Flow:
    """The flow of some days (at most a year) at a site, or at all of the actor's: nine statements, whatever they count.

    A day counts at its site; the hour is that of the booked time. Imported visits do not count.
    """
    actor.require(SchedulingPermission.VIEW_ACCESS)
    first = max(first, last - LONGEST)
    made_with = rules(flow_sql.MADE_WITH.values(), on=last)
    minutes = {name: int(made_with[code]) for name, code in flow_sql.MADE_WITH.items()}
    given: dict[str, Any] = {
        "practice": str(actor.practice_id),
        "first": first,
        "last": last,
        "sites": _sites(actor, location=location),
        **minutes,
    }
    lines: dict[tuple[UUID | None, int | None], Line] = {(None, None): Line("All providers")}
    for wait in WAITS:
        for key, (many, _, median, ninetieth) in _spread(f"{wait}_minutes", given=given).items():
            lines.setdefault(key, Line("")).waits[wait] = Spread(many, _tenth(median), _tenth(ninetieth))
    for share, (top, bottom) in SHARES.items():
        parts = {key: row[0] for key, row in _spread(top, given=given).items()}
        for key, (many, *_) in _spread(bottom, given=given).items():
            line = lines.setdefault(key, Line(""))
            line.shares[share] = Share(parts.get(key, 0), many)
            if bottom == "arrivals":
                line.arrivals = many
    hours = [
        _named(line, name=_hour(key[1]), key=key[1]) for key, line in lines.items() if key[1] is not None
    ]
    return Flow(
        first=first,
        last=last,
        everyone=lines[None, None],
        providers=_by_provider(lines),
        hours=sorted(hours, key=lambda line: int(line.key or 0)),  # type: ignore[arg-type]
        on_time_minutes=minutes["on_time"],
        late_minutes=minutes["late"],
    )


def _by_provider(lines: dict[tuple[UUID | None, int | None], Line]) -> list[Line]:
    keys = [key[0] for key in lines if key[0]]
    names = dict(Provider.objects.filter(pk__in=keys).values_list("pk", "display_name"))
    found = [_named(line, name=names.get(key[0], ""), key=key[0]) for key, line in lines.items() if key[0]]
    return sorted(found, key=lambda line: line.name)


def _sites(actor: Actor, *, location: UUID | None) -> list[str] | None:
    """The sites to count: the one asked for, the actor's, or None for all. None of them when out of scope."""
    if location is not None:
        return [str(location)] if actor.sees_location(location) else []
    return [str(each) for each in sorted(actor.locations)] or None


def _spread(
    fact: str, *, given: dict[str, Any]
) -> dict[tuple[UUID | None, int | None], tuple[int, Any, Any, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(flow_sql.SPREAD.format(rows=flow_sql.FACTS[fact]), given)
        return {(row[0], row[1]): tuple(row[2:]) for row in cursor.fetchall() if row[2]}


def _tenth(minutes: float | None) -> Decimal | None:
    return None if minutes is None else Decimal(str(minutes)).quantize(Decimal("0.1"))


def _named(line: Line, *, name: str, key: UUID | int | None) -> Line:
    line.name, line.key = name, key
    return line


def _hour(hour: int) -> str:
    return f"{hour % 12 or 12} {'AM' if hour < 12 else 'PM'}"
