"""Reading an announcement: its words, and the button under them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kit import links
from kit.errors import DomainError
from practice.selectors import announcements as found
from practice.selectors.days import practice_today
from practice.services import announcements as service


@require_http_methods(["GET", "POST"])
def read(request: Any, announcement_id: uuid.UUID) -> HttpResponse:
    """The words alone with their button; a post says that the person has read them as they stood there."""
    announcement = found.get_addressed(announcement_id, actor=request.actor)
    if request.method == "GET":
        waiting = found.waiting_for(request.actor, today=practice_today(request.actor))
        context = {"announcement": announcement, "waits": waiting.filter(pk=announcement_id).exists()}
        return render(request, "practice/announcement_read.html", context)
    given = request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    try:
        service.mark_read(announcement, version=version, actor=request.actor)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Kept: you have read it.")
    return redirect(links.to(request, name="practice:work"))
