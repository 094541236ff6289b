"""Acts on one or many items of work: /work/<act>/?item=…&item=… asks what must be asked, a POST does it.

The same addresses serve the bulk bar, a row's menu and an item's page; ``only`` names one item among chosen ones.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from kit import links
from kit.errors import DomainError
from kit.forms import Form
from kit.views import gate
from kit.words import counted
from kit.writes import explain
from practice.audit import note_read
from practice.forms import work as forms
from practice.models import WorkItem
from practice.permissions import PracticePermission as P
from practice.selectors import work as found
from practice.selectors.days import practice_today
from practice.services import work_desk
from practice.views.work import patients_in


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its words, permission, service, and the form it asks (None: nothing is asked)."""

    label: str
    done: str
    service: Callable[..., None]
    form: type[Form] | None = None
    permission: str = P.DO_WORK
    danger: bool = False


ACTS: dict[str, Act] = {
    "take": Act("Take", "taken", work_desk.take),
    "assign": Act("Assign", "assigned", work_desk.assign, forms.AssignForm, P.ASSIGN_WORK),
    "snooze": Act("Snooze", "snoozed", work_desk.snooze, forms.SnoozeForm),
    "wake": Act("Bring back", "brought back", work_desk.wake),
    "escalate": Act("Escalate", "escalated", work_desk.escalate, forms.NoteForm),
    "comment": Act("Comment", "commented", work_desk.comment, forms.NoteForm),
    "done": Act("Done", "done", work_desk.done),
    "drop": Act("Drop", "dropped", work_desk.drop, forms.ReasonForm, danger=True),
    "reopen": Act("Reopen", "opened again", work_desk.reopen, forms.ReasonForm),
}


@require_http_methods(["GET", "POST"])
def act(request: Any, act: str) -> HttpResponse:
    """Ask what an act needs about the chosen items, and do it."""
    chosen = ACTS[act]
    request.actor.require(chosen.permission)
    try:
        items = found.get_items(_ids(request), actor=request.actor)
    except DomainError as error:
        return gate.declined(request, error=error)
    note_read(request, what="My work", patient_ids=patients_in(items))
    if request.method == "GET" or (chosen.form and "ask" in request.POST):
        form = chosen.form(actor=request.actor, initial=_start(act, request=request)) if chosen.form else None
        return _page(request, name=act, items=items, form=form)
    return gate.once(request, run=lambda: _do(request, name=act, items=items))


def _do(request: Any, *, name: str, items: list[WorkItem]) -> HttpResponse:
    chosen = ACTS[name]
    form = chosen.form(data=request.POST, actor=request.actor) if chosen.form else None
    if form is not None and not form.is_valid():
        return _page(request, name=name, items=items, form=form, status=422)
    values = dict(form.cleaned_data) if form is not None else {}
    if name == "done":
        values["outcome"] = request.POST.get("outcome", "")
    try:
        chosen.service(items, actor=request.actor, **values)
    except DomainError as error:
        if form is None:
            return gate.declined(request, error=error)
        explain(form, error=error)
        return _page(request, name=name, items=items, form=form, status=error.status)
    messages.success(request, f"{counted(len(items), one='item', many='items')} {chosen.done}.")
    return redirect(back_to(request))


def _page(
    request: Any, *, name: str, items: list[WorkItem], form: Form | None, status: int = 200
) -> HttpResponse:
    chosen = ACTS[name]
    one = items[0].title if len(items) == 1 else f"{len(items)} items"
    context = {
        "act": chosen,
        "heading": f"{chosen.label}: {one}" if name != "comment" else f"Comment on {one}",
        "items": items[:20],
        "more": max(0, len(items) - 20),
        "ids": [item.pk for item in items],
        "total": sum(item.amount or 0 for item in items),
        "form": form,
        "nonce": gate.nonce(request),
        "next": back_to(request),
    }
    return render(request, "practice/work_act.html", context, status=status)


def _start(name: str, *, request: Any) -> dict[str, Any]:
    """What a form begins with: a week's rest."""
    return {"until": practice_today(request.actor) + timedelta(days=7)} if name == "snooze" else {}


def _ids(request: Any) -> list[uuid.UUID]:
    """The chosen items: the one named alone, else all that are ticked. Raises DomainError for none or nonsense."""
    given = request.POST if request.method == "POST" else request.GET
    texts = [given["only"]] if given.get("only") else given.getlist("item")
    try:
        ids = [uuid.UUID(text) for text in texts]
    except ValueError:
        ids = []
    if not ids:
        raise DomainError("Choose at least one item in My work first.")
    if len(ids) > work_desk.MOST:
        raise DomainError(f"Choose at most {work_desk.MOST} at a time.")
    return ids


def back_to(request: Any) -> str:
    """Where somebody came from within this practice, else My work."""
    home = links.to(request, name="practice:work")
    given = request.POST.get("next") or request.GET.get("next") or ""
    inside = given.startswith(f"/p/{request.practice.slug}/")
    return given if inside and url_has_allowed_host_and_scheme(given, allowed_hosts=None) else home
