"""Where forms leave and find their unsaved entries."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kit import clock
from kit.errors import DomainError
from practice.services import drafts


@require_http_methods(["GET", "POST"])
def own_drafts(request: Any) -> HttpResponse:
    """GET ?form=: 204, or when it was saved and what was typed. POST form and entries (JSON); ``discard`` forgets."""
    form = request.POST.get("form", "") if request.method == "POST" else request.GET.get("form", "")
    if request.method == "GET":
        return _show(request, form=form)
    if "discard" in request.POST:
        drafts.discard(form, actor=request.actor)
        return HttpResponse(status=204)
    try:
        drafts.save(form, entries=_entries(request.POST.get("entries", "")), actor=request.actor)
    except DomainError as error:
        return JsonResponse({"message": error.message}, status=error.status)
    return HttpResponse(status=204)


def _show(request: Any, *, form: str) -> HttpResponse:
    found = drafts.find(form, actor=request.actor)
    if found is None:
        return HttpResponse(status=204)
    draft, entries = found
    zone = ZoneInfo(request.profile.timezone)
    at = timezone.localtime(draft.saved_at, zone)
    said = f"{at:%I:%M %p}".lstrip("0")
    if at.date() != clock.today(zone):
        said = f"{at:%m/%d/%Y} {said}"
    return JsonResponse({"said": said, "saved_at": draft.saved_at.isoformat(), "entries": entries})


def _entries(text: str) -> drafts.Entries:
    """What the browser sends: field names with lists of values. Raises ``DomainError`` for anything else."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise DomainError("The draft could not be read.", field="entries") from None
    plain = isinstance(given, dict) and all(
        isinstance(values, list) and all(isinstance(value, str) for value in values)
        for values in given.values()
    )
    if not plain:
        raise DomainError("The draft could not be read.", field="entries")
    return dict(given)
