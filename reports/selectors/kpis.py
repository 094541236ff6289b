"""Key figures as pages and API read them: from the nightly rows, never from the records themselves."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import Http404

from practice.actor import Actor
from practice.models import JobRun, Location
from reports.catalogue import BY_CODE, KPIS, STOCKS, Kpi
from reports.models import KpiDaily, RollupRun
from reports.permissions import ReportPermission
from reports.rules import kpi as rules
from reports.rules.kpi import Standing, Target
from reports.selectors.targets import targets_on

ROLLUP = "reports.rollup"
Sums = dict[tuple[str, date], tuple[Decimal | None, Decimal | None]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure of a period: what it is made of, what it is worth, and where it lies. Value None is n/a.

    ``known`` is False when no night has written anything for these days: its zeros are then no figures.
    """

    kpi: Kpi
    first: date
    last: date
    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None
    target: Target
    standing: Standing | None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the nightly figures reach, and what is wrong with them ('' when nothing is)."""

    run: RollupRun | None
    day: date | None
    problem: str = ""


def visible_to(actor: Actor) -> QuerySet[KpiDaily]:
    """Nightly figures of the actor's sites; none without a permission."""
    allowed = (ReportPermission.VIEW_KPI, ReportPermission.VIEW_OWNER_PAGE)
    if not any(actor.may(each) for each in allowed):
        return KpiDaily.objects.none()
    found = KpiDaily.objects.all()
    return found.filter(location_id__in=actor.locations) if actor.locations else found


def get_kpi(code: str) -> Kpi:
    """A definition by its code, or 404."""
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]


def locations(actor: Actor) -> list[Location]:
    """The sites an actor may narrow figures to."""
    found = Location.objects.order_by("name")
    return list(found.filter(pk__in=actor.locations) if actor.locations else found)


def get_location(given: str, *, actor: Actor) -> uuid.UUID | None:
    """The site an address names ('' is all of the actor's), or 404 for what is unknown or out of scope."""
    if not given:
        return None
    try:
        wanted = uuid.UUID(given)
    except ValueError as error:
        raise Http404 from error
    if not actor.sees_location(wanted) or not Location.objects.filter(pk=wanted).exists():
        raise Http404
    return wanted


def freshness(actor: Actor, *, today: date) -> Freshness:
    """Whether the night's run came, and whether the last one failed."""
    run = RollupRun.objects.filter(finished_at__isnull=False).order_by("-day").first()
    job = JobRun.objects.filter(kind=ROLLUP).order_by("-created_at").first()
    if job is not None and job.state == JobRun.State.FAILED:
        return Freshness(run=run, day=run.day if run else None, problem="The last computation failed.")
    if run is None:
        return Freshness(run=None, day=None, problem="No figures have been computed yet.")
    late = (today - run.day).days
    problem = f"These figures are {late} days old: the nightly computation did not run." if late > 1 else ""
    return Freshness(run=run, day=run.day, problem=problem)


def months(
    actor: Actor,
    *,
    starts: Sequence[date],
    upto: date,
    location: uuid.UUID | None = None,
    kpis: Iterable[Kpi] = KPIS,
) -> dict[str, list[Figure]]:
    """Each key figure of each month (firsts, oldest first), the last one cut at ``upto``. Five queries at most."""
    chosen = list(kpis)
    ends = [min(rules.month_end(start), upto) for start in starts]
    found = _narrowed(actor, location=location)
    sums = _flows(found, kpis=chosen, first=starts[0], last=ends[-1])
    sums |= _stocks(found, kpis=chosen, days=list(zip(starts, ends, strict=True)))
    bands, scales = targets_on(ends[-1], kpis=chosen)
    return {
        kpi.code: [
            _figure(kpi, first=start, last=end, parts=sums.get((kpi.code, start)), band=bands, scale=scales)
            for start, end in zip(starts, ends, strict=True)
        ]
        for kpi in chosen
    }


def period(actor: Actor, *, kpi: Kpi, first: date, last: date, location: uuid.UUID | None = None) -> Figure:
    """One key figure of any stretch of days."""
    found = _narrowed(actor, location=location)
    parts: tuple[Decimal | None, Decimal | None] | None
    if kpi.kind == "stock":
        parts = _stocks(found, kpis=[kpi], days=[(first, last)]).get((kpi.code, first))
    else:
        total = found.filter(kpi=kpi.code, day__gte=first, day__lte=last)
        sums = total.aggregate(n=Sum("numerator"), d=Sum("denominator"))
        parts = (sums["n"], sums["d"])
    bands, scales = targets_on(last, kpis=[kpi])
    return _figure(kpi, first=first, last=last, parts=parts, band=bands, scale=scales)


def days(
    actor: Actor, *, kpi: Kpi, first: date, last: date, location: uuid.UUID | None = None
) -> list[Figure]:
    """The figure of each day that has something to say; a stock on each day it changes and at month ends."""
    found = _narrowed(actor, location=location).filter(kpi=kpi.code)
    bands, scales = targets_on(last, kpis=[kpi])
    if kpi.kind == "stock":
        by_day = _carried(found, first=first, last=last)
    else:
        rows = found.filter(day__gte=first, day__lte=last).values("day").order_by("day")
        summed = rows.annotate(n=Sum("numerator"), d=Sum("denominator"))
        by_day = {row["day"]: (row["n"], row["d"]) for row in summed}
    return [
        _figure(kpi, first=day, last=day, parts=parts, band=bands, scale=scales)
        for day, parts in by_day.items()
    ]


def computed_at(actor: Actor, *, kpi: Kpi, first: date, last: date) -> Any:
    """When the newest of these figures was made; None when there are none."""
    found = visible_to(actor).filter(kpi=kpi.code, day__gte=first, day__lte=last)
    return found.aggregate(at=Max("computed_at"))["at"]


def _narrowed(actor: Actor, *, location: uuid.UUID | None) -> QuerySet[KpiDaily]:
    found = visible_to(actor).order_by()
    return found.filter(location_id=location) if location else found


def _flows(found: QuerySet[KpiDaily], *, kpis: list[Kpi], first: date, last: date) -> Sums:
    codes = [kpi.code for kpi in kpis if kpi.kind == "flow"]
    rows = found.filter(kpi__in=codes, day__gte=first, day__lte=last).annotate(month=TruncMonth("day"))
    summed = rows.values("kpi", "month").annotate(n=Sum("numerator"), d=Sum("denominator"))
    return {(row["kpi"], row["month"]): (row["n"], row["d"]) for row in summed}


def _stocks(found: QuerySet[KpiDaily], *, kpis: list[Kpi], days: list[tuple[date, date]]) -> Sums:
    """The sites' last values at the end of each (first, last), added up.

    Every month's end has its row, so whole months are equalities; another last day looks back to the month's
    beginning at most, site by site.
    """
    codes = [kpi.code for kpi in kpis if kpi.code in STOCKS]
    if not codes:
        return {}
    stocks = found.filter(kpi__in=codes)
    whole = {last: first for first, last in days if last == rules.month_end(last)}
    rows = (
        stocks.filter(day__in=whole).values("kpi", "day").annotate(n=Sum("numerator"), d=Sum("denominator"))
    )
    sums: Sums = {(row["kpi"], whole[row["day"]]): (row["n"], row["d"]) for row in rows}
    for first, last in days:
        if last not in whole:
            for code, parts in _last_values(stocks, last=last).items():
                sums[code, first] = parts
    return sums


def _last_values(stocks: QuerySet[KpiDaily], *, last: date) -> dict[str, tuple[Decimal, Decimal]]:
    back = rules.month_start(last) - timedelta(days=1)
    rows = stocks.filter(day__gte=back, day__lte=last).order_by("kpi", "location_id", "-day")
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for row in rows.distinct("kpi", "location_id"):
        top, bottom = found.get(row.kpi, (Decimal(0), Decimal(0)))
        found[row.kpi] = (top + (row.numerator or 0), bottom + (row.denominator or 0))
    return found


def _carried(
    stocks: QuerySet[KpiDaily], *, first: date, last: date
) -> dict[date, tuple[Decimal | None, Decimal | None]]:
    """All sites' running values on each day one of them changes."""
    back = rules.month_start(first) - timedelta(days=1)
    standing: dict[uuid.UUID, tuple[Decimal, Decimal]] = {}
    changed: dict[date, list[KpiDaily]] = defaultdict(list)
    for row in stocks.filter(day__gte=back, day__lte=last).order_by("day"):
        changed[row.day].append(row)
    found: dict[date, tuple[Decimal | None, Decimal | None]] = {}
    for day, rows in changed.items():
        standing |= {
            row.location_id: (row.numerator or Decimal(0), row.denominator or Decimal(0)) for row in rows
        }
        if day >= first:
            found[day] = (
                sum((top for top, _ in standing.values()), Decimal(0)),
                sum((bottom for _, bottom in standing.values()), Decimal(0)),
            )
    return found


def _figure(
    kpi: Kpi,
    *,
    first: date,
    last: date,
    parts: tuple[Decimal | None, Decimal | None] | None,
    band: dict[str, Target],
    scale: dict[str, Decimal],
) -> Figure:
    top, bottom = parts or (None, None)
    top = top or Decimal(0)
    bottom = None if kpi.denominator is None else bottom or Decimal(0)
    worth = rules.value(top, denominator=bottom, unit=kpi.unit, scale=scale[kpi.code])
    target = band[kpi.code]
    return Figure(
        kpi=kpi,
        first=first,
        last=last,
        numerator=top,
        denominator=bottom,
        value=worth,
        target=target,
        standing=rules.standing(worth, target=target, direction=kpi.direction),
        known=parts is not None and any(part is not None for part in parts),
    )
