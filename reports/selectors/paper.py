"""What the P&L variance report's PDF shows, read in one go: rendering asks the database nothing."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from kit.words import long_date, us_time
from practice.models import Location, Practice
from reports.models import VarianceReport
from reports.selectors import pnl


def context(report_id: uuid.UUID) -> dict[str, Any]:
    """Everything ``reports/pnl_pdf.html`` needs. Inside ``acting_in``."""
    report = VarianceReport.objects.select_related("prepared_by__user", "finalized_by__user").get(
        pk=report_id
    )
    practice = Practice.objects.get(pk=report.practice_id)
    made = report.as_of.astimezone(ZoneInfo(pnl.zone()))
    shown = pnl.shown(report)
    net = shown.total("net_income").values
    revenue = shown.total("net_revenue").values
    tiles = [
        (row.label, row.values.actual, row.values.budget)
        for row in (
            shown.total(code) for code in ("net_revenue", "operating_cost", "before_providers", "net_income")
        )
        if row.values
    ]
    return {
        "title": f"{practice.name} · P&L variance, {report.month:%B %Y}",
        "practice": practice,
        "report": report,
        "shown": shown,
        "tiles": tiles,
        "prior": net.prior_year if net else None,
        "revenue": revenue,
        "locations": ", ".join(Location.objects.filter(is_active=True).values_list("name", flat=True)),
        "made": f"{long_date(made.date())}, {us_time(made)} {made:%Z}",
        "notes": list(report_notes(shown)),
    }


def report_notes(shown: pnl.Report) -> list[str]:
    """What a reader must know to read the figures right."""
    notes = [
        f"An explanation is due from {shown.percent.normalize():f}% and ${shown.dollars:,.0f} on.",
        "Costs and adjustments above budget are unfavorable; parentheses are negative.",
    ]
    if not shown.head.budget_label:
        notes.append("This year has no budget.")
    return notes
