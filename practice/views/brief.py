"""The Monday brief: this week as it stands now, weeks that were kept, and putting lines aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kit import links
from kit.errors import DomainError
from kit.ids import uuid7
from kit.views import gate
from kit.writes import explain
from practice import jobs
from practice.audit import note_read
from practice.brief import BriefLine
from practice.forms.work import SnoozeForm
from practice.models import BriefEntry
from practice.permissions import PracticePermission
from practice.selectors import brief as found
from practice.selectors.days import practice_today
from practice.services import brief as service
from practice.views.work import patients_in

MAIL = "practice.brief_mail"


@require_GET
def this_week(request: Any) -> HttpResponse:
    """What this week asks for, most urgent and most worth doing first."""
    request.actor.require(PracticePermission.VIEW_BRIEF)
    told = found.this_week(request.actor, today=practice_today(request.actor))
    return _page(request, told=told)


@require_GET
def kept(request: Any, week: str) -> HttpResponse:
    """A week as its Monday had it."""
    request.actor.require(PracticePermission.VIEW_BRIEF)
    try:
        monday = date.fromisoformat(week)
    except ValueError:
        raise Http404 from None
    return _page(request, told=found.kept_week(monday, actor=request.actor))


def _page(request: Any, *, told: found.Told) -> HttpResponse:
    actor = request.actor
    weeks = found.kept_weeks(actor)
    here = told.week if told.kept else told.week + timedelta(days=7)
    now = found.monday_of(practice_today(actor))
    home = links.to(request, name="practice:home")
    context = {
        "told": told,
        "rows": [_row(line, told=told, home=home) for line in told.lines],
        "earlier": weeks.filter(week__lt=here).values_list("week", flat=True).first(),
        "later": weeks.filter(week__gt=told.week).order_by("week").values_list("week", flat=True).first()
        if told.kept
        else None,
        "is_now": not told.kept,
        "this_monday": now,
        "may_mark": actor.may(PracticePermission.MARK_BRIEF) and not told.kept,
        "by_mail": found.gets_mail(actor),
        "may_mail": actor.kind == "user",
        "nonce": gate.nonce(request),
    }
    note_read(request, what="Monday brief", patient_ids=patients_in(told.settled))
    return render(request, "practice/brief.html", context)


def _row(line: BriefLine | BriefEntry, *, told: found.Told, home: str) -> dict[str, Any]:
    return {
        "line": line,
        "severity": BriefEntry.Severity(line.severity),
        "when": _when(line.due_on, week=told.week, as_of=told.as_of.date()),
        "url": f"{home}{line.path}",
        "area": told.areas.get(line.key, ""),
        "initials": "".join(word[0] for word in line.owner.split()[:2]) if line.owner[:1].isalpha() else "",
    }


def _when(due_on: date | None, *, week: date, as_of: date) -> str:
    """A deadline beside its line: Overdue, Today, Tue 03/10, By 03/20, or This week for what has none."""
    if due_on is None:
        return "This week"
    if due_on < as_of:
        return "Overdue"
    if due_on == as_of:
        return "Today"
    return f"{due_on:%a %m/%d}" if due_on < week + timedelta(days=7) else f"By {due_on:%m/%d}"


def _line(request: Any) -> BriefLine:
    key = request.POST.get("key") or request.GET.get("key") or ""
    return found.line_named(key, actor=request.actor, today=practice_today(request.actor))


@require_http_methods(["GET", "POST"])
def snooze(request: Any) -> HttpResponse:
    """Put a line aside until a day, with the reason."""
    actor = request.actor
    actor.require(PracticePermission.MARK_BRIEF)
    line = _line(request)
    start = {"until": practice_today(actor) + timedelta(days=7)}
    form = SnoozeForm(data=request.POST if request.method == "POST" else None, initial=start, actor=actor)
    context = {"line": line, "form": form, "nonce": gate.nonce(request)}
    if request.method == "GET" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "practice/brief_snooze.html", context, status=status)

    def run() -> HttpResponse:
        try:
            service.snooze(line, **form.cleaned_data, actor=actor)
        except DomainError as error:
            explain(form, error=error)
            return render(request, "practice/brief_snooze.html", context, status=error.status)
        messages.success(request, "Put aside. It comes back by itself.")
        return redirect(links.to(request, name="practice:brief"))

    return gate.once(request, run=run)


@require_POST
def done(request: Any) -> HttpResponse:
    """Mark a line as done for this week."""
    request.actor.require(PracticePermission.MARK_BRIEF)
    return _mark(request, service=service.settle, said="Done for this week.")


@require_POST
def back(request: Any) -> HttpResponse:
    """Show a line again."""
    request.actor.require(PracticePermission.MARK_BRIEF)
    return _mark(request, service=service.bring_back, said="Back on the brief.")


def _mark(request: Any, *, service: Callable[..., None], said: str) -> HttpResponse:
    line = _line(request)

    def run() -> HttpResponse:
        service(line, actor=request.actor)
        messages.success(request, said)
        return redirect(links.to(request, name="practice:brief"))

    return gate.once(request, run=run)


@require_POST
def choose(request: Any) -> HttpResponse:
    """Get the brief by mail on Mondays, or no longer."""
    wanted = request.POST.get("by_mail") == "1"
    try:
        service.choose_mail(by_mail=wanted, actor=request.actor)
    except DomainError as error:
        return gate.declined(request, error=error)
    messages.success(
        request, "You get it by mail on Mondays." if wanted else "You get no more mail about it."
    )
    return redirect(links.to(request, name="practice:brief"))


@require_POST
def send(request: Any) -> HttpResponse:
    """Mail the brief as it stands now to whoever asks."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_BRIEF)
    if actor.membership_id is None:
        return gate.declined(request, error=DomainError("Only a person can get the brief by mail."))

    def run() -> HttpResponse:
        args = {"member": str(actor.membership_id)}
        jobs.enqueue(MAIL, actor=actor, key=f"{actor.membership_id}:{uuid7()}", args=args)
        messages.success(request, "It is on its way to your mailbox, without names of patients.")
        return redirect(links.to(request, name="practice:brief"))

    return gate.once(request, run=run)
