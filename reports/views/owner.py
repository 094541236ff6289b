"""The owners' page, and the open balances behind its table."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from billing.permissions import BillingPermission
from billing.rules.ageing import LABELS
from finance.models import AccountingPeriod
from kit.heat import Heat, heat
from kit.links import to
from practice.audit import note_read
from practice.record_pages import page_of_ref
from reports.permissions import ReportPermission
from reports.rules import kpi as rules
from reports.selectors import owner as selectors
from reports.selectors import pnl, receivables
from reports.views.periods import month_of, scope

EIGHT = 8


@require_GET
def owner(request: Any) -> HttpResponse:
    """How the month went: at most eight numbers, the way from budget to actual, who owes what, what waits."""
    actor = request.actor
    actor.require(ReportPermission.VIEW_OWNER_PAGE)
    here = scope(request)
    month = month_of(request, upto=here.upto)
    partial = here.upto < rules.month_end(month)
    figures = selectors.owners_figures(actor, month=month, upto=here.upto, location=here.location)
    report = selectors.report_of(month, actor=actor) if here.location is None else None
    shown = pnl.shown(report) if report else None
    tiles = [selectors.income_tile(shown)] if shown else []
    tiles.append(selectors.cash_tile(figures[selectors.CASH], partial=partial))
    tiles += [selectors.tile(figures[code], partial=partial) for code in selectors.ON_PAGE]
    waiting = selectors.asks(actor, today=here.today)
    context = {
        "month": month,
        "partial": partial,
        "here": here,
        "period": AccountingPeriod.objects.filter(month=month).select_related("closed_by__user").first(),
        "earlier": rules.shift(month, months=-1),
        "later": rules.shift(month, months=1) if rules.shift(month, months=1) <= here.upto else None,
        "tiles": [(tile, _tile_url(request, tile=tile, month=month)) for tile in tiles[:EIGHT]],
        "report": report,
        "waterfall": shown.chart if shown else None,
        "trend": selectors.trend(figures[selectors.TREND]),
        "finding": selectors.finding(figures[selectors.TREND]),
        "ar": _who_owes(request, here=here),
        "ar_url": _ar_url(request, here=here),
        "waiting": waiting,
        "asks": [(item, page_of_ref(request, ref=item.ref)) for item in waiting.first],
        "may_open_kpi": actor.may(ReportPermission.VIEW_KPI),
    }
    note_read(request, what=f"Owners' page, {month:%B %Y}")
    return render(request, "reports/owner.html", context)


def _who_owes(request: Any, *, here: Any) -> Heat:
    """The open balances by party and age; each figure opens its rows for who may see them."""
    found = receivables.heat(request.actor, day=here.today, location=here.location)
    rows = _ar_url(request, here=here)

    def href(row: int, bucket: int) -> str:
        joined = "&" if "?" in rows else "?"
        return f"{rows}{joined}party={found.parties[row].key}&bucket={bucket}" if rows else ""

    return heat(
        [(party.name, party.ages) for party in found.parties],
        title=found.finding,
        about="A/R by payer and age in days, now",
        columns=("Payer", *LABELS),
        href=href,
        note="Open balances now, by days since first billed (else since service). Money not yet applied to a "
        "charge is left out.",
    )


def _ar_url(request: Any, *, here: Any) -> str:
    """Where open balances are listed, "" for who may not see them."""
    if not (
        request.actor.may(BillingPermission.VIEW_LEDGER) and request.actor.may(ReportPermission.VIEW_KPI)
    ):
        return ""
    return to(request, name="reports:open_balances") + (f"?location={here.location}" if here.location else "")


@require_GET
def open_balances(request: Any) -> HttpResponse:
    """The balances one cell of the A/R table adds up."""
    actor = request.actor
    actor.require(ReportPermission.VIEW_KPI)
    here = scope(request)
    bucket, party = _bucket(request.GET.get("bucket", "")), request.GET.get("party", "")
    found = receivables.items(
        actor,
        day=here.today,
        party=party,
        bucket=bucket,
        location=here.location,
        after=request.GET.get("after", ""),
    )
    rows = [
        (item, receivables.may_name(item, actor=actor), receivables.age(item, day=here.today))
        for item in found.rows
    ]
    note_read(
        request, what="Open balances", patient_ids=[item.patient_id for item, named, _ in rows if named]
    )
    more = request.GET.copy()
    more["after"] = found.after
    context = {
        "here": here,
        "found": found,
        "rows": rows,
        "age": "" if bucket is None else f"{LABELS[bucket]} days",
        "party": party,
        "who": _who(party, rows=found.rows),
        "more": f"?{more.urlencode()}" if found.after else "",
    }
    return render(request, "reports/owner_balances.html", context)


def _who(party: str, *, rows: list[Any]) -> str:
    if party in ("", "patient", "other"):
        return {"": "Everybody", "patient": "Patients", "other": "Other payers"}[party]
    return str(rows[0].payer) if rows else "Payer"


def _bucket(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) >= len(LABELS):
        raise Http404
    return int(text)


def _tile_url(request: Any, *, tile: selectors.Tile, month: date) -> str:
    """Where a tile's rows stand, '' when the reader may not open them."""
    if tile.url_name == "reports:pnl_report":
        return to(request, name=tile.url_name, report_id=tile.code)
    if not request.actor.may(ReportPermission.VIEW_KPI):
        return ""
    address = reverse(tile.url_name, kwargs={"practice": request.practice.slug, "code": tile.code})
    location = request.GET.get("location", "")
    return f"{address}?month={month:%Y-%m}" + (f"&location={location}" if location else "")
