"""The KPI wall, one key figure with the rows it counts, and the button that computes them again."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kit import clock
from kit.links import to
from practice import jobs
from practice.audit import note_read
from practice.permissions import all_permissions
from reports.catalogue import KPIS, Part
from reports.permissions import ReportPermission
from reports.rules import kpi as rules
from reports.rules import kpi_words as words
from reports.selectors import drill, kpis
from reports.selectors import owner as tiles
from reports.selectors.drill import Row, Rows
from reports.views.periods import Scope, days_of, month_of, scope

# Where the record of a row is shown: kind, address, and which of its ids goes in.
PLACES = {"appointment": ("scheduling:visit", "pk"), "claim": ("billing:claim", "pk")}


@require_GET
def wall(request: Any) -> HttpResponse:
    """All ten key figures of a month with their definitions."""
    actor = request.actor
    actor.require(ReportPermission.VIEW_KPI)
    here = scope(request)
    month = month_of(request, upto=here.upto)
    partial = here.upto < rules.month_end(month)
    found = tiles.series(actor, month=month, upto=here.upto, location=here.location, kpis_wanted=KPIS)
    query = urlencode({"month": f"{month:%Y-%m}"} | _site(here))
    context = {
        "here": here,
        "month": month,
        "partial": partial,
        "earlier": rules.shift(month, months=-1),
        "later": rules.shift(month, months=1) if rules.shift(month, months=1) <= here.upto else None,
        "cards": [
            (
                tiles.tile(found[kpi.code], partial=partial),
                f"{to(request, name='reports:kpi', code=kpi.code)}?{query}",
            )
            for kpi in KPIS
        ],
        "may_run": actor.may(ReportPermission.RUN_ROLLUP),
    }
    note_read(request, what=f"KPI wall, {month:%B %Y}")
    return render(request, "reports/kpi_wall.html", context)


@require_GET
def kpi(request: Any, code: str) -> HttpResponse:
    """One key figure of a period: what it is made of, its definition, its months, and every row it counts."""
    actor = request.actor
    actor.require(ReportPermission.VIEW_KPI)
    wanted = kpis.get_kpi(code)
    here = scope(request)
    first, last = days_of(request, upto=here.upto)
    figure = kpis.period(actor, kpi=wanted, first=first, last=last, location=here.location)
    months = tiles.series(
        actor,
        month=rules.month_start(last),
        upto=max(here.upto, last),
        location=here.location,
        kpis_wanted=[wanted],
    )[wanted.code]
    parts = [part for part in (wanted.numerator, wanted.denominator) if part]
    stored = [figure.numerator, figure.denominator]
    shown = [_part(request, part=part, here=here, stored=value, days=(first, last), name=name)
             for part, value, name in zip(parts, stored, ("top", "bottom"), strict=False)]  # fmt: skip
    patients = [row.patient.pk for each in shown for row, *_ in each["rows"] if row.patient]
    note_read(request, what=f"Rows of {wanted.name}", patient_ids=patients)
    context = {
        "kpi": wanted,
        "here": here,
        "figure": figure,
        "first": first,
        "last": last,
        "value": words.written(figure.value, unit=wanted.unit),
        "target": words.target(figure.target, unit=wanted.unit),
        "parts": shown,
        "chart": tiles.trend(months),
        "finding": tiles.finding(months),
        "days": _days(request, here=here, code=code, first=first, last=last),
        "computed_at": kpis.computed_at(actor, kpi=wanted, first=rules.month_start(first), last=last),
        "scale": figure.kpi.scale,
    }
    return render(request, "reports/kpi.html", context)


@require_POST
def compute(request: Any) -> HttpResponse:
    """Have every figure of all years computed again, in the background."""
    request.actor.require(ReportPermission.RUN_ROLLUP)
    run = jobs.enqueue(
        kpis.ROLLUP, actor=request.actor, key=f"all {clock.now():%Y-%m-%d %H:%M}", args={"all": True}
    )
    following = urlencode({"next": to(request, name="reports:kpis")})
    return redirect(f"{to(request, name='practice:job', job_id=run.pk)}?{following}")


def _part(
    request: Any, *, part: Part, here: Scope, stored: Any, days: tuple[date, date], name: str
) -> dict[str, Any]:
    """A numerator or denominator with a page of its rows, and whether they still add up to the figure."""
    actor = request.actor
    found: Rows = drill.rows(
        kpis.get_kpi(request.resolver_match.kwargs["code"]),
        part=part,
        first=days[0],
        last=days[1],
        actor=actor,
        location=here.location,
        after=request.GET.get(name, ""),
    )
    more = request.GET.copy()
    more[name] = found.after
    missing = all_permissions().get(found.missing)
    return {
        "part": part,
        "found": found,
        "total": words.part(found.total, unit=part.unit),
        "stored": words.part(stored, unit=part.unit),
        "moved": found.total != stored,
        "rows": [(row, words.part(row.amount, unit=part.unit), _url(request, row=row)) for row in found.rows],
        "more": f"?{more.urlencode()}#{name}" if found.after else "",
        "missing": missing.sentence if missing else "",
        "anchor": name,
    }


def _url(request: Any, *, row: Row) -> str:
    """Where a row's record is shown: the visit, the claim, else its patient; '' when the patient is not shown."""
    if row.patient is None:
        return ""
    name, key = PLACES.get(row.kind, ("kit:patients_patient_detail", "pk"))
    target = row.record_id if row.kind in PLACES else row.patient.pk
    return reverse(name, kwargs={"practice": request.practice.slug, key: target})


def _days(request: Any, *, here: Scope, code: str, first: date, last: date) -> list[dict[str, Any]]:
    """The period day by day, as a table."""
    wanted = kpis.get_kpi(code)
    found = kpis.days(request.actor, kpi=wanted, first=first, last=last, location=here.location)
    bottom = wanted.denominator
    return [
        {
            "day": each.first,
            "top": words.part(each.numerator, unit=wanted.numerator.unit),
            "bottom": words.part(each.denominator, unit=bottom.unit) if bottom else "",
            "value": words.written(each.value, unit=wanted.unit),
        }
        for each in found
    ]


def _site(here: Scope) -> dict[str, str]:
    return {"location": str(here.location)} if here.location else {}
