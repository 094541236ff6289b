"""A provider's week at a site: days side by side, visits moved from one to another."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kit import clock
from kit.views import gate
from practice.audit import note_read
from scheduling.line import day_from
from scheduling.models import Resource
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import provider_resources, zone_of
from scheduling.selectors.provider_week import week_of
from scheduling.views.nothing import HOURS, nothing_yet

WEEK = timedelta(days=7)


@require_GET
def week_page(request: Any) -> HttpResponse:
    """The week of the provider and day an address names; the first provider and this week when it names none."""
    actor = request.actor
    actor.require(SchedulingPermission.VIEW_SCHEDULE)
    resources = provider_resources(actor)
    chosen = _chosen(request.GET.get("provider", ""), resources=resources)
    if chosen is None:
        return nothing_yet(request, lacking=HOURS)
    today = clock.today(zone_of(chosen.location))
    shown = week_of(chosen, day=day_from(request.GET.get("day", ""), default=today), actor=actor)
    note_read(request, what=f"Week of {chosen.name}", patient_ids=shown.patient_ids)
    context = {
        "shown": shown,
        "site": chosen.location,
        "resources": resources,
        "several_sites": len({each.location_id for each in resources}) > 1,
        "previous": shown.monday - WEEK,
        "following": shown.monday + WEEK,
        "is_this_week": shown.monday <= today < shown.monday + WEEK,
        "may_book": actor.may(SchedulingPermission.BOOK_VISIT),
        "nonce": gate.nonce(request),
    }
    return render(request, "scheduling/provider_week.html", context)


def _chosen(text: str, *, resources: list[Resource]) -> Resource | None:
    """The resource an address names, 404 when it is none of these; without a name the first."""
    if not text:
        return resources[0] if resources else None
    try:
        key = uuid.UUID(text)
    except ValueError:
        raise Http404 from None
    found = next((each for each in resources if each.pk == key), None)
    if found is None:
        raise Http404
    return found
