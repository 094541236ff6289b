"""Notes of any record: read them, add one, correct one's own, pin one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kit import links, writes
from kit.errors import Conflict, DomainError
from kit.listing import page_number
from kit.views import gate
from practice.audit import note_read
from practice.forms.notes import NoteForm
from practice.models import Note
from practice.permissions import PracticePermission
from practice.record_pages import page_of_record
from practice.selectors import notes as found
from practice.selectors import records
from practice.services import notes as service
from practice.services.refs import kind_of

FORMS = ["GET", "POST"]
PAGE = 50


@require_http_methods(FORMS)
def notes(request: Any, kind: str, pk: uuid.UUID) -> HttpResponse:
    """All notes of a record one sees, those replaced among them, and the form for one more."""
    record = records.find(kind, pk=pk, actor=request.actor)
    if not getattr(record, "takes_notes", True):
        raise Http404
    form = NoteForm(data=request.POST or None, actor=request.actor, about=record)
    if request.method != "POST":
        return _page(request, record=record, form=form)
    request.actor.require(PracticePermission.WRITE_NOTE)
    return gate.once(request, run=lambda: _kept(request, record=record, form=form, replaces=None))


@require_http_methods(FORMS)
def correct(request: Any, note_id: uuid.UUID) -> HttpResponse:
    """Replace one's own note by a newer one."""
    note, record = found.get_note(note_id, actor=request.actor)
    request.actor.require(PracticePermission.WRITE_NOTE)
    if note.author_id is None or note.author_id != request.actor.membership_id:
        raise Http404
    data = request.POST or None
    form = NoteForm(data=data, actor=request.actor, about=record, initial={"text": note.text})
    if request.method != "POST":
        return _page(request, record=record, form=form, replaces=note)
    return gate.once(request, run=lambda: _kept(request, record=record, form=form, replaces=note))


def _kept(request: Any, *, record: Any, form: NoteForm, replaces: Note | None) -> HttpResponse:
    if not form.is_valid():
        return _page(request, record=record, form=form, replaces=replaces)
    try:
        if replaces is not None:
            service.correct(replaces, **form.cleaned_data, actor=request.actor)
        else:
            service.write(record, **form.cleaned_data, actor=request.actor)
    except DomainError as error:
        writes.explain(form, error=error)
        return _page(request, record=record, form=form, replaces=replaces)
    messages.success(request, "The note is corrected." if replaces else "The note is kept.")
    return redirect(_back(request, record=record))


def _back(request: Any, *, record: Any) -> str:
    page = page_of_record(request, record=record)
    return page or links.to(request, name="practice:notes", kind=kind_of(record), pk=record.pk)


def _page(request: Any, *, record: Any, form: NoteForm, replaces: Note | None = None) -> HttpResponse:
    bad = form.is_bound and bool(form.errors)
    shown = records.patients_of(type(record), ids=[record.pk])
    number = page_number(request.GET.get("page", ""))
    rows = list(found.of_record(record)[(number - 1) * PAGE : number * PAGE + 1])
    note_read(request, what=f"notes of {kind_of(record)}", patient_ids=shown)
    context = {
        "form": form,
        "record": record,
        "replaces": replaces,
        "back": page_of_record(request, record=record),
        "notes": rows[:PAGE],
        "newer": number - 1,
        "older": number + 1 if len(rows) > PAGE else 0,
        "may_write": request.actor.may(PracticePermission.WRITE_NOTE),
        "may_pin": request.actor.may(PracticePermission.PIN_NOTE),
        "me": request.actor.membership_id,
        "problem": bad,
        "nonce": gate.nonce(request),
    }
    return render(request, "practice/notes.html", context, status=422 if bad else 200)


@require_POST
def pin(request: Any, note_id: uuid.UUID) -> HttpResponse:
    """Keep a note on top, or (``off``) let it go."""
    note, record = found.get_note(note_id, actor=request.actor)
    request.actor.require(PracticePermission.PIN_NOTE)
    try:
        (service.unpin if request.POST.get("off") else service.pin)(note, actor=request.actor)
    except Conflict as error:
        messages.error(request, error.message)
    return redirect(links.to(request, name="practice:notes", kind=kind_of(record), pk=record.pk))
