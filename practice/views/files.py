"""Files of any record: attach one, look at it, take it away, withdraw it."""

from __future__ import annotations

import uuid
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from kit import links, writes
from kit.errors import DomainError
from kit.views import gate
from practice.audit import note_read
from practice.forms.files import AttachForm, WithdrawForm
from practice.models import Attachment
from practice.permissions import PracticePermission
from practice.record_pages import page_of_record
from practice.selectors import files as found
from practice.selectors import records
from practice.services import attachments as service

# What a browser shows beside the page; everything else is only ever downloaded (ARCHITECTURE.md 11).
SHOWN = {"image/png": "picture", "image/jpeg": "picture", "application/pdf": "document"}
FORMS = ["GET", "POST"]


@require_GET
def download(request: Any, attachment_id: uuid.UUID) -> FileResponse:
    """A stored file, as a download, to whoever may see the record it belongs to."""
    return _sent(request, attachment_id, inline=False)


@require_GET
@xframe_options_sameorigin
def preview(request: Any, attachment_id: uuid.UUID) -> FileResponse:
    """A picture or PDF for the frame on its own page. Pictures were drawn anew and PDFs with anything active in them
    refused when they came in (practice/intake.py); nothing else is ever sent to be shown.
    """
    return _sent(request, attachment_id, inline=True)


def _sent(request: Any, attachment_id: uuid.UUID, *, inline: bool) -> FileResponse:
    attachment, content = found.read(attachment_id, actor=request.actor)
    if inline and attachment.content_type not in SHOWN:
        raise Http404
    ref, action = attachment.ref, "view" if inline else "export"
    shown = records.patients_of(apps.get_model(ref.kind), ids=[ref.record_id])
    note_read(request, what=f"file of {ref.kind}", patient_ids=shown, action=action)
    response = FileResponse(content, as_attachment=not inline, filename=attachment.name)
    response["Content-Type"] = attachment.content_type
    response["X-Content-Type-Options"] = "nosniff"
    # A sandbox would also keep a browser's own PDF viewer out; scripts are refused either way.
    shut = "default-src 'none'; frame-ancestors 'self'"
    response["Content-Security-Policy"] = shut if inline else f"sandbox; {shut}"
    return response


@require_http_methods(FORMS)
def file_page(request: Any, attachment_id: uuid.UUID) -> HttpResponse:
    """What a file is, a look at it, and the way to withdraw it."""
    attachment = found.get_file(attachment_id, actor=request.actor)
    record = records.find(attachment.ref.kind, pk=attachment.ref.record_id, actor=request.actor)
    form = WithdrawForm(data=request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            service.withdraw(attachment, **form.cleaned_data, actor=request.actor)
        except DomainError as error:
            writes.explain(form, error=error)
        else:
            messages.success(request, f"{attachment.name} is withdrawn.")
            return redirect(links.to(request, name="practice:file", attachment_id=attachment.pk))
    note_read(request, what=f"file of {attachment.ref.kind}")
    context = {
        "file": attachment,
        "shown": SHOWN.get(attachment.content_type, ""),
        "record": record,
        "record_url": page_of_record(request, record=record),
        "form": form,
        "may_withdraw": _may_withdraw(request, attachment=attachment),
        "problem": form.is_bound and bool(form.errors),
    }
    return render(request, "practice/file.html", context, status=422 if context["problem"] else 200)


def _may_withdraw(request: Any, *, attachment: Attachment) -> bool:
    own = attachment.added_by_id is not None and attachment.added_by_id == request.actor.membership_id
    return attachment.withdrawn_at is None and (own or request.actor.may(PracticePermission.WITHDRAW_FILE))


@require_http_methods(FORMS)
def attach(request: Any, kind: str, pk: uuid.UUID) -> HttpResponse:
    """Attach a file to a record one sees."""
    record = records.find(kind, pk=pk, actor=request.actor)
    request.actor.require(PracticePermission.ATTACH_FILE)
    if not getattr(record, "takes_files", True):
        raise Http404
    form = AttachForm(data=request.POST or None, files=request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        return gate.once(request, run=lambda: _attached(request, record=record, form=form))
    return _attaching(request, record=record, form=form)


def _attached(request: Any, *, record: Any, form: AttachForm) -> HttpResponse:
    file, note = form.cleaned_data["file"], form.cleaned_data["note"]
    content = file.read(service.MAX_BYTES + 1)
    try:
        kept = service.attach(content, name=file.name, record=record, note=note, actor=request.actor)
    except DomainError as error:
        writes.explain(form, error=error)
        return _attaching(request, record=record, form=form)
    messages.success(request, f"{kept.name} is attached.")
    page = page_of_record(request, record=record)
    return redirect(page or links.to(request, name="practice:file", attachment_id=kept.pk))


def _attaching(request: Any, *, record: Any, form: AttachForm) -> HttpResponse:
    bad = form.is_bound and bool(form.errors)
    context = {
        "form": form,
        "record": record,
        "back": page_of_record(request, record=record),
        "problem": bad,
        "nonce": gate.nonce(request),
        "files": found.of_record(record, withdrawn=True),
    }
    return render(request, "practice/attach.html", context, status=422 if bad else 200)
