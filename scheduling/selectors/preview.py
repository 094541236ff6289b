"""What a draft would change before it is published: hours by kind of visit, and the visits it would leave outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from kit import clock
from patients.selectors import restricted
from practice.actor import Actor
from practice.services.rules import rule
from scheduling import supply_sql
from scheduling.models import Appointment, AppointmentType, Resource, ScheduleTemplate
from scheduling.rules import minutes_of
from scheduling.selectors.appointments import zone_of
from scheduling.selectors.displaced import uncovered
from scheduling.selectors.supply import ADMIN, HELD_KIND, Piece, Supply, supply_of, types_of

SHOWN = 100  # visits listed by name; the count is of all


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of open time before and after, in the days compared."""

    name: str
    before: int
    after: int

    @property
    def change(self) -> int:
        """Gained (above 0) or lost minutes."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference a draft makes from ``first`` to ``last``; visits are looked at as far as open time reaches."""

    first: date
    last: date
    total: Hours
    held: Hours
    by_type: Sequence[Hours]
    outside: Sequence[Appointment]
    outside_count: int
    hidden: int

    @property
    def rows(self) -> Sequence[Hours]:
        """All lines of the table of hours."""
        return (self.total, self.held, *self.by_type)


def effect_of(template: ScheduleTemplate, *, actor: Actor) -> Effect:
    """Compare open time as it is with what it would be, from the draft's first day on (at the earliest today)."""
    resource = template.resource
    today = clock.today(zone_of(resource.location))
    first = max(template.valid_from, today)
    last = first + timedelta(days=int(rule("scheduling.preview_days", on=today)) - 1)
    end = max(last, today + timedelta(days=int(rule("scheduling.horizon_days", on=today)) - 1))
    now = supply_of([resource], first=first, last=end)
    then = draft_supply(template, first=first, last=end)
    with_hours = copy(resource)
    with_hours.has_hours = True  # a room or device gets hours of its own with its first template
    fresh = uncovered([with_hours], first=first, supply=then) - uncovered([resource], first=first, supply=now)
    visits = Appointment.objects.filter(pk__in=sorted(fresh)).select_related("patient", "type", "location")
    shown = restricted.visible(visits, actor=actor).order_by("starts_at", "id")
    edge = datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=zone_of(resource.location))
    pieces = [
        [each for each in supply.pieces.get(resource.pk, ()) if each.start < edge and each.kind != ADMIN]
        for supply in (now, then)
    ]
    known = now.types | then.types
    return Effect(
        first=first,
        last=last,
        total=_hours("All open time", *pieces),
        held=_hours("Held back for short notice", *(_held(each) for each in pieces)),
        by_type=[_for_type(each, known=known, pieces=pieces) for each in types_in_use()],
        outside=list(shown[:SHOWN]),
        outside_count=len(fresh),
        hidden=len(fresh) - shown.count(),
    )


def types_in_use() -> list[AppointmentType]:
    """Visit types that can be booked, by name."""
    return list(AppointmentType.objects.filter(is_active=True).order_by("name", "id"))


def draft_supply(template: ScheduleTemplate, *, first: date, last: date) -> Supply:
    """The blocks there would be if a draft were in force between its days. One statement, nothing is written."""
    resource: Resource = template.resource
    given: dict[str, Any] = {
        "practice": str(resource.practice_id),
        "resource": str(resource.pk),
        "first": first,
        "last": last,
        "draft": str(template.pk),
    }
    with connection.cursor() as cursor:
        cursor.execute(supply_sql.PREVIEW, given)
        pieces = [Piece(*row[1:]) for row in cursor.fetchall()]
    sources = {each.source_id for each in pieces if each.source_id}
    return Supply({resource.pk: pieces}, types_of(sources))


def _held(pieces: Iterable[Piece]) -> list[Piece]:
    return [each for each in pieces if each.kind == HELD_KIND]


def _for_type(
    kind: AppointmentType, *, known: dict[UUID, frozenset[UUID]], pieces: Sequence[Sequence[Piece]]
) -> Hours:
    def takes(piece: Piece) -> bool:
        return piece.source_id not in known or kind.pk in known[piece.source_id]

    return _hours(kind.name, *([each for each in row if takes(each)] for row in pieces))


def _hours(name: str, before: Iterable[Piece], after: Iterable[Piece]) -> Hours:
    minutes = [
        sum(minutes_of(each.start, end=each.end) * each.capacity for each in row) for row in (before, after)
    ]
    return Hours(name, *minutes)
