"""Pages of break-glass: open a restricted record in need, and close it. Its review is a Resource."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from kit import links, words, writes
from kit.errors import DomainError
from kit.forms import Form
from kit.views import gate
from patients.break_glass_forms import KeyForm, ReasonForm
from patients.models import BreakGlass, Patient
from patients.pages import declines
from patients.permissions import PatientPermission
from patients.selectors import break_glass as found
from patients.services import break_glass
from patients.services.break_glass import Key
from practice.audit import note_read


@require_http_methods(["GET", "POST"])
@declines
def break_glass_page(request: Any) -> HttpResponse:
    """Open a record that the search hides, by its number or by last name and birth date."""
    actor = request.actor
    actor.require(PatientPermission.BREAK_GLASS)
    form = KeyForm(data=request.POST if request.method == "POST" else None, actor=actor)

    def act() -> BreakGlass:
        given = form.cleaned_data
        key = Key(mrn=given["mrn"], last_name=given["last_name"], birth_date=given["birth_date"])
        return break_glass.open_by_key(key, reason=given["reason"], words=given["words"], actor=actor)

    def after(grant: BreakGlass) -> str:
        return links.to(request, name="kit:patients_patient_detail", pk=grant.patient_id)

    context = {"back": links.to(request, name="kit:patients_patient_list")}
    return _ask(request, form=form, act=act, after=after, context=context)


def ask_for(request: Any, *, patient: Patient, what: str, after: str, back: str) -> HttpResponse:
    """The same for the restricted patient behind ``what`` ("claim WR0042"); leads to ``after`` once it is open."""
    actor = request.actor
    actor.require(PatientPermission.BREAK_GLASS)
    form = ReasonForm(data=request.POST if request.method == "POST" else None, actor=actor)

    def act() -> BreakGlass:
        given = form.cleaned_data
        return break_glass.open_record(patient, reason=given["reason"], words=given["words"], actor=actor)

    return _ask(request, form=form, act=act, after=lambda grant: after, context={"what": what, "back": back})


def _ask(
    request: Any,
    *,
    form: Form,
    act: Callable[[], BreakGlass],
    after: Callable[[BreakGlass], str],
    context: dict[str, Any],
) -> HttpResponse:
    """Show the form, or open the record once. What was refused is in the read log, after the rollback."""
    request.actor.require_fresh()  # before anything is typed
    context = {**context, "form": form, "nonce": gate.nonce(request)}

    def run() -> HttpResponse:
        status, wait = 422, 0
        if form.is_valid():
            try:
                grant = act()
                messages.success(
                    request, f"Open to you until {words.us_time(timezone.localtime(grant.ends_at))}."
                )
                return redirect(after(grant))
            except DomainError as error:
                writes.explain(form, error=error)
                status = error.status
                if isinstance(error, break_glass.NoMatch | break_glass.TooMany):
                    note_read(request, what=break_glass.REFUSED, action="refused")
                if isinstance(error, break_glass.TooMany):
                    wait = error.retry_after
        page = {**context, "problem": True}
        response = render(request, "patients/break_glass.html", page, status=status)
        if wait:
            response["Retry-After"] = str(wait)
        return response

    if request.method == "POST":
        return gate.once(request, run=run)
    return render(request, "patients/break_glass.html", context)


@require_POST
def close(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Close a record opened by oneself, now."""
    break_glass.close(found.own(pk, actor=request.actor), actor=request.actor)
    messages.success(request, "The restricted record is closed.")
    return redirect(links.to(request, name="practice:home"))
