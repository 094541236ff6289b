"""Patient flow: how long people wait, by provider and by hour of the day."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kit import links
from practice.selectors.days import practice_today
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import get_location, locations_for
from scheduling.selectors.flow_facts import SHARES, WAITS, Line, flow_of

SPANS = (7, 28, 91)  # days
# The key figures of reports that count the same rows; reports stands above, so they are named by their address alone.
FIGURES = {
    "door_to_room": "door_to_room", "room_to_provider": "room_to_provider", "cycle": "cycle_time",
    "on_time": "on_time_start", "late": "late_arrival", "left": "left_unseen",
}  # fmt: skip


@require_GET
def page(request: Any) -> HttpResponse:
    """The figures up to yesterday, of one site or of all the actor's."""
    actor = request.actor
    actor.require(SchedulingPermission.VIEW_ACCESS)
    site = None
    with suppress(ValueError):
        site = get_location(uuid.UUID(request.GET.get("location", "")), actor=actor)
    days = next((each for each in SPANS if str(each) == request.GET.get("days")), 28)
    last = practice_today(actor) - timedelta(days=1)
    found = flow_of(
        actor, first=last - timedelta(days=days - 1), last=last, location=site.pk if site else None
    )
    visits = links.to(request, name="kit:scheduling_visit_list")
    span = f"local_day_from={found.first.isoformat()}&local_day_to={found.last.isoformat()}&view=all"
    where = f"&location={site.pk}" if site else ""
    context = {
        "flow": found,
        "site": site,
        "sites": locations_for(actor),
        "days": days,
        "spans": SPANS,
        "everyone": _cells(found.everyone),
        "tiles": _tiles(request, line=found.everyone),
        "providers": [
            (line, _cells(line), f"{visits}?{span}{where}&provider={line.key}") for line in found.providers
        ],
        "hours": [(line, _cells(line), "") for line in found.hours],
    }
    return render(request, "scheduling/patient_flow.html", context)


def _cells(line: Line) -> list[str]:
    """Median and 90th percentile of each wait, then the shares, as a table's row has them."""
    waits = [line.waits[name] for name in WAITS]
    minutes = [each for spread in waits for each in (spread.median, spread.ninetieth)]
    shares = [line.shares[name].percent for name in SHARES]
    return [
        *("n/a" if each is None else f"{each:,.0f}" for each in minutes),
        *("n/a" if each is None else f"{each:,.1f}%" for each in shares),
    ]


def _tiles(request: Any, *, line: Line) -> list[tuple[str, str, str, str]]:
    """Name, value, what it is of, and the key figure that lists its rows."""
    titles = {"door_to_room": "Door to room", "room_to_provider": "Room to provider", "cycle": "Cycle time"}
    shares = {"on_time": "On-time start", "late": "Late arrival", "left": "Left without being seen"}
    found = []
    for name, title in titles.items():
        spread = line.waits[name]
        value = "n/a" if spread.median is None else f"{spread.median:,.0f} min"
        tail = f"median of {spread.visits:,}; 90th percentile {spread.ninetieth or 0:,.0f} min"
        found.append((title, value, tail if spread.visits else "Nothing to count", name))
    for name, title in shares.items():
        share = line.shares[name]
        value = "n/a" if share.percent is None else f"{share.percent:,.1f}%"
        found.append(
            (title, value, f"{share.part:,} of {share.whole:,}" if share.whole else "Nothing to count", name)
        )
    base = request.path.split("/scheduling/")[0]
    return [
        (title, value, tail, f"{base}/reports/kpi/{FIGURES[name]}/") for title, value, tail, name in found
    ]
