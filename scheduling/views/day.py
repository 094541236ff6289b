"""The day page: providers side by side, what stands open and booked, and who is in the building."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kit import clock
from kit.views import gate
from practice.audit import note_read
from practice.models import Location
from scheduling.line import day_from, typed_day
from scheduling.permissions import SchedulingPermission
from scheduling.rules import NEXT
from scheduling.selectors.appointments import get_location, locations_for, zone_of
from scheduling.selectors.day import day_of
from scheduling.views.nothing import SITE, nothing_yet
from scheduling.views.steps import button_for


def site_and_day(request: Any) -> tuple[Location | None, date]:
    """The site and day an address (or a form) names; the first site and its today when it names none."""
    given = request.POST if request.method == "POST" else request.GET
    sites = locations_for(request.actor)
    site = sites[0] if sites else None
    with suppress(ValueError):
        site = get_location(uuid.UUID(given.get("location", "")), actor=request.actor)
    if site is None:
        return None, clock.now().date()
    return site, day_from(given.get("day", ""), default=clock.today(zone_of(site)))


def _unread(request: Any) -> str:
    """What somebody typed for a day that is none; today is shown then."""
    typed = str(request.GET.get("day", "")).strip()
    return typed[:20] if typed_day(typed) is None else ""


def _provider(request: Any) -> uuid.UUID | None:
    """Beside whom to look, where more providers work than fit side by side."""
    with suppress(ValueError):
        return uuid.UUID(request.GET.get("provider", ""))
    return None


@require_GET
def day_page(request: Any) -> HttpResponse:
    """A site's day."""
    request.actor.require(SchedulingPermission.VIEW_SCHEDULE)
    return answer(request)


def answer(request: Any, *, panel: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The day page, with the booking panel open when there is one."""
    actor = request.actor
    site, day = site_and_day(request)
    if site is None:
        return nothing_yet(request, lacking=SITE)
    shown = day_of(site, day=day, actor=actor, provider=_provider(request))
    note_read(request, what=f"Schedule of {site.name}", patient_ids=shown.patient_ids)
    today = clock.today(zone_of(site))
    may_flow = actor.may(SchedulingPermission.CHANGE_FLOW)
    context = {
        "shown": shown,
        "site": site,
        "sites": locations_for(actor),
        "day": day,
        "previous": day - timedelta(days=1),
        "following": day + timedelta(days=1),
        # A day before or after shows the same providers.
        "beside": f"&provider={shown.providers[shown.first - 1]}" if shown.first > 1 else "",
        "is_today": day == today,
        "unread": _unread(request),
        "other_year": day.year != today.year,
        "inside": [
            (card, button_for(NEXT[card.visit.status][-1]) if may_flow else None, uuid.uuid4())
            for card in shown.inside
            if card.open
        ],
        "may_book": actor.may(SchedulingPermission.BOOK_VISIT),
        "panel": panel
        or {"closed": True, "site": site, "day": day, "line": "", "nonce": gate.nonce(request)},
        "nonce": uuid.uuid4(),  # of the form that moves a visit; the panel has its own
        "problem": status != 200,
    }
    return render(request, "scheduling/day.html", context, status=status)
