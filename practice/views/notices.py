"""Notices: what one was told, and how one wants to be told."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kit import links
from kit.errors import DomainError
from practice.audit import note_read
from practice.permissions import PracticePermission
from practice.record_pages import page_of_record
from practice.selectors import notices as found
from practice.services import notices as service

PAGE = 50


@require_GET
def notices(request: Any) -> HttpResponse:
    """One's own notices, newest first: the unread ones, or all."""
    request.actor.require(PracticePermission.VIEW_WORK)
    unread_only = request.GET.get("view") != "all"
    mine = found.visible_to(request.actor)
    mine = mine.filter(read_at=None) if unread_only else mine
    before = request.GET.get("before", "")
    if before:
        mine = mine.filter(pk__lt=_key(before))
    rows = list(mine[: PAGE + 1])
    lines = found.told(rows[:PAGE], actor=request.actor)
    note_read(request, what="Notices")
    context = {
        "lines": lines,
        "unread_only": unread_only,
        "older": str(rows[PAGE - 1].pk) if len(rows) > PAGE else "",
        "choices": found.choices_of(request.actor.membership_id),
    }
    return render(request, "practice/notices.html", context)


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=(1 << 128) - 1)  # a marker nobody gave out: from the start


@require_POST
def notice_open(request: Any, notice_id: uuid.UUID) -> HttpResponse:
    """Mark one as read and go where it leads."""
    notice = found.get_notice(notice_id, actor=request.actor)
    service.read(notice, actor=request.actor)
    line = found.told([notice], actor=request.actor)[0]
    page = page_of_record(request, record=line.record)
    if not page and notice.link:
        page = f"/p/{request.practice.slug}/{notice.link.lstrip('/')}"
    if not url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        page = ""
    return redirect(page or links.to(request, name="practice:notices"))


@require_POST
def notices_read(request: Any) -> HttpResponse:
    """Mark all as read."""
    request.actor.require(PracticePermission.VIEW_WORK)
    service.read_all(actor=request.actor)
    return redirect(links.to(request, name="practice:notices"))


@require_http_methods(["POST"])
def notice_choices(request: Any) -> HttpResponse:
    """Keep how one wants to be told."""
    request.actor.require(PracticePermission.VIEW_WORK)
    wanted = {
        kind.code: (kind.urgent or f"app-{kind.code}" in request.POST, f"mail-{kind.code}" in request.POST)
        for kind, _, _ in found.choices_of(request.actor.membership_id)
    }
    try:
        service.choose(wanted, actor=request.actor)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Your choice is kept.")
    return redirect(links.to(request, name="practice:notices"))
