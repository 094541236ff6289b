"""What the addresses of figures mean: month, stretch of days, site. Anything unreadable is 404."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404

from kit import clock
from practice.models import Location
from reports.rules import kpi as rules
from reports.selectors import kpis
from reports.selectors.kpis import Freshness

US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scope:
    """The day it is, how far figures reach, and the sites to count."""

    today: date
    fresh: Freshness
    upto: date
    location: uuid.UUID | None
    locations: list[Location]


def scope(request: Any) -> Scope:
    """Read the site of the address and the state of the figures: three queries."""
    today = clock.today(ZoneInfo(request.profile.timezone))
    fresh = kpis.freshness(request.actor, today=today)
    location = kpis.get_location(request.GET.get("location", ""), actor=request.actor)
    return Scope(
        today=today,
        fresh=fresh,
        upto=fresh.day or today,
        location=location,
        locations=kpis.locations(request.actor),
    )


def month_of(request: Any, *, upto: date) -> date:
    """``?month=2026-02``; without it the last whole month. Not after the figures' own."""
    given = request.GET.get("month", "")
    whole = upto if upto == rules.month_end(upto) else rules.shift(upto.replace(day=1), months=-1)
    found = day_of(f"{given}-01") if given else rules.month_start(whole)
    if found > upto:
        raise Http404
    return found


def days_of(request: Any, *, upto: date) -> tuple[date, date]:
    """``?from=&to=``; without them the last whole month. At most 400 days."""
    month = month_of(request, upto=upto)
    first = day_of(request.GET["from"]) if request.GET.get("from") else month
    last = day_of(request.GET["to"]) if request.GET.get("to") else min(rules.month_end(first), upto)
    if first > last or (last - first).days > 400:
        raise Http404
    return first, last


def day_of(text: str) -> date:
    """A date as people (03/04/2026) or addresses (2026-03-04) write it, of this or the last century, or 404."""
    try:
        typed = US_DATE.fullmatch(text.strip())
        found = date(int(typed[3]), int(typed[1]), int(typed[2])) if typed else date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if not 1900 <= found.year <= 2200:
        raise Http404
    return found
