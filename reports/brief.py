"""Variances to explain, stale figures, and key figures out of their band on the Monday brief."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from kit.charts import Band, sparkline
from kit.words import counted
from practice.actor import Actor
from practice.brief import BriefLine, at
from practice.panels import Box
from reports.permissions import ReportPermission as P
from reports.rules import kpi as rules
from reports.rules import kpi_words as words
from reports.selectors import kpis, pnl

SHOWN = 4


def lines(*, actor: Actor, today: date) -> Iterable[BriefLine]:
    """The newest P&L's missing explanations, and whether the night's figures came."""
    if actor.may(P.VIEW_PNL):
        yield from _variance(actor)
    if actor.may(P.VIEW_KPI):
        yield from _stale(actor, today=today)


def _variance(actor: Actor) -> Iterable[BriefLine]:
    report = pnl.visible_to(actor).filter(finalized_at=None).order_by("-month", "basis", "-version").first()
    missing = pnl.unexplained(report) if report is not None else []
    if report is not None and missing:
        what = counted(len(missing), one="explanation is", many="explanations are")
        yield BriefLine(
            key=f"reports.variance.{report.month:%Y-%m}",
            sentence=f"{report.month:%B} variance: {what} missing",
            detail=", ".join(line.account.name for line in missing[:3]) + ".",
            severity="warn",
            permission=P.VIEW_PNL,
            amount=sum((abs(_off(line)) for line in missing), Decimal(0)),
            count=len(missing),
            path=at("reports:pnl_report", args={"report_id": report.pk}),
            button="Explain",
        )


def _off(line: Any) -> Decimal:
    """How far a line is from its budget."""
    return (line.actual or Decimal(0)) - (line.budget or Decimal(0))


def _stale(actor: Actor, *, today: date) -> Iterable[BriefLine]:
    fresh = kpis.freshness(actor, today=today)
    if fresh.problem:
        yield BriefLine(
            key="reports.stale",
            sentence="Key figures are not of last night",
            detail=fresh.problem,
            severity="warn",
            permission=P.VIEW_KPI,
            path=at("reports:kpis"),
            button="Open KPI wall",
        )


def boxes(*, actor: Actor, today: date) -> Iterable[Box]:
    """Key figures of the month that are out of their band, with their last thirteen months."""
    if not actor.may(P.VIEW_KPI):
        return
    upto = kpis.freshness(actor, today=today).day or today
    months = kpis.months(actor, starts=rules.trailing(upto.replace(day=1)), upto=upto)
    off = [figures for figures in months.values() if _is_off(figures[-1])]
    rows = [_band(figures) for figures in off[:SHOWN]]
    if rows:
        yield Box(title="Out of band", template="reports/_brief_bands.html", context={"rows": rows})


def _is_off(figure: kpis.Figure) -> bool:
    return figure.known and figure.standing is not None and figure.standing.tone != "ok"


def _band(figures: list[kpis.Figure]) -> dict[str, Any]:
    now = figures[-1]
    known = [figure.value for figure in figures if figure.known and figure.value is not None]
    target = now.target
    band = Band(low=target.low, high=target.high) if (target.low, target.high) != (None, None) else None
    tone = now.standing.tone if now.standing else "muted"
    return {
        "name": now.kpi.name,
        "code": now.kpi.code,
        "target": words.target(target, unit=now.kpi.unit),
        "value": words.written(now.value, unit=now.kpi.unit),
        "spark": sparkline(known, band=band, tone=tone) if len(known) > 1 else None,
    }
