"""The night's key figures: replaced by set-based SQL, a year at a step. Repeating or killing it changes nothing.

Flows store a row for each day and site with something to say. Stocks (A/R) store a row for each day on which a
site's value changes and one at each month's end while it is not zero, so a page reads any day within a month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Least

from billing.models import Charge, DenialCase, LedgerEntry, OpenItem, Remittance
from kit import clock
from practice.actor import Actor
from practice.models import RuleValue
from practice.rules.dated import timeline
from practice.services.rules import entries_of
from reports.catalogue import KPIS, MAKING, Kpi
from reports.models import KpiDaily, RollupRun
from reports.permissions import ReportPermission
from reports.rules.kpi import steps
from reports.selectors import facts
from reports.selectors.targets import practice_today, practice_zone, values_on
from scheduling.models import Appointment

# Days before the last run that are always made again; what changed further back is found by its row's own time.
REOPEN_DAYS = 35
# A row's created_at is its statement's time: no transaction lives longer than this before it commits.
SLACK = timedelta(days=1)

FLOW = """
INSERT INTO reports_kpidaily (practice_id, kpi, day, location_id, numerator, denominator, definition, computed_at)
SELECT %(practice)s, %(kpi)s, day, location_id, sum(n), {denominator}, %(version)s, %(now)s
FROM (SELECT day, location_id, amount AS n, 0::numeric AS d FROM ({top}) above
      {both}) parts
GROUP BY day, location_id
"""
BOTH = "UNION ALL SELECT day, location_id, 0::numeric, amount FROM ({bottom}) below"
STOCK = """
WITH changes AS (
  SELECT location_id, GREATEST(day, %(first)s::date - 1) AS day, sum(n) AS n, sum(d) AS d
  FROM (SELECT location_id, day, amount AS n, 0::numeric AS d FROM ({top}) above
        UNION ALL SELECT location_id, day, 0::numeric, amount FROM ({bottom}) below) parts
  WHERE day <= %(last)s GROUP BY 1, 2
), marks AS (
  SELECT (month + interval '1 month' - interval '1 day')::date AS day
  FROM generate_series(date_trunc('month', %(first)s::timestamp), %(last)s::timestamp, interval '1 month') month
  UNION SELECT unnest(%(anchors)s::date[])
), running AS (
  SELECT location_id, day, sum(sum(n)) OVER sofar AS n, sum(sum(d)) OVER sofar AS d,
         bool_or(n <> 0 OR d <> 0) AS changed
  FROM (SELECT location_id, day, n, d FROM changes
        UNION ALL SELECT site.location_id, marks.day, 0, 0
        FROM (SELECT DISTINCT location_id FROM changes) site CROSS JOIN marks) days
  GROUP BY location_id, day
  WINDOW sofar AS (PARTITION BY location_id ORDER BY day)
)
INSERT INTO reports_kpidaily (practice_id, kpi, day, location_id, numerator, denominator, definition, computed_at)
SELECT %(practice)s, %(kpi)s, day, location_id, n, d, %(version)s, %(now)s FROM running
WHERE day BETWEEN %(first)s AND %(last)s AND (changed OR n <> 0 OR d <> 0)
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a night has to make again: these stretches of days, up to ``last``."""

    first: date
    last: date
    steps: tuple[tuple[date, date], ...]


def plan(*, actor: Actor, since_ever: bool = False) -> Plan:
    """Which days have to be computed: since the last finished run, or all there is when none is finished."""
    actor.require(ReportPermission.RUN_ROLLUP)
    last = practice_today(actor)
    done = RollupRun.objects.filter(finished_at__isnull=False).order_by("-day").first()
    earliest = _earliest() or last
    if done is None or since_ever or KpiDaily.objects.exclude(_current()).exists():
        first = earliest
    else:
        touched = _touched(done.created_at - SLACK, actor=actor)
        first = min([done.day - timedelta(days=REOPEN_DAYS), *touched])
    first = min(first, last)
    return Plan(first=first, last=last, steps=tuple(steps(first, last=last, cuts=_cuts())))


@transaction.atomic
def begin(plan: Plan, *, actor: Actor) -> RollupRun:
    """Note that a run has started. A second run of a day continues the first one's row."""
    actor.require(ReportPermission.RUN_ROLLUP)
    run, _ = RollupRun.objects.get_or_create(
        practice_id=actor.practice_id, day=plan.last, defaults={"first_day": plan.first}
    )
    return run


@transaction.atomic
def rebuild(first: date, *, last: date, actor: Actor) -> int:
    """Replace all key figures of these days (at most a year, cut where a rule changes). Returns the rows."""
    actor.require(ReportPermission.RUN_ROLLUP)
    given = facts.parameters(
        practice_id=actor.practice_id, zone=practice_zone(actor), made_with=_made_with(first)
    )
    given |= {"first": first, "last": last, "now": clock.now()}
    given["anchors"] = [first] if first in _cuts() else []
    with connection.cursor() as cursor:
        # Two runs of a practice wait for each other: both delete what they write.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rollup:{actor.practice_id}"]
        )
        cursor.execute(
            "DELETE FROM reports_kpidaily WHERE practice_id = %(practice)s AND day BETWEEN %(first)s AND %(last)s",
            given,
        )
        return sum(_write(cursor, kpi=kpi, given=given) for kpi in KPIS)


@transaction.atomic
def finish(run: RollupRun, *, plan: Plan, cells: int, actor: Actor) -> RollupRun:
    """The run is complete: from now on pages say "as of" its time. Figures after its last day are gone."""
    actor.require(ReportPermission.RUN_ROLLUP)
    KpiDaily.objects.filter(day__gt=plan.last).delete()
    run.first_day, run.cells, run.finished_at = plan.first, cells, clock.now()
    run.save(update_fields=["first_day", "cells", "finished_at", "updated_at"])
    return run


def run_all(*, actor: Actor, since_ever: bool = False) -> RollupRun:
    """Plan, rebuild and finish in the caller's transaction: seeds and tests. The job does it step by step."""
    made = plan(actor=actor, since_ever=since_ever)
    run = begin(made, actor=actor)
    cells = sum(rebuild(first, last=last, actor=actor) for first, last in made.steps)
    return finish(run, plan=made, cells=cells, actor=actor)


def _write(cursor: Any, *, kpi: Kpi, given: dict[str, Any]) -> int:
    top, bottom = kpi.numerator.fact, kpi.denominator.fact if kpi.denominator else ""
    if kpi.kind == "stock":
        sql = STOCK.format(top=facts.STREAMS[top], bottom=facts.STREAMS[bottom])
    else:
        sql = FLOW.format(
            top=facts.rows_of(top),
            both=BOTH.format(bottom=facts.rows_of(bottom)) if bottom else "",
            denominator="sum(d)" if bottom else "NULL::numeric",
        )
    cursor.execute(sql, {**given, "kpi": kpi.code, "version": kpi.version})
    return int(cursor.rowcount)


def _current() -> Q:
    """Figures made with today's definitions."""
    found = Q()
    for kpi in KPIS:
        found |= Q(kpi=kpi.code, definition=kpi.version)
    return found


def _made_with(day: date) -> dict[str, int]:
    return {code: int(value) for code, value in values_on(MAKING, day=day).items()}


def _cuts() -> frozenset[date]:
    """Days on which a rule the figures are made with takes another value."""
    periods = [period for code in MAKING for period in timeline(entries_of(code))[1:]]
    return frozenset(period.first for period in periods if period.first)


def _earliest() -> date | None:
    """The first day with anything to count."""
    days = [
        Appointment.objects.aggregate(day=Min("local_day"))["day"],
        LedgerEntry.objects.aggregate(day=Min("posted_on"))["day"],
    ]
    return min((day for day in days if day), default=None)


def _touched(since: datetime, *, actor: Actor) -> list[date]:
    """The earliest day whose figures rows written since then can change, one for each kind of row."""
    recent = since.date() - timedelta(days=REOPEN_DAYS)
    billed = OpenItem.objects.filter(updated_at__gte=since, first_billed_on__gte=recent)
    answered = Remittance.objects.filter(posted_at__isnull=False)
    denied = DenialCase.objects.filter(created_at__gte=since)
    found = [
        Appointment.objects.filter(updated_at__gte=since).aggregate(day=Min("local_day"))["day"],
        Charge.objects.filter(updated_at__gte=since).aggregate(day=Min("posted_on"))["day"],
        LedgerEntry.objects.filter(created_at__gte=since).aggregate(day=Min("posted_on"))["day"],
        billed.aggregate(day=Min(Least(F("service_date"), F("first_billed_on"))))["day"],
        _day_before(answered.filter(updated_at__gte=since).aggregate(at=Min("posted_at"))["at"]),
        _day_before(denied.aggregate(at=Min("adjustment__remittance_claim__remittance__posted_at"))["at"]),
        RuleValue.objects.filter(code__in=MAKING, updated_at__gte=since).aggregate(day=Min("effective_from"))[
            "day"
        ],
    ]
    return [day for day in found if day]


def _day_before(moment: datetime | None) -> date | None:
    """A day that is surely not after the moment's local one, whatever the zone."""
    return moment.date() - timedelta(days=1) if moment else None
