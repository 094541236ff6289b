"""The way in, the palette, and the answer to the idle warning."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kit import palette as kit_palette
from practice import recents
from practice.discovery import modules
from practice.ports import note_seen
from practice.selectors.people import practices_of
from practice.services import signup
from practice.shell import navigation
from practice.transactions import known_as

MOST_HITS = 30


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send people to their practice, or to the sign-in page."""
    if not request.user.is_authenticated:
        first_run = settings.SIGNUP == signup.FIRST_RUN and signup.is_possible()
        return redirect("sign_up" if first_run else "account_login")
    with known_as(request.user.pk):
        practice = practices_of(request.user).first()
    if practice is None:
        return render(request, "practice/no_practice.html", status=200)
    return redirect(reverse("practice:home", kwargs={"practice": practice.slug}))


@require_GET
def home_of_practice(request: Any) -> HttpResponse:
    """The first page of the navigation that this person may see."""
    for job in navigation(request, actor=request.actor):
        return redirect(job["url"])
    return render(request, "practice/no_practice.html")


@require_GET
def palette(request: Any) -> JsonResponse:
    """What ⌘K finds, filtered by permission and by what was typed; ``at`` is the page it was opened on."""
    text = request.GET.get("q", "").strip()[:100]
    path = request.GET.get("at", "")[:300]
    found = list(kit_palette.things_to_do(request, path=path, text=text))
    if text:
        found += [hit for module in modules("palette") for hit in module.find(request, text=text)]
    else:
        found += _recent(request)
    found += [
        {"label": item["label"], "hint": job["label"], "url": item["url"], "group": "Pages"}
        for job in navigation(request, actor=request.actor)
        for item in [*job["items"], *job["more"]] or [{"label": job["label"], "url": job["url"]}]
        if kit_palette.named(text, item["label"], job["label"])
    ]
    once = {
        hit["url"]: hit for hit in reversed(found)
    }  # what two of them found is shown where it stands first
    return JsonResponse([hit for hit in found if once[hit["url"]] is hit][:MOST_HITS], safe=False)


def _recent(request: Any) -> list[dict[str, str]]:
    """What was opened last; seeing the names again is a reading."""
    opened = recents.recent(request)
    for resource in {resource for resource, _ in opened}:
        note_seen(request, kind=resource.name, ids=[record.pk for of, record in opened if of is resource])
    return [
        kit_palette.record(request, resource=resource, record=record, group="Recent")
        for resource, record in opened
    ]


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody answered the idle warning: the middleware has counted this as activity."""
    request.session["seen_at"] = int(time.time())
    return HttpResponse(status=204)
