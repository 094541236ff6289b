"""The day sheet, made for paper: one page a provider."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from practice.audit import note_read
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import locations_for
from scheduling.selectors.day_sheet import sheets_of
from scheduling.views.day import site_and_day
from scheduling.views.nothing import SITE, nothing_yet


@require_GET
def sheet_page(request: Any) -> HttpResponse:
    """A site's day by provider."""
    request.actor.require(SchedulingPermission.VIEW_SCHEDULE)
    site, day = site_and_day(request)
    if site is None:
        return nothing_yet(request, lacking=SITE)
    sheets = sheets_of(site, day=day, actor=request.actor)
    lines = [line for sheet in sheets for line in sheet.lines if line.open]
    note_read(
        request, what=f"Day sheet of {site.name}", patient_ids=[line.visit.patient_id for line in lines]
    )
    context = {"site": site, "sites": locations_for(request.actor), "day": day, "sheets": sheets}
    return render(request, "scheduling/day_sheet.html", context)
