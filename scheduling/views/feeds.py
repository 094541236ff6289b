"""Calendar addresses: made and renewed by members, read by calendars."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit import writes
from kit.errors import DomainError
from scheduling.forms import FeedForm
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import feeds as found
from scheduling.services import feeds


@require_safe
def read(request: Any, secret: str) -> HttpResponse:
    """The feed, or 304 for a calendar that has it already. No session, no cookie, nobody's name."""
    body = found.text_of(found.feed_of(request.actor))
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    known = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    if tag in known or known == ["*"]:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return answer


@require_http_methods(["GET", "POST"])
def make(request: Any) -> HttpResponse:
    """The form to make one. Its address stands in the answer to the POST and nowhere else."""
    actor = request.actor
    actor.require(SchedulingPermission.MAKE_FEED)
    form = FeedForm(data=request.POST if request.method == "POST" else None, actor=actor)
    if request.method != "POST":
        return _page(request, form=form)
    if form.is_valid():
        try:
            _, raw = feeds.make(**form.cleaned_data, actor=actor)
            return _page(request, form=form, raw=raw)
        except DomainError as error:
            writes.explain(form, error=error)
    return _page(request, form=form, problem=True)


@require_http_methods(["GET", "POST"])
def renew(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Ask, then give the feed another address, shown once."""
    actor = request.actor
    actor.require(SchedulingPermission.MAKE_FEED)
    feed = found.visible_to(actor).filter(pk=pk).first()
    if feed is None:
        raise Http404
    raw = feeds.renew(feed, actor=actor)[1] if request.method == "POST" else ""
    return _page(request, feed=feed, raw=raw)


def _page(request: Any, *, raw: str = "", problem: bool = False, **context: Any) -> HttpResponse:
    path = reverse("public_calendar", kwargs={"secret": raw}) if raw else ""
    context |= {"address": f"{settings.BASE_URL}{path}" if raw else "", "problem": problem}
    return render(request, "scheduling/feed.html", context, status=422 if problem else 200)
