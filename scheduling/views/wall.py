"""The page on the wall of a waiting room. Its door is the secret in its address (practice/doors.py)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from scheduling.selectors import wall as found


@require_GET
def wall(request: Any, secret: str) -> HttpResponse:
    """Today's flow of the display's location; a poll gets its middle alone, 304 when nothing has changed.

    ``secret`` has opened the door before anybody came here; it is neither read nor shown again.
    """
    shown = found.wall_of(found.location_of(request.actor), actor=request.actor)
    middle = render_to_string("scheduling/_wall.html", {"wall": shown}, request=request)
    tag = f'"{hashlib.sha256(middle.encode()).hexdigest()[:20]}"'
    polled = bool(request.headers.get("HX-Request"))
    if polled and request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    elif polled:
        response = HttpResponse(middle)
    else:
        response = render(request, "scheduling/wall.html", {"wall": shown})
    if polled and request.GET.get("day") != shown.day.isoformat():
        response["HX-Refresh"] = "true"  # a new day begins with a new page: the screen may be on for weeks
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "HX-Request"
    # The address is the key: it is told to nobody, and no search engine keeps it.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
