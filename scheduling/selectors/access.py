"""Access: third next available, fill, utilization, lead time and no-shows; supply against demand for the access lab."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from kit import clock
from practice.actor import Actor
from practice.models import PracticeProfile
from practice.selectors.days import practice_today
from practice.services.rules import rule
from scheduling import access_sql
from scheduling.models import Appointment, AppointmentType, Resource
from scheduling.permissions import SchedulingPermission
from scheduling.rules import minutes_of
from scheduling.rules.access import Balance, balance, minutes_needed, overbooking
from scheduling.selectors.preview import types_in_use
from scheduling.selectors.supply import ADMIN, supply_of
from scheduling.selectors.templates import bookable

Status = Appointment.Status
WEEK = timedelta(weeks=1)
AHEAD = 4  # weeks of open time that supply is the mean of


@dataclass(frozen=True, slots=True)
class Third:
    """Calendar days to the third next available visit of a provider's type; None past the look-ahead."""

    resource_id: UUID
    type_id: UUID
    days: int | None


def third_next(
    actor: Actor, *, sites: Sequence[UUID] | None = None, types: Sequence[UUID] | None = None
) -> list[Third]:
    """Every provider at every site of the actor and every type they take, now, in one statement.

    IHI's measure: the third open slot, because the first ones are chance; held time does not count. Looks ahead as far
    as the parameter access.lookahead_days says. Rooms, devices and a provider's limit for a day are not looked at.
    """
    actor.require(SchedulingPermission.VIEW_ACCESS)
    seen = sorted(actor.locations) or None
    if sites is not None:
        seen = [each for each in sites if actor.sees_location(each)]
    given: dict[str, Any] = {
        "practice": str(actor.practice_id),
        "now": clock.now(),
        "lookahead": lookahead(practice_today(actor)),
        "sites": None if seen is None else [str(each) for each in seen],
        "types": None if types is None else [str(each) for each in types],
    }
    with connection.cursor() as cursor:
        cursor.execute(access_sql.THIRD_NEXT, given)
        return [Third(*row) for row in cursor.fetchall()]


def lookahead(on: date) -> int:
    """Days looked at for the third open slot."""
    return int(rule("access.lookahead_days", on=on))


@dataclass(frozen=True, slots=True)
class Share:
    """A figure as its two parts; ``value`` is percent or days, None (n/a) when there is nothing to divide by."""

    numerator: Decimal
    denominator: Decimal
    percent: bool = True

    @property
    def value(self) -> Decimal | None:
        """The quotient, in percent where it is a share."""
        if self.denominator <= 0:
            return None
        return self.numerator / self.denominator * (100 if self.percent else 1)


FIGURES = {
    "fill": ("booked_minutes", "bookable_minutes", True),
    "utilization": ("completed_minutes", "bookable_minutes", True),
    "lead_time": ("lead_days", "lead_visits", False),
}


def figures(actor: Actor, *, first: date, last: date) -> dict[str, Share]:
    """Fill, utilization, lead time and no-shows of some days at the actor's sites, by the key figures' own SELECTs.

    At most a year.
    """
    actor.require(SchedulingPermission.VIEW_ACCESS)
    zone = PracticeProfile.objects.values_list("timezone", flat=True).get(practice_id=actor.practice_id)
    first = max(first, last - timedelta(days=366))
    facts = {fact for top, bottom, _ in FIGURES.values() for fact in (top, bottom)}
    sums = {fact: _sum(fact, actor=actor, first=first, last=last, zone=zone) for fact in facts}
    found = {name: Share(sums[top], sums[bottom], share) for name, (top, bottom, share) in FIGURES.items()}
    rows = no_shows(actor, first=first, last=last).values()
    missed, due = sum(row[0] for row in rows), sum(row[1] for row in rows)
    return found | {"no_show": Share(Decimal(missed), Decimal(due))}


def _sum(fact: str, *, actor: Actor, first: date, last: date, zone: str) -> Decimal:
    given: dict[str, Any] = {
        "practice": str(actor.practice_id),
        "first": first,
        "last": last,
        "zone": zone,
        "sites": [str(each) for each in sorted(actor.locations)] or None,
    }
    sql = (
        f"SELECT COALESCE(sum(amount), 0) FROM ({access_sql.FACTS[fact]}) fact "  # noqa: S608  constants
        "WHERE %(sites)s::uuid[] IS NULL OR location_id = ANY(%(sites)s::uuid[])"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return Decimal(cursor.fetchone()[0])


def no_shows(actor: Actor, *, first: date, last: date) -> dict[UUID, tuple[int, int]]:
    """By visit type: how many did not come, of how many that were due (completed, missed, cancelled late)."""
    due = Q(status__in=(Status.COMPLETED, Status.NO_SHOW)) | Q(
        status=Status.CANCELLED, cancelled_by=Appointment.CancelledBy.PATIENT_LATE
    )
    found = Appointment.objects.filter(
        due, practice_id=actor.practice_id, local_day__gte=first, local_day__lte=last
    )
    if actor.locations:
        found = found.filter(location_id__in=actor.locations)
    missed = Count("id", filter=Q(status=Status.NO_SHOW))
    rows = found.values_list("type_id").annotate(missed=missed, due=Count("id")).order_by()
    return {type_id: (missed_, due_) for type_id, missed_, due_ in rows}


def asked_for(actor: Actor, *, first: date, last: date) -> dict[UUID, int]:
    """By visit type: how many visits were for these days, whether or not they came about; moved ones count once."""
    found = Appointment.objects.filter(
        practice_id=actor.practice_id, local_day__gte=first, local_day__lte=last
    ).exclude(status__in=(Status.RESCHEDULED, Status.ERROR, Status.HELD))
    found = found.exclude(status=Status.CANCELLED, hold_expires_at__isnull=False)  # held, never booked
    if actor.locations:
        found = found.filter(location_id__in=actor.locations)
    return dict(found.values_list("type_id").annotate(many=Count("id")).order_by())


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeAccess:
    """One line of the lab: a kind of visit, its week, its wait."""

    type: AppointmentType
    length: int
    minutes: Decimal
    no_show: Decimal
    week: Balance
    third: Sequence[int | None]
    overbook: Decimal
    missing: Decimal

    @property
    def middle(self) -> int | None:
        """The median of the providers' days to the third next available; None when half have none."""
        known = sorted(100_000 if each is None else each for each in self.third)
        found = int(median(known)) if known else 100_000
        return None if found >= 50_000 else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """Supply against demand by kind of visit. Time that takes several kinds counts for each: read line by line."""

    as_of: date
    weeks: int
    lines: Sequence[TypeAccess]
    providers: Sequence[tuple[Resource, Sequence[tuple[AppointmentType, int | None]]]]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Hours added a week (below 0: taken away), and how far it is overbooked, for one kind of visit or for all."""

    type_id: UUID | None = None
    minutes: int = 0
    overbook: Decimal = Decimal(0)


def lab(actor: Actor, *, what_if: WhatIf = WhatIf()) -> Lab:
    """The access lab now: demand of the last weeks, open time of the next ones, waits. A fixed number of queries."""
    actor.require(SchedulingPermission.VIEW_ACCESS)
    today = practice_today(actor)
    weeks = int(rule("access.demand_weeks", on=today))
    demand = asked_for(actor, first=today - weeks * WEEK, last=today - timedelta(days=1))
    since = today - timedelta(days=int(rule("access.no_show_days", on=today)))
    missed = no_shows(actor, first=since, last=today)
    resources = [each for each in bookable(actor) if each.kind == Resource.Kind.PROVIDER]
    types = types_in_use()
    minutes = _minutes(resources, types=types, first=today)
    thirds: dict[UUID, dict[UUID, int | None]] = defaultdict(dict)
    for row in third_next(actor):
        thirds[row.type_id][row.resource_id] = row.days
    lines = [
        _line(
            each,
            minutes=minutes[each.pk],
            asked=Decimal(demand.get(each.pk, 0)) / weeks,
            missed=missed.get(each.pk, (0, 0)),
            third=list(thirds[each.pk].values()),
            what_if=what_if,
        )
        for each in types
    ]
    providers = [
        (
            resource,
            [(each, thirds[each.pk].get(resource.pk)) for each in types if resource.pk in thirds[each.pk]],
        )
        for resource in sorted(resources, key=lambda each: (each.name, each.location.name))
    ]
    return Lab(as_of=today, weeks=weeks, lines=lines, providers=providers)


def _minutes(
    resources: Sequence[Resource], *, types: Sequence[AppointmentType], first: date
) -> dict[UUID, Decimal]:
    """Open and held minutes of an average week ahead, by kind of visit that they take."""
    supply = supply_of(resources, first=first, last=first + AHEAD * WEEK - timedelta(days=1))
    found: dict[UUID, Decimal] = {each.pk: Decimal(0) for each in types}
    for row in supply.pieces.values():
        for piece in row:
            if piece.kind == ADMIN:
                continue
            minutes = minutes_of(piece.start, end=piece.end) * piece.capacity
            kept = supply.types.get(piece.source_id) if piece.source_id else None
            for pk in kept or found:
                if pk in found:
                    found[pk] += minutes
    return {pk: minutes / AHEAD for pk, minutes in found.items()}


def _line(
    kind: AppointmentType,
    *,
    minutes: Decimal,
    asked: Decimal,
    missed: tuple[int, int],
    third: Sequence[int | None],
    what_if: WhatIf,
) -> TypeAccess:
    no_show = Decimal(missed[0]) / missed[1] if missed[1] else Decimal(0)
    length = kind.minutes + kind.buffer_before + kind.buffer_after
    meant = what_if.type_id in (None, kind.pk)
    given = max(Decimal(0), minutes + (what_if.minutes if meant else 0))
    overbook = what_if.overbook if meant else Decimal(0)
    return TypeAccess(
        type=kind,
        length=length,
        minutes=given,
        no_show=no_show,
        week=balance(asked=asked, minutes=given, length=length, no_show=no_show, overbook=overbook),
        third=third,
        overbook=overbooking(no_show),
        missing=minutes_needed(asked=asked, minutes=given, length=length, overbook=overbook),
    )
