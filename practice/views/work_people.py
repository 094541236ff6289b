"""Who has how much, and handing over all of it when somebody leaves or is away."""

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
from kit.words import counted
from kit.writes import explain
from practice.audit import note_read
from practice.forms.work import HandOverForm
from practice.models import Membership
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today
from practice.selectors.people import members
from practice.selectors.work import OPEN, may_know
from practice.selectors.work_load import loads
from practice.services import work_desk


@require_GET
def people(request: Any) -> HttpResponse:
    """Load, overdue and money by person."""
    shown = loads(request.actor, today=practice_today(request.actor))
    context = {
        "rows": shown,
        "count": sum(each.count for each in shown),
        "overdue": sum(each.overdue for each in shown),
        "amount": sum(each.amount for each in shown),
        "overdue_amount": sum(each.overdue_amount for each in shown),
        "may_assign": request.actor.may(PracticePermission.ASSIGN_WORK),
    }
    note_read(request, what="Work by person")
    return render(request, "practice/work_people.html", context)


@require_http_methods(["GET", "POST"])
def hand_over(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Everything one person has, to another or to a role."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_ALL_WORK)
    actor.require(PracticePermission.ASSIGN_WORK)
    member = members(actor).filter(pk=pk).first()
    if member is None:
        raise Http404
    form = HandOverForm(data=request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "GET" or not form.is_valid():
        return _form(request, member=member, form=form, status=422 if form.is_bound else 200)

    def run() -> HttpResponse:
        items = list(may_know(actor).filter(owner=member, state=OPEN).order_by("id")[: work_desk.MOST])
        try:
            work_desk.assign(items, **form.cleaned_data, note=f"Everything {member} had", actor=actor)
        except DomainError as error:
            explain(form, error=error)
            return _form(request, member=member, form=form, status=error.status)
        messages.success(request, f"{counted(len(items), one='item', many='items')} of {member} handed over.")
        return redirect(links.to(request, name="practice:work_people"))

    return gate.once(request, run=run)


def _form(request: Any, *, member: Membership, form: HandOverForm, status: int) -> HttpResponse:
    count = may_know(request.actor).filter(owner=member, state=OPEN).count()
    context = {
        "member": member,
        "form": form,
        "count": count,
        "most": work_desk.MOST,
        "nonce": gate.nonce(request),
    }
    return render(request, "practice/work_hand_over.html", context, status=status)
