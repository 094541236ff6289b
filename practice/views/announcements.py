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
    """The person has read it. Twice is once."""
    announcement = found.get_announcement(announcement_id, actor=request.actor)
    try:
        service.mark_read(announcement, actor=request.actor)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(links.to(request, name="practice:work"))
