"""The desk before and after a visit: check-in with what is missing, check-out with what comes next."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kit import writes
from kit.errors import DomainError
from kit.views import gate
from patients.pages import declines
from patients.permissions import PatientPermission
from patients.selectors.around import flags_of
from patients.selectors.reach import reach_of
from practice.actor import Actor
from practice.audit import note_read
from practice.check_in import items as gathered
from scheduling.errors import Stale
from scheduling.forms import CheckInForm
from scheduling.models import Appointment, CheckIn
from scheduling.permissions import SchedulingPermission
from scheduling.selectors.appointments import get_appointment
from scheduling.selectors.check_in import check_in_of, to_look_at
from scheduling.services import appointments
from scheduling.services import check_in as services
from scheduling.views.flow import board_url
from scheduling.views.visits import booking_url, version_of, when

# When the next visit might be: words, and days from today.
AHEAD = (("in 1 week", 7), ("in 1 month", 28), ("in 3 months", 91), ("in 6 months", 182), ("in 1 year", 364))
DONE = ("checked_in", "roomed", "with_provider", "checkout", "completed")


@require_http_methods(["GET", "POST"])
@declines
def check_in(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Everything there is to look at, one form, one button. What is missing asks why and never blocks."""
    actor = request.actor
    visit = _visit(request, pk=pk)
    # Where a confidential contact is in force the record's own address is not asked about: others stand at the desk.
    corrects = actor.may(PatientPermission.CHANGE_PATIENT) and not reach_of(visit.patient).confidential
    form = CheckInForm(
        actor=actor,
        corrects=corrects,
        data=request.POST if request.method == "POST" else None,
        initial={name: getattr(visit.patient, name) for name in services.CONTACT},
    )

    def page(status: int) -> HttpResponse:
        shown = to_look_at(visit, identity=True, contact=True, actor=actor)[2:]
        return render(
            request,
            "scheduling/check_in.html",
            _frame(request, visit=visit, told=status == Stale.status)
            | {"form": form, "items": shown, "problem": status != 200},
            status=status,
        )

    def do(_: dict[str, Any]) -> str:
        made = _checked_in(visit, form=form, version=version_of(request), actor=actor)
        lacks = f", {made.missing} missing" if made.missing else ""
        messages.success(request, f"{visit.patient} is checked in{lacks}.")
        return f"{board_url(request, visit=visit)}&at={visit.pk}"

    if visit.status in DONE:
        return render(request, "scheduling/checked_in.html", _frame(request, visit=visit))
    if form.is_bound and not form.is_valid():
        _explain_reason(form, visit=visit, actor=actor)
    return gate.answer(request, form=form, page=page, do=do)


def _checked_in(visit: Appointment, *, form: CheckInForm, version: int | None, actor: Actor) -> CheckIn:
    given = form.cleaned_data
    details = {name: given[name] for name in services.CONTACT if name in given}
    said = {name: given[name] for name in ("identity", "contact", "reason")}
    try:
        return services.check_in(visit, details=details, version=version, actor=actor, **said)
    except DomainError as error:
        if error.field in services.CONTACT:
            _explain_reason(form, visit=visit, actor=actor)
        raise


def _explain_reason(form: CheckInForm, *, visit: Appointment, actor: Actor) -> None:
    """Ask for the reason in the same answer that says what else is wrong, so that nobody fills the form in twice."""
    given = form.cleaned_data
    if "reason" not in given:
        return
    try:
        services.check_reason(
            visit, identity=given["identity"], contact=given["contact"], reason=given["reason"], actor=actor
        )
    except DomainError as error:
        writes.explain(form, error=error)


@require_http_methods(["GET", "POST"])
@declines
def check_out(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The next visit, the balance and the receipt; then the visit is completed."""
    actor = request.actor
    visit = _visit(request, pk=pk)

    def run() -> HttpResponse:
        try:
            appointments.complete(visit, actor=actor, version=version_of(request))
        except DomainError as error:
            return gate.declined(request, error=error)
        messages.success(request, f"{visit.patient} is checked out.")
        return redirect(board_url(request, visit=visit))

    if request.method == "POST":
        return gate.once(request, run=run)
    context = _frame(request, visit=visit) | {
        "items": gathered("check_out_items", visit, actor=actor),
        "ahead": _ahead(request, visit=visit) if actor.may(SchedulingPermission.BOOK_VISIT) else [],
        "may_complete": visit.status in ("with_provider", "checkout"),
    }
    return render(request, "scheduling/check_out.html", context)


def _visit(request: Any, *, pk: uuid.UUID) -> Appointment:
    request.actor.require(SchedulingPermission.CHANGE_FLOW)
    visit = get_appointment(pk, actor=request.actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])
    return visit


def _frame(request: Any, *, visit: Appointment, told: bool = False) -> dict[str, Any]:
    """``told``: the page says what has changed meanwhile, so the second try is meant."""
    made = check_in_of(visit)
    return {
        "visit": visit,
        "when": when(visit),
        "reach": reach_of(visit.patient),
        "flags": flags_of(visit.patient, actor=request.actor),
        "made": made,
        "kept": list(made.items.all()) if made else [],
        "nonce": gate.nonce(request),
        "version": visit.version if told else request.POST.get("version", visit.version),
        "board_url": board_url(request, visit=visit),
    }


def _ahead(request: Any, *, visit: Appointment) -> list[tuple[str, str]]:
    """Links into booking with the patient, the type, the provider and the day filled in."""
    return [
        (words, booking_url(request, visit=visit, day=visit.local_day + timedelta(days=days)))
        for words, days in AHEAD
    ]
