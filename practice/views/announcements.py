"""Reading an announcement: the button under it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kit import links
from kit.errors import DomainError
from practice.selectors import announcements as found
from practice.services import announcements as service


@require_POST
def read(request: Any, announcement_id: uuid.UUID) -> HttpResponse:
    """The person has read it as it stood on the page they sent this from. Twice is once."""
    announcement = found.get_addressed(announcement_id, actor=request.actor)
    given = request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    try:
        service.mark_read(announcement, version=version, actor=request.actor)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Kept: you have read it.")
    return redirect(_back(request, announcement_id=announcement_id))


def _back(request: Any, *, announcement_id: uuid.UUID) -> str:
    """The announcement's own page for who came from there and still sees it, else My work."""
    if (
        request.POST.get("from") == "page"
        and found.visible_to(request.actor).filter(pk=announcement_id).exists()
    ):
        return links.to(request, name="kit:practice_announcement_detail", pk=announcement_id)
    return links.to(request, name="practice:work")
