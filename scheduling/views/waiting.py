"""Fill openings: who waits, the time that suits each best, who fits what a cancelled visit gave back, and offers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kit import clock, links, words
from kit.views import gate
from patients.pages import declines
from patients.selectors.reach import Reach, reaches
from practice.audit import note_read
from practice.selectors.days import practice_today
from practice.services.rules import rule
from scheduling.errors import Warned
from scheduling.models import WaitlistOffer
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import openings as free
from scheduling.selectors import waiting
from scheduling.selectors.appointments import get_appointment, provider_resources, zone_of
from scheduling.services import waitlist
from scheduling.views.booking import may_anyway, read_slot, slot_of
from scheduling.views.visits import day_url, spoken, when

SHOWN, Told = 50, WaitlistOffer.Told
SENDS = {str(Told.TEXT): "Send a text", str(Told.EMAIL): "Send an e-mail"}


@require_GET
def fill(request: Any) -> HttpResponse:
    """Everybody who waits, in order, with the opening that suits each best; and the offers that wait for an answer."""
    request.actor.require(SchedulingPermission.VIEW_SCHEDULE)
    found = waiting.best_openings(request.actor)
    offers = waiting.live_offers(waiting.offers(request.actor), actor=request.actor)
    live = list(offers.select_related("appointment__type").order_by("expires_at", "id"))
    note_read(request, what="Wait list", patient_ids=[each.entry.patient_id for each in live])
    context = _table(request, found=found) | {
        "offers": [(each, when(each.appointment), uuid.uuid4()) for each in live],
        "fitting": sum(1 for each in found if each.opening),
    }
    return render(request, "scheduling/fill.html", context)


@require_GET
def opening(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Who fits the time that a visit has given back."""
    request.actor.require(SchedulingPermission.VIEW_SCHEDULE)
    visit = get_appointment(pk, actor=request.actor)
    found = waiting.fits_opening(visit, actor=request.actor)
    context = _table(request, found=found) | {
        "visit": visit,
        "when": when(visit),
        "day_url": day_url(request, visit=visit),
        "fitting": len(found),
    }
    return render(request, "scheduling/opening.html", context)


def _table(request: Any, *, found: Sequence[waiting.Match]) -> dict[str, Any]:
    shown = found[:SHOWN]
    note_read(request, what="Wait list", patient_ids=[each.entry.patient_id for each in shown])
    reach = reaches([each.entry.patient for each in shown])
    return {
        "rows": [
            {
                "match": each,
                "phone": reach[each.entry.patient_id].phone,
                "told": _ways(reach[each.entry.patient_id]),
                "sentence": free.sentence(each.opening) if each.opening else "",
                "slot": slot_of(each.opening.starts_at, resource_id=each.opening.resource_id)
                if each.opening
                else "",
                "nonce": uuid.uuid4(),
            }
            for each in shown
        ],
        "more": len(found) - len(shown),
        "minutes": int(rule("waitlist.offer_minutes", on=practice_today(request.actor))),
        "weeks": int(rule("waitlist.search_days", on=practice_today(request.actor))) // 7,
        "may_book": request.actor.may(SchedulingPermission.BOOK_VISIT),
        "now": clock.now(),
    }


def _ways(reach: Reach) -> list[tuple[str, str]]:
    """How somebody can be told: by a message of ours only where they are reached by one."""
    shut = {each for each in waitlist.MESSAGES if each not in reach.ways}
    return [(value, SENDS.get(value, label)) for value, label in Told.choices if value not in shut]


@require_POST
@declines
def offer(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Offer a time to somebody who waits: it is held until the offer ends."""
    request.actor.require(SchedulingPermission.BOOK_VISIT)
    entry = waiting.get_entry(pk, actor=request.actor)
    note_read(request, what="Wait list", patient_ids=[entry.patient_id])
    starts_at, resource = read_slot(request, resources=provider_resources(request.actor))
    told = request.POST.get("told", Told.NOT_YET)
    if told not in Told.values:
        raise BadRequest("no such way to tell")
    accepted = {each[:40] for each in request.POST.getlist("accept")}

    def run() -> HttpResponse:
        made = waitlist.offer(
            entry,
            provider=resource.provider,  # type: ignore[arg-type]  # resources of providers alone
            location=resource.location,
            starts_at=starts_at,
            told=told,
            actor=request.actor,
            accept=accepted,
            override_reason=request.POST.get("override_reason", "")[:200],
        )
        until = words.us_time(made.expires_at.astimezone(zone_of(resource.location)))
        messages.success(request, f"{when(made.appointment)} is held for {entry.patient} until {until}.")
        return redirect(links.to(request, name="scheduling:fill"))

    try:
        return gate.once(request, run=run)
    except Warned as error:
        if not may_anyway(request, warning=error.warning):
            raise
        asked = {"entry": entry, "slot": slot_of(starts_at, resource_id=resource.pk), "told": told}
        asked["sentence"] = f"{spoken(starts_at, zone=zone_of(resource.location))} with {resource.name}"
        return _anyway(request, asked=asked, accepted=accepted, error=error)


def _anyway(request: Any, *, asked: dict[str, Any], accepted: set[str], error: Warned) -> HttpResponse:
    """Ask whether the time is meant to be offered in spite of a warning."""
    context = asked | {
        "accept": sorted(accepted | {error.warning}),
        "error": error.message,
        "reason": error.wants_reason,
        "nonce": gate.nonce(request),
    }
    return render(request, "scheduling/offer_anyway.html", context, status=error.status)
