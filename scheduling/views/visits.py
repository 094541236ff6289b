"""One visit: what it is, its next step, its other time, its end."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kit import clock, links, words, writes
from kit.errors import DomainError
from kit.shell import layout_for
from kit.views import gate
from patients.pages import declines
from patients.selectors.around import flags_of
from patients.selectors.reach import reach_of
from practice.audit import note_read
from practice.models import Room
from scheduling.errors import Stale
from scheduling.forms import CancelForm
from scheduling.models import Appointment
from scheduling.permissions import SchedulingPermission
from scheduling.rules import FREES_THE_SLOT, IN_BUILDING
from scheduling.selectors.appointments import get_appointment, history_of, zone_of
from scheduling.selectors.waiting import fits_opening
from scheduling.services import appointments
from scheduling.views.steps import STEPS, buttons_of


def version_of(request: Any) -> int | None:
    """The version a form was opened with."""
    text = request.POST.get("version", "")
    if text and not text.isdecimal():
        raise BadRequest("version is a whole number")
    return int(text) if text else None


def when(visit: Appointment) -> str:
    """ "Monday, March 9, 10:40 AM" at the site."""
    return spoken(visit.starts_at, zone=zone_of(visit.location))


def spoken(moment: datetime, *, zone: ZoneInfo) -> str:
    """The same of any moment."""
    local = moment.astimezone(zone)
    return f"{local:%A, %B} {local.day}, {words.us_time(local)}"


def day_url(request: Any, *, visit: Appointment) -> str:
    """The day page a visit stands on."""
    address = links.to(request, name="scheduling:day")
    query = f"day={visit.local_day.isoformat()}&location={visit.location_id}&provider={visit.provider_id}"
    return f"{address}?{query}"


def _ways(request: Any, *, visit: Appointment, may_book: bool) -> dict[str, str]:
    """Where a visit's page leads: to its day, and to booking anew what does not take place."""
    again = may_book and visit.status in FREES_THE_SLOT
    today = clock.today(zone_of(visit.location))
    return {
        "day_url": day_url(request, visit=visit),
        "again": booking_url(request, visit=visit, day=today) if again else "",
    }


def booking_url(request: Any, *, visit: Appointment, day: date) -> str:
    """Booking with the patient, the type and the provider of a visit filled in, from a day on."""
    last = str(visit.provider).split(",")[0].replace(".", " ").split()[-1].lower()
    query = {
        "patient": visit.patient_id,
        "location": visit.location_id,
        "day": day.isoformat(),
        "line": f"{visit.type.code} @{last}",
    }
    return f"{links.to(request, name='scheduling:book')}?{urlencode(query)}"


@require_GET
def visit_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The visit, as a page or in the side panel."""
    actor = request.actor
    actor.require(SchedulingPermission.VIEW_SCHEDULE)
    visit = get_appointment(pk, actor=actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])
    may_book = actor.may(SchedulingPermission.BOOK_VISIT)
    zone = zone_of(visit.location)
    context = {
        "layout": layout_for(request),
        "visit": visit,
        "reach": reach_of(visit.patient),
        "flags": flags_of(visit.patient, actor=actor),
        "when": when(visit),
        "until": words.us_time(visit.ends_at.astimezone(zone)),
        "buttons": [
            (button, uuid.uuid4())
            for button in buttons_of(visit, books=may_book, flows=actor.may(SchedulingPermission.CHANGE_FLOW))
        ],
        "may_book": may_book,
        "waits": visit.status in IN_BUILDING and actor.may(SchedulingPermission.CHANGE_FLOW),
        "may_change": may_book and visit.status in ("booked", "confirmed"),
        "may_cancel": may_book and visit.status in ("booked", "confirmed", "arrived"),
        "history": [
            (
                event.get_status_display(),
                event,
                words.us_time(event.at.astimezone(zone)),
                event.at.astimezone(zone).date(),
            )
            for event in history_of(visit)
        ],
        "held_until": words.us_time(visit.hold_expires_at.astimezone(zone))
        if visit.status == Appointment.Status.HELD and visit.hold_expires_at
        else "",
        "may_fill": not visit.bookings.filter(active=True).exists() and visit.ends_at > clock.now(),
        "overbooked": visit.bookings.filter(active=True).exclude(overbook_reason="").first(),
        **_ways(request, visit=visit, may_book=may_book),
    }
    return render(request, "scheduling/visit.html", context)


@require_POST
@declines
def take_step(request: Any, pk: uuid.UUID, step: str) -> HttpResponse:
    """Take a visit one step on."""
    if step not in STEPS:
        raise Http404
    visit = get_appointment(pk, actor=request.actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])

    def run() -> HttpResponse:
        extra: dict[str, Any] = {}
        if step == "room":
            extra = {"room": _room(request, visit=visit), "accept": request.POST.getlist("accept")}
        try:
            done = getattr(appointments, step)(
                visit, actor=request.actor, version=version_of(request), **extra
            )
        except DomainError as error:
            return gate.declined(request, error=error)
        messages.success(request, f"{visit.patient} is {STEPS[step].done}.")
        return redirect(day_url(request, visit=done))

    return gate.once(request, run=run)


def _room(request: Any, *, visit: Appointment) -> Room | None:
    try:
        key = uuid.UUID(request.POST.get("room", ""))
    except ValueError:
        return None
    return Room.objects.filter(pk=key, location=visit.location, is_active=True).first()


@require_http_methods(["GET", "POST"])
@declines
def cancel(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Cancel a visit with who and why."""
    request.actor.require(SchedulingPermission.BOOK_VISIT)
    visit = get_appointment(pk, actor=request.actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])
    form = CancelForm(data=request.POST if request.method == "POST" else None, actor=request.actor)
    context = {
        "form": form,
        "visit": visit,
        "when": when(visit),
        "nonce": gate.nonce(request),
        "version": request.POST.get("version", visit.version),
        "day_url": day_url(request, visit=visit),
    }

    def run() -> HttpResponse:
        status = 422
        if form.is_valid():
            try:
                appointments.cancel(
                    visit, actor=request.actor, version=version_of(request), **form.cleaned_data
                )
                messages.success(request, f"The visit of {visit.patient} is cancelled.")
                return _after(request, visit=visit)
            except DomainError as error:
                writes.explain(form, error=error)
                status = error.status
                if isinstance(error, Stale):
                    context["version"] = visit.version  # what happened is said: the second try is meant
        return render(request, "scheduling/cancel.html", {**context, "problem": True}, status=status)

    if request.method == "POST":
        return gate.once(request, run=run)
    return render(request, "scheduling/cancel.html", context)


def _after(request: Any, *, visit: Appointment) -> HttpResponse:
    """Back to the day; or to who fits the time that is free now, when somebody does."""
    freed = get_appointment(visit.pk, actor=request.actor)
    fitting = len(fits_opening(freed, actor=request.actor))
    if not fitting:
        return redirect(day_url(request, visit=visit))
    who = "1 person" if fitting == 1 else f"{fitting} people"
    messages.info(request, f"This opening fits {who} waiting.")
    return redirect(links.to(request, name="scheduling:opening", pk=visit.pk))
