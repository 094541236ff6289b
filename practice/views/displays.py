"""Settings -> Wall displays: make one (its address is shown once), end one, see which still look."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kit import clock, links, writes
from kit.errors import DomainError
from practice.forms.settings import DisplayForm
from practice.permissions import PracticePermission
from practice.selectors import displays as found
from practice.services import displays as service

ROWS = 100
PAGE_NAME = "scheduling:wall"  # the page itself stands further up; Django binds it by its name


@require_http_methods(["GET", "POST"])
def displays(request: Any) -> HttpResponse:
    """The list, and a form to make a display. Its address stands in the answer to the POST and nowhere else."""
    actor = request.actor
    actor.require(PracticePermission.CHANGE_DISPLAYS)
    form = DisplayForm(data=request.POST if request.method == "POST" else None, actor=actor)
    address, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _, raw = service.make(**form.cleaned_data, actor=actor)
                path = reverse(PAGE_NAME, kwargs={"practice": request.practice.slug, "secret": raw})
                address, status = f"{settings.BASE_URL}{path}", 200
                form = DisplayForm(actor=actor)
            except DomainError as error:
                writes.explain(form, error=error)
    rows = [(row, _state(row)) for row in found.visible_to(actor)[:ROWS]]
    context = {"form": form, "address": address, "rows": rows, "problem": status == 422}
    return render(request, "practice/displays.html", context, status=status)


def _state(row: Any) -> str:
    if row.revoked_at is not None:
        return "Ended"
    return "Too old" if row.expires_at <= clock.now() else "On"


@require_POST
def revoke(request: Any, display_id: uuid.UUID) -> HttpResponse:
    """End a display now."""
    display = found.get_display(display_id, actor=request.actor)
    service.revoke(display, actor=request.actor)
    messages.success(request, f"{display} shows nothing any more.")
    return redirect(links.to(request, name="practice:displays"))
