"""Settings → Background work: what ran, what runs, what failed, why, and what to do about it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kit import clock
from practice import jobs as job_kinds
from practice.models import JobRun
from practice.permissions import PracticePermission
from practice.selectors import jobs as found

PAGE = 50


@require_GET
def jobs(request: Any) -> HttpResponse:
    """Background work, newest first, by state and kind, fifty a page."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_JOBS)
    known = found.kinds(actor)
    view = _one_of(request.GET.get("view", ""), [slug for slug, _, _ in found.VIEWS], default="all")
    kind = _one_of(request.GET.get("kind", ""), known, default="")
    mark = _mark(request.GET.get("before", ""))
    rows = found.newest(actor, view=view, kind=kind, older_than=mark, size=PAGE)
    shown, asked = rows[:PAGE], found.askers(rows[:PAGE])
    numbers = found.counts(actor, kind=kind)
    context = {
        "rows": [_row(row, asked=asked) for row in shown],
        "view": view,
        "kind": kind,
        "kinds": sorted(((name, job_kinds.label_of(name)) for name in known), key=lambda pair: pair[1]),
        "kind_label": job_kinds.label_of(kind) if kind else "",
        "tabs": [
            (_query(view=slug, kind=kind), slug, label, _capped(numbers[slug]))
            for slug, label, _ in found.VIEWS
        ],
        "without_kind": _query(view=view),
        "without_state": _query(kind=kind),
        "state_label": next(label for slug, label, _ in found.VIEWS if slug == view),
        "first_page": _query(view=view, kind=kind) if mark else "",
        "next_page": _query(view=view, kind=kind, before=_token(shown[-1])) if len(rows) > PAGE else "",
        "count": _capped(numbers[view]),
    }
    return render(request, "practice/jobs.html", context)


@require_GET
def job(request: Any, job_id: uuid.UUID) -> HttpResponse:
    """One job's progress bar; polled by htmx until it is finished."""
    row = found.get_job(job_id, actor=request.actor)
    context = _row(row, asked=found.askers([row])) | {
        "next": request.GET.get("next", ""),
        "may_list": request.actor.may(PracticePermission.VIEW_JOBS),
    }
    partial = bool(request.headers.get("HX-Request"))
    return render(request, "practice/_job.html" if partial else "practice/job.html", context)


@require_POST
def job_again(request: Any, job_id: uuid.UUID) -> HttpResponse:
    """Run a failed job again, and watch it."""
    request.actor.require(PracticePermission.VIEW_JOBS)
    row = job_kinds.again(found.get_job(job_id, actor=request.actor), actor=request.actor)
    return redirect(reverse("practice:job", kwargs={"practice": request.practice.slug, "job_id": row.pk}))


def _row(row: JobRun, *, asked: dict[uuid.UUID, str]) -> dict[str, Any]:
    by = asked.get(row.requested_by, "A former member") if row.requested_by else ""
    nightly = "Wellrun, on schedule" if row.request_id == "dispatch" else "Wellrun"
    ended = row.finished_at or (clock.system_now() if row.state == JobRun.State.RUNNING else None)
    return {
        "job": row,
        "label": job_kinds.label_of(row.kind),
        "by": by or nightly,
        "took": _took((ended - row.created_at).total_seconds()) if ended else "",
        "waits_until": row.run_after
        if row.state == JobRun.State.QUEUED and row.run_after > clock.system_now()
        else None,
    }


def _took(seconds: float) -> str:
    """A span in words, rounded down: 12 s, 3 min, 2 h 5 min."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _query(**values: str) -> str:
    kept = {name: value for name, value in values.items() if value and (name, value) != ("view", "all")}
    return "?" + urlencode(kept)


def _capped(number: int) -> str:
    return f"{found.MOST:,}+" if number >= found.MOST else f"{number:,}"


def _one_of(given: str, known: list[str], *, default: str) -> str:
    return given if given in known else default


def _token(row: JobRun) -> str:
    return f"{row.created_at.isoformat()}_{row.pk}"


def _mark(token: str) -> found.Mark | None:
    """Where the last page ended; None for the first page and for anything that was not made here."""
    at, _, pk = token.partition("_")
    try:
        mark = datetime.fromisoformat(at), uuid.UUID(pk)
    except ValueError:
        return None
    return mark if mark[0].tzinfo else None
