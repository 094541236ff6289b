"""Book visits that repeat: asked for on one page, looked at as a whole, then booked all or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kit import links, words, writes
from kit.errors import DomainError
from kit.views import gate
from patients.models import Patient
from patients.pages import declines
from practice.audit import note_read
from scheduling.errors import Warned
from scheduling.forms_series import SeriesForm
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import openings as free
from scheduling.selectors.appointments import provider_resources, zone_of
from scheduling.services import series
from scheduling.services.series import Place, Rhythm
from scheduling.views.booking import slot_of
from staff.models import Provider

SKIP = "skip"
RHYTHM = ("provider", "location", "starts_on", "starts_at", "every", "unit", "count")


@require_http_methods(["GET", "POST"])
@declines
def new(request: Any) -> HttpResponse:
    """GET: the form. POST "look": every day with what speaks against it. POST "book": all of them, or none."""
    request.actor.require(SchedulingPermission.BOOK_VISIT)
    posted = request.POST if request.method == "POST" else None
    form = SeriesForm(data=posted, actor=request.actor, initial=request.GET.dict())
    if posted is None:
        return _show(request, form=form)
    if posted.get("do") == "book":
        return gate.once(request, run=lambda: _book(request, form=form))
    return _looked_at(request, form=form)


def _looked_at(
    request: Any, *, form: SeriesForm, error: DomainError | None = None, status: int = 200
) -> HttpResponse:
    if not form.is_valid():
        return _show(request, form=form, status=422)
    asked = dict(form.cleaned_data)
    patient: Patient = asked["patient"]
    note_read(request, what="Patient", patient_ids=[patient.pk])
    try:
        places = series.look(patient, rhythm=_rhythm(asked), actor=request.actor)
    except DomainError as refused:
        writes.explain(form, error=refused)
        return _show(request, form=form, status=refused.status)
    return _show(request, form=form, places=places, error=error, status=status)


def _book(request: Any, *, form: SeriesForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, form=form, status=422)
    asked = dict(form.cleaned_data)
    rhythm = _rhythm(asked)
    skip, instead = _choices(request, rhythm=rhythm)
    try:
        made = series.book(
            asked["patient"],
            rhythm=rhythm,
            skip=skip,
            instead=instead,
            accept=request.POST.getlist("accept"),
            override_reason=request.POST.get("override_reason", ""),
            reason=asked["reason"],
            actor=request.actor,
        )
    except DomainError as error:
        return _looked_at(request, form=form, error=error, status=error.status)
    booked = words.counted(made.count - len(skip), one="visit", many="visits")
    messages.success(request, f"{booked} of {made.patient} booked, {made.rhythm.lower()}.")
    return redirect(links.record_url(request, record=made))


def _rhythm(asked: dict[str, Any]) -> Rhythm:
    return Rhythm(visit_type=asked["type"], **{name: asked[name] for name in RHYTHM})


def _choices(request: Any, *, rhythm: Rhythm) -> tuple[set[int], dict[int, tuple[datetime, Provider]]]:
    """What was chosen for each day: as asked, left out, or another time."""
    resources = {each.pk: each for each in provider_resources(request.actor, location=rhythm.location)}
    skip: set[int] = set()
    instead: dict[int, tuple[datetime, Provider]] = {}
    for number in range(1, rhythm.count + 1):
        given = request.POST.get(f"place-{number}", "")
        start, _, key = given.partition("|")
        if given == SKIP:
            skip.add(number)
        elif key:
            try:
                moment = datetime.strptime(start, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
                provider = resources[UUID(key)].provider
            except (ValueError, KeyError):
                raise BadRequest("no such slot") from None
            if provider is not None:
                instead[number] = (moment, provider)
    return skip, instead


def _show(
    request: Any,
    *,
    form: SeriesForm,
    places: Sequence[Place] = (),
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    zone = zone_of(form.cleaned_data["location"]) if places else UTC
    rows = [
        {
            "place": place,
            "time": words.us_time(place.starts_at.astimezone(zone)),
            "chosen": request.POST.get(f"place-{place.number}", ""),
            "others": [
                (slot_of(each.starts_at, resource_id=each.resource_id), free.sentence(each))
                for each in place.alternatives
            ],
        }
        for place in places
    ]
    warnings = {place.warning for place in places if place.warning}
    if isinstance(error, Warned):
        warnings.add(error.warning)
    context = {
        "form": form,
        "rows": rows,
        "fits": sum(1 for place in places if place.fits),
        "warnings": [(code, code.replace("_", " ")) for code in sorted(warnings)],
        "error": error.message if error else "",
        "nonce": gate.nonce(request),
        "problem": status != 200,
    }
    return render(request, "scheduling/series.html", context, status=status)
