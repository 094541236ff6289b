"""Settings, Your data: exports of everything, and the end of the practice's data."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kit.errors import DomainError
from kit.forms import Form
from practice.audit import note_read
from practice.forms.custody import ApprovalForm, CloseForm
from practice.models import DestroyRequest
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.selectors.exports import visible_to
from practice.services import closing, exports
from practice.services.rules import rule


@require_GET
def data(request: Any) -> HttpResponse:
    """What can be taken along, and where closing the practice begins."""
    actor = request.actor
    actor.require(PracticePermission.EXPORT_PRACTICE)
    context = {
        "exports": visible_to(actor).count(),
        "days": int(rule("custody.export_days", on=practice_today(actor))),
        "may_close": actor.may(PracticePermission.DESTROY_PRACTICE),
        "closing": closing.current(actor.practice_id),
    }
    return render(request, "practice/data.html", context)


def _to(name: str, *, request: Any, **more: Any) -> str:
    return reverse(f"practice:{name}", kwargs={"practice": request.practice.slug, **more})


@require_GET
def export_file(request: Any, export_id: uuid.UUID) -> StreamingHttpResponse:
    """A ready export as a download, decrypted on its way out."""
    export, chunks = exports.content(export_id, actor=request.actor)
    note_read(request, what="download of everything of the practice", action="export")
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Length"] = str(export.size)
    name = f"{request.practice.slug}-{export.created_at:%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_http_methods(["GET", "POST"])
def close(request: Any) -> HttpResponse:
    """What will happen, in words; ask for it, or see how the request stands."""
    actor = request.actor
    actor.require(PracticePermission.DESTROY_PRACTICE)
    form = CloseForm(data=request.POST or None, practice=request.practice)
    if request.method == "POST" and form.is_valid():
        try:
            closing.ask(**form.cleaned_data, actor=actor)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            return redirect(_to("close", request=request))
    return _close_page(request, form=form)


@require_POST
def close_approve(request: Any) -> HttpResponse:
    """The second owner's approval."""
    request.actor.require(PracticePermission.DESTROY_PRACTICE)
    open_request = closing.current(request.actor.practice_id)
    if open_request is None:
        raise Http404
    form = ApprovalForm(data=request.POST, practice=request.practice)
    if form.is_valid():
        try:
            closing.approve(open_request, phrase=form.cleaned_data["phrase"], actor=request.actor)
        except (DomainError, IntegrityError) as error:
            form.add_error(getattr(error, "field", None), str(error))
        else:
            return redirect(_to("close", request=request))
    return _close_page(request, form=form)


@require_POST
def close_withdraw(request: Any) -> HttpResponse:
    """Call it off."""
    request.actor.require(PracticePermission.DESTROY_PRACTICE)
    open_request = closing.current(request.actor.practice_id)
    if open_request is None:
        raise Http404
    closing.withdraw(open_request, actor=request.actor)
    return redirect(_to("close", request=request))


def _close_page(request: Any, *, form: Form) -> HttpResponse:
    actor = request.actor
    found = closing.current(actor.practice_id)
    mine = found is not None and found.requested_by_id == actor.membership_id
    waiting = found is not None and found.state == DestroyRequest.State.WAITING
    if waiting and not mine and not isinstance(form, ApprovalForm):
        form = ApprovalForm(practice=request.practice)
    context = {
        "form": form,
        "found": found,
        "waiting": waiting,
        "mine": mine,
        "days": closing.wait_days(actor),
        "exported": closing.last_export(actor.practice_id),
        "phrase": closing.phrase_of(request.practice),
    }
    return render(request, "practice/close.html", context, status=422 if form.errors else 200)
