"""One piece of background work while it runs. The list, and running it again, are a Resource."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kit import links
from kit.views import gate
from practice.permissions import PracticePermission
from practice.selectors import jobs as found


@require_GET
def job(request: Any, job_id: uuid.UUID) -> HttpResponse:
    """A job's progress bar; polled by htmx until it is finished."""
    row = found.get_job(job_id, actor=request.actor)
    context = {
        "job": row,
        "next": links.ours(request.GET.get("next", "")),
        "may_list": request.actor.may(PracticePermission.VIEW_JOBS),
        "nonce": gate.nonce(request),
    }
    partial = bool(request.headers.get("HX-Request"))
    return render(request, "practice/_job.html" if partial else "practice/job.html", context)
