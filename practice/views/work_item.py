"""One item of work with its history, and a new reminder."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kit import links
from kit.errors import DomainError
from kit.views import gate
from kit.writes import explain
from practice.audit import note_read
from practice.forms.work import ReminderForm
from practice.models import WorkItem
from practice.permissions import PracticePermission
from practice.record_pages import page_of_record
from practice.selectors import work as found
from practice.selectors.days import practice_today
from practice.selectors.records import find
from practice.selectors.work_history import history_of
from practice.services import work_desk
from practice.views.work import patients_in, row_of


@require_GET
def item(request: Any, item_id: uuid.UUID) -> HttpResponse:
    """What an item is about, who has it, what can be done with it, and how it came here."""
    actor = request.actor
    shown = found.get_item(item_id, actor=actor)
    note_read(request, what="Work item", patient_ids=patients_in([shown]))
    row = row_of(request, item=shown, today=practice_today(actor))
    is_open = shown.state == WorkItem.State.OPEN
    context = {
        **row,
        "history": history_of(shown),
        "is_open": is_open,
        "may_do": actor.may(PracticePermission.DO_WORK),
        "may_assign": actor.may(PracticePermission.ASSIGN_WORK),
        "may_take": is_open and shown.owner_id != actor.membership_id and actor.membership_id is not None,
        "may_reopen": shown.closed_by_hand and not is_open,
        "here": request.path,
        "nonce": gate.nonce(request),
    }
    return render(request, "practice/work_item.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """A reminder; ``?record=app.model:id`` says what it is about."""
    actor = request.actor
    actor.require(PracticePermission.DO_WORK)
    record = _record(request)
    form = ReminderForm(data=request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "GET" or not form.is_valid():
        return _form(request, form=form, record=record, status=422 if form.is_bound else 200)

    def run() -> HttpResponse:
        values = dict(form.cleaned_data)
        try:
            made = work_desk.add(owner=values.pop("to", None), record=record, **values, actor=actor)
        except DomainError as error:
            explain(form, error=error)
            return _form(request, form=form, record=record, status=error.status)
        messages.success(request, "The reminder is on the list.")
        back = page_of_record(request, record=record)
        return redirect(back or links.to(request, name="practice:work_item", item_id=made.pk))

    return gate.once(request, run=run)


def _record(request: Any) -> Any:
    """The record a reminder is about, by its own door; None without one, 404 for what is unknown or hidden."""
    given = request.POST.get("record") or request.GET.get("record") or ""
    if not given:
        return None
    kind, _, key = given.partition(":")
    try:
        return find(kind, pk=uuid.UUID(key), actor=request.actor)
    except ValueError:
        raise Http404 from None


def _form(request: Any, *, form: ReminderForm, record: Any, status: int) -> HttpResponse:
    about = f"{record._meta.label_lower}:{record.pk}" if record is not None else ""
    if record is not None:
        note_read(request, what="Work item")
    context = {
        "form": form,
        "record": record,
        "about": about,
        "nonce": gate.nonce(request),
        "problem": status == 422,
    }
    return render(request, "practice/work_new.html", context, status=status)
