"""Book and move by one line: patient, type, then a numbered opening. Everything works by keyboard and by buttons."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from kit import clock, links, words, writes
from kit.errors import Conflict, DomainError
from kit.views import gate
from patients.models import Patient
from patients.pages import declines
from patients.permissions import PatientPermission
from patients.rules import read_day
from patients.rules.search import folded, read_search
from patients.selectors import patients as people
from patients.selectors.coverages import coverage_on
from patients.services import registration
from practice.audit import note_read
from practice.models import Location
from practice.services.rules import rule
from scheduling.errors import SlotTaken, Stale, Warned
from scheduling.forms import NewPatientForm
from scheduling.line import Line, day_label, first_day, read_line, read_time, typed_day
from scheduling.models import Appointment, AppointmentType, Resource, WaitlistEntry
from scheduling.permissions import SchedulingPermission
from scheduling.rules import AGAINST_HOURS, BEFORE_ARRIVAL, OVERBOOK, Opening, instant
from scheduling.selectors import openings as free
from scheduling.selectors.appointments import get_appointment, provider_resources, types_for, zone_of
from scheduling.selectors.waiting import get_entry
from scheduling.services import appointments, holds, waitlist
from scheduling.views import day as day_view
from scheduling.views.visits import day_url, spoken, version_of, when

HITS, SHOWN = 8, 9
USUAL_TYPE = "fu"


@require_http_methods(["GET", "POST"])
@declines
def book(request: Any) -> HttpResponse:
    """GET: the panel for what was typed so far. POST: book the chosen opening."""
    request.actor.require(SchedulingPermission.BOOK_VISIT)
    if request.method == "POST":
        return gate.once(request, run=lambda: _save(request))
    return _show(request, panel=_panel(request))


@require_POST
@declines
def new_patient(request: Any) -> HttpResponse:
    """Register somebody from the booking line, then go on booking."""
    request.actor.require(PatientPermission.CHANGE_PATIENT)
    form = NewPatientForm(data=request.POST, actor=request.actor)

    def run() -> HttpResponse:
        status = 422
        if form.is_valid():
            try:
                made = registration.register(actor=request.actor, **form.cleaned_data)
                query = {"patient": str(made.pk), "line": "new", **_where(request)}
                return redirect(f"{links.to(request, name='scheduling:book')}?{urlencode(query)}")
            except DomainError as error:
                writes.explain(form, error=error)
                status = error.status
        return day_view.answer(request, panel=_frame(request) | {"new_form": form}, status=status)

    return gate.once(request, run=run)


def _where(request: Any) -> dict[str, str]:
    given = request.POST if request.method == "POST" else request.GET
    return {name: given[name] for name in ("day", "location") if given.get(name)}


def _show(request: Any, *, panel: dict[str, Any], status: int = 200) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, "scheduling/_book.html", {"panel": panel}, status=status)
    return day_view.answer(request, panel=panel, status=status)


def _frame(request: Any) -> dict[str, Any]:
    """What every state of the panel holds."""
    site, day = day_view.site_and_day(request)
    if site is None:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    return {
        "site": site,
        "day": day,
        "line": given.get("line", "")[:120],
        "nonce": gate.nonce(request),
        "may_register": request.actor.may(PatientPermission.CHANGE_PATIENT),
        "resources": provider_resources(request.actor, location=site),
        "entry": _entry(request),
        "hold_minutes": int(rule("scheduling.hold_minutes", on=day)),
    }


def _entry(request: Any) -> WaitlistEntry | None:
    """The wait-list entry that this booking is for."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        key = uuid.UUID(given.get("entry", ""))
    except ValueError:
        return None
    return get_entry(key, actor=request.actor)


def _patient(request: Any, *, name: str = "patient") -> Patient | None:
    given = request.POST if request.method == "POST" else request.GET
    try:
        key = uuid.UUID(given.get(name, ""))
    except ValueError:
        return None
    return people.get_patient(key, actor=request.actor)


def _panel(request: Any) -> dict[str, Any]:
    panel = _frame(request)
    patient, types = _patient(request), types_for(request.actor)
    asked = read_line(panel["line"], codes={each.code for each in types}, patient_known=patient is not None)
    if patient is None:
        if request.GET.get("new"):
            return panel | {"new_form": _prefilled(request, who=asked.who)}
        hits = people.find(asked.who, actor=request.actor, limit=HITS)
        note_read(request, what="Patients", patient_ids=[hit.pk for hit in hits], action="search")
        return panel | {"hits": hits, "who": asked.who, "how": asked.how}
    return panel | _choices(request, panel=panel, patient=patient, asked=asked, types=types)


def _prefilled(request: Any, *, who: str) -> NewPatientForm:
    """Somebody typed "o'neil j 3/4/57": the last name comes first; a birth date and a telephone number come along."""
    asked = read_search(who, today=clock.now().date())
    names = [
        word.title() if word.islower() else word
        for word in who.replace(",", " ").split()
        if folded(word) in asked.names
    ]
    initial = {
        "last_name": names[0] if names else "",
        "first_name": " ".join(names[1:]),
        "birth_date": asked.born_on or next((each.day for each in asked.figures if each.day), None),
        "phone": words.us_phone(asked.phone),
    }
    return NewPatientForm(actor=request.actor, initial=initial)


def _choices(
    request: Any, *, panel: dict[str, Any], patient: Patient, asked: Line, types: Sequence[AppointmentType]
) -> dict[str, Any]:
    note_read(request, what="Patient", patient_ids=[patient.pk])
    today = clock.today(zone_of(panel["site"]))
    chosen = _type(types, code=asked.code or USUAL_TYPE)
    named = [each for each in panel["resources"] if asked.provider in each.name.lower().replace(".", " ")]
    resources = named or panel["resources"]
    first = first_day(asked, start=max(panel["day"], today))
    rows = free.openings(
        chosen, resources=resources, actor=request.actor, from_day=first, limit=SHOWN, part=asked.part
    )
    return {
        "patient": patient,
        "types": types,
        "type": chosen,
        "coverage": coverage_on(patient, day=first),
        "who_with": resources[0].name if len(resources) == 1 else "Any provider",
        "from": first,
        "part": {"am": "mornings", "pm": "afternoons"}.get(asked.part, ""),
        "holds": asked.hold,
        "unread": asked.who or ("" if named else f"@{asked.provider}"),
        "openings": [_option(each, today=today, usual=patient.usual_provider_id) for each in rows],
        "today": today,
    }


def _type(types: Sequence[AppointmentType], *, code: str) -> AppointmentType:
    if not types:
        raise DomainError("No visit type can be booked yet. Set them up first.")
    return next((each for each in types if each.code == code), types[0])


def _option(opening: Opening, *, today: Any, usual: uuid.UUID | None) -> dict[str, Any]:
    local = opening.starts_at.astimezone(ZoneInfo(opening.zone))
    return {
        "day": day_label(local.date(), today=today),
        "time": words.us_time(local),
        "provider": opening.provider,
        "usual": opening.provider_id == usual,
        "slot": slot_of(opening.starts_at, resource_id=opening.resource_id),
        "sentence": free.sentence(opening),
    }


def slot_of(starts_at: datetime, *, resource_id: uuid.UUID) -> str:
    """A slot as a button's value: start in UTC and the resource."""
    return f"{starts_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}|{resource_id}"


def read_slot(request: Any, *, resources: Sequence[Resource]) -> tuple[datetime, Resource]:
    """The slot a form names: a button's, or the day, time and provider typed under "Another time"."""
    text = request.POST.get("slot", "")
    if text == "other":
        return _other(request, resources=resources)
    start, _, key = text.partition("|")
    if not key:
        raise DomainError("Choose one of the openings, or enter another time.", field="starts_at")
    try:
        moment = datetime.strptime(start, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
        resource = next(each for each in resources if each.pk == uuid.UUID(key))
    except (ValueError, StopIteration):
        raise BadRequest("no such slot") from None
    return moment, resource


def _other(request: Any, *, resources: Sequence[Resource]) -> tuple[datetime, Resource]:
    day, at = (
        read_day(request.POST.get("other_day", "").strip()),
        read_time(request.POST.get("other_time", "")),
    )
    resource = next((each for each in resources if str(each.pk) == request.POST.get("other_provider")), None)
    if day is None:
        raise DomainError("Enter the day like 03/04/2026.", field="other_day")
    if at is None:
        raise DomainError("Enter the time like 2:10 PM.", field="other_time")
    if resource is None:
        raise DomainError("Choose a provider.", field="other_provider")
    return instant(day, at=at, zone=zone_of(resource.location)), resource


def _save(request: Any) -> HttpResponse:
    panel, patient = _frame(request), _patient(request)
    types = types_for(request.actor)
    asked = read_line(panel["line"], codes={each.code for each in types}, patient_known=patient is not None)
    if patient is None:
        hits = people.find(asked.who, actor=request.actor, limit=HITS)
        error = DomainError("Choose the patient first.", field="line")
        return _refused(
            request, panel=panel | {"hits": hits, "who": asked.who, "how": asked.how}, error=error
        )
    panel |= _choices(request, panel=panel, patient=patient, asked=asked, types=types)
    chosen = _type(types, code=request.POST.get("type", panel["type"].code))
    panel["type"] = chosen

    holds_it = panel["holds"] = asked.hold or bool(request.POST.get("hold"))

    def act(starts_at: datetime, resource: Resource, **how: Any) -> Appointment:
        visit = (holds.hold if holds_it else appointments.book)(
            patient,
            visit_type=chosen,
            provider=resource.provider,
            location=resource.location,
            starts_at=starts_at,
            actor=request.actor,
            reason=request.POST.get("reason", "")[:200],
            **how,
        )
        if panel["entry"] is not None and not holds_it:
            waitlist.close_with(panel["entry"], visit=visit, actor=request.actor)
        return visit

    done = f"held for {panel['hold_minutes']} minutes" if holds_it else "booked"
    return _attempt(request, panel=panel, act=act, said=f"{{patient}}: {done}, {{when}} with {{provider}}.")


def _attempt(
    request: Any, *, panel: dict[str, Any], act: Callable[..., Appointment], said: str, template: str = ""
) -> HttpResponse:
    """Do it and go to its day; a refusal comes back with what can be done instead."""
    slot: tuple[datetime, Resource] | None = None
    try:
        slot = read_slot(request, resources=panel["resources"])
        accept = request.POST.getlist("accept")
        done = act(slot[0], slot[1], accept=accept, override_reason=request.POST.get("override_reason", ""))
    except DomainError as error:
        return _refused(request, panel=panel, error=error, slot=slot, template=template)
    messages.success(request, said.format(patient=done.patient, when=when(done), provider=done.provider))
    return redirect(day_url(request, visit=done))


def _refused(
    request: Any,
    *,
    panel: dict[str, Any],
    error: DomainError,
    slot: tuple[datetime, Resource] | None = None,
    template: str = "",
) -> HttpResponse:
    panel |= {"error": error.message, "wrong": error.field}
    accepted = set(request.POST.getlist("accept"))
    if slot is not None:
        panel["slot"] = slot_of(slot[0], resource_id=slot[1].pk)
        panel["asked"] = f"{spoken(slot[0], zone=zone_of(slot[1].location))} with {slot[1].name}"
    if isinstance(error, Stale):
        panel["version"] = panel["visit"].version  # what happened is said: the second try is meant
    if isinstance(error, SlotTaken):
        today = clock.today(zone_of(panel["site"]))
        usual = panel["patient"].usual_provider_id
        panel["openings"] = [_option(each, today=today, usual=usual) for each in error.openings]
        if OVERBOOK not in accepted and request.actor.may(SchedulingPermission.OVERBOOK):
            panel["anyway"] = {"accept": accepted | {OVERBOOK}, "label": "Overbook", "reason": True}
    elif isinstance(error, Warned) and may_anyway(request, warning=error.warning):
        panel["anyway"] = {
            "accept": accepted | {error.warning},
            "label": "Overbook" if error.warning == OVERBOOK else "Book anyway",
            "reason": error.wants_reason,
        }
    if template:
        return render(request, template, panel | {"problem": True}, status=error.status)
    return day_view.answer(request, panel=panel, status=error.status)


def may_anyway(request: Any, *, warning: str) -> bool:
    """Whether this person may book in spite of a warning."""
    needed = dict.fromkeys(AGAINST_HOURS, SchedulingPermission.BOOK_OUTSIDE)
    needed[OVERBOOK] = SchedulingPermission.OVERBOOK
    return bool(request.actor.may(needed.get(warning, SchedulingPermission.BOOK_VISIT)))


@require_http_methods(["GET", "POST"])
@declines
def move(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Give a visit another time."""
    request.actor.require(SchedulingPermission.BOOK_VISIT)
    visit = get_appointment(pk, actor=request.actor)
    if visit.status not in BEFORE_ARRIVAL:
        raise Conflict(f"This visit is {visit.get_status_display().lower()} and cannot be moved.")
    panel = _move_panel(request, visit=visit)

    def act(starts_at: datetime, resource: Resource, **how: Any) -> Appointment:
        return appointments.move(
            visit,
            starts_at=starts_at,
            provider=resource.provider,
            location=resource.location,
            actor=request.actor,
            version=version_of(request),
            **how,
        )

    def run() -> HttpResponse:
        words_said = "{patient} moved to {when} with {provider}."
        return _attempt(request, panel=panel, act=act, said=words_said, template="scheduling/move.html")

    if request.method == "POST":
        return gate.once(request, run=run)
    return render(request, "scheduling/move.html", panel)


def _move_panel(request: Any, *, visit: Appointment) -> dict[str, Any]:
    site: Location = visit.location
    resources = provider_resources(request.actor, location=site)
    today = clock.today(zone_of(site))
    named = request.GET.get("from", "") or request.POST.get(
        "other_day", ""
    )  # a drag names the day it aimed at
    first = max(typed_day(named) or today, today)
    own = [each for each in resources if each.provider_id == visit.provider_id]
    chosen = own if request.GET.get("who") == "same" else resources
    rows = free.openings(visit.type, resources=chosen, actor=request.actor, from_day=first, limit=SHOWN)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])
    return {
        "visit": visit,
        "patient": visit.patient,
        "site": site,
        "when": when(visit),
        "from": first,
        "same": request.GET.get("who") == "same",
        "resources": resources,
        "openings": [_option(each, today=today, usual=visit.provider_id) for each in rows],
        "nonce": gate.nonce(request),
        "day_url": day_url(request, visit=visit),
        "version": request.POST.get("version", visit.version),
    }
