"""The flow board and what is done from it: the next step, a room, a reason to wait. It reads itself again by ETag."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kit import links
from kit.errors import DomainError
from kit.shell import layout_for
from kit.views import gate
from patients.pages import declines
from practice.audit import note_poll, note_read
from practice.models import Room
from scheduling.errors import Warned
from scheduling.models import Appointment, WaitReason
from scheduling.permissions import SchedulingPermission
from scheduling.rules import IN_BUILDING
from scheduling.rules.flow import next_of
from scheduling.selectors import flow as found
from scheduling.selectors.appointments import get_appointment, locations_for
from scheduling.services import appointments, flow
from scheduling.views.day import site_and_day
from scheduling.views.nothing import SITE, nothing_yet
from scheduling.views.steps import STEPS, button_for
from scheduling.views.visits import version_of

KEYS = "123456789"
# Steps that have a page of their own: its name, the words on the button, whether it opens beside the board.
PAGES = {
    "check_in": ("scheduling:check_in", "Check in", False),
    "room": ("scheduling:flow_room", "Room", True),
    "complete": ("scheduling:check_out", "Check out", False),
}


@dataclass(frozen=True, slots=True)
class Act:
    """A card's next step: words, address, and whether it is done at once (else its page is opened, in the panel)."""

    label: str
    url: str
    at_once: bool
    panel: bool = False


@require_GET
def board(request: Any) -> HttpResponse:
    """Today of one site. A poll gets the board alone, 304 when nothing has changed."""
    actor = request.actor
    actor.require(SchedulingPermission.VIEW_SCHEDULE)
    site, _ = site_and_day(request)
    if site is None:
        return nothing_yet(request, lacking=SITE)
    provider = _provider(request)
    part = bool(request.headers.get("HX-Request"))
    known = request.headers.get("If-None-Match") if part else None
    if known and known == f'"{found.tag_of(site, actor=actor, provider=provider)}"':
        return HttpResponse(status=304, headers={"ETag": known})
    shown = found.board_of(site, actor=actor, provider=provider)
    note = note_poll if request.headers.get("X-Wellrun-Poll") else note_read
    note(request, what=f"Flow board of {site.name}", patient_ids=shown.patient_ids)
    query = urlencode({"location": site.pk, **({"provider": provider} if provider else {})})
    may_flow = actor.may(SchedulingPermission.CHANGE_FLOW)
    context = {
        "board": shown,
        "site": site,
        "sites": locations_for(actor),
        "query": query,
        "lanes": [
            (
                lane,
                [(card, *_acts(request, card=card, query=query, may_flow=may_flow)) for card in lane.cards],
            )
            for lane in shown.lanes
        ],
        "may_flow": may_flow,
        "now_ms": int(shown.now.timestamp() * 1000),
    }
    response = render(request, "scheduling/_flow.html" if part else "scheduling/flow.html", context)
    response["ETag"] = f'"{shown.tag}"'
    return response


def _provider(request: Any) -> uuid.UUID | None:
    with suppress(ValueError):
        return uuid.UUID(request.GET.get("provider", ""))
    return None


def _acts(
    request: Any, *, card: found.Card, query: str, may_flow: bool
) -> tuple[Act | None, uuid.UUID, bool, bool]:
    """The next step of a card, the key of its form, whether a room can be chosen, whether a reason can be given."""
    status = card.visit.status
    if not (may_flow and card.open):
        return None, uuid.uuid4(), False, False
    to = links.to
    following = button_for(next_of(status))
    if following.name in PAGES:
        page, label, panel = PAGES[following.name]
        address = to(request, name=page, pk=card.visit.pk)
        act = Act(label, f"{address}?{query}", at_once=False, panel=panel)
    else:
        address = to(request, name="scheduling:flow_step", pk=card.visit.pk, step=following.name)
        act = Act(following.label, f"{address}?{query}", at_once=True)
    roomable = status in ("arrived", "checked_in", "roomed", "with_provider")
    return act, uuid.uuid4(), roomable, status in IN_BUILDING


@require_POST
def step(request: Any, pk: uuid.UUID, step: str) -> HttpResponse:
    """Take a visit one step on, and stay on the board."""
    if step not in STEPS:
        raise Http404
    visit = get_appointment(pk, actor=request.actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])
    act: Callable[..., Appointment] = getattr(appointments, step)

    def run() -> HttpResponse:
        try:
            act(visit, actor=request.actor, version=version_of(request))
        except DomainError as error:
            return _refused(request, error=error)
        return done(request, visit=visit, said=f"{visit.patient} is {STEPS[step].done}.")

    return gate.once(request, run=run)


@require_http_methods(["GET", "POST"])
@declines
def room(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The rooms of the visit's site with who sits in them; one is chosen. A taken one can be shared on purpose."""

    def run(visit: Appointment) -> str:
        key = _key(request, name="room")
        chosen = Room.objects.filter(pk=key, location=visit.location).first() if key else None
        if chosen is None:
            raise DomainError("Choose a room of the visit's own site.", field="room")
        appointments.room(
            visit,
            room=chosen,
            accept=request.POST.getlist("accept"),
            actor=request.actor,
            version=version_of(request),
        )
        return f"{visit.patient} is in {chosen.name}."

    def choices(visit: Appointment) -> dict[str, Any]:
        shown = found.board_of(visit.location, actor=request.actor)
        note_read(request, what=f"Flow board of {visit.location.name}", patient_ids=shown.patient_ids)
        places = [(KEYS[i : i + 1], place, uuid.uuid4()) for i, place in enumerate(shown.places)]
        return {"places": places}

    return _choose(request, pk=pk, template="scheduling/flow_room.html", choices=choices, do=run)


@require_http_methods(["GET", "POST"])
@declines
def wait(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Why somebody waits, of the practice's own list, or that they wait no longer."""

    def run(visit: Appointment) -> str:
        key = _key(request, name="reason")
        reason = WaitReason.objects.filter(pk=key).first() if key else None
        if reason is None and request.POST.get("reason"):
            raise DomainError("Choose a reason from the list.", field="reason")
        flow.wait(
            visit,
            reason=reason,
            note=request.POST.get("note", ""),
            actor=request.actor,
            version=version_of(request),
        )
        return f"{visit.patient} waits: {reason}." if reason else f"{visit.patient} waits no longer."

    def choices(visit: Appointment) -> dict[str, Any]:
        reasons = WaitReason.objects.filter(is_active=True).order_by("name")
        return {"reasons": [(KEYS[i : i + 1], each) for i, each in enumerate(reasons)]}

    return _choose(request, pk=pk, template="scheduling/flow_wait.html", choices=choices, do=run)


def _choose(
    request: Any,
    *,
    pk: uuid.UUID,
    template: str,
    choices: Callable[[Appointment], dict[str, Any]],
    do: Callable[[Appointment], str],
) -> HttpResponse:
    """A small page beside the board: shown, or chosen from once; a refusal is said above the same choices."""
    request.actor.require(SchedulingPermission.CHANGE_FLOW)
    visit = get_appointment(pk, actor=request.actor)
    note_read(request, what="Visit", patient_ids=[visit.patient_id])

    def page(refusal: str = "", *, status: int = 200) -> HttpResponse:
        context = {
            "layout": layout_for(request),
            "hide_panel_actions": True,
            "visit": visit,
            "refusal": refusal,
            "nonce": uuid.uuid4(),
            "board_url": board_url(request, visit=visit),
            **choices(visit),
        }
        return render(request, template, context, status=status)

    def run() -> HttpResponse:
        try:
            said = do(visit)
        except DomainError as error:
            visit.refresh_from_db(fields=["version", "status"])
            return page(error.message, status=409 if isinstance(error, Warned) else error.status)
        return done(request, visit=visit, said=said)

    return gate.once(request, run=run) if request.method == "POST" else page()


def done(request: Any, *, visit: Appointment, said: str) -> HttpResponse:
    """What was done is said, and the board reads itself again; without a script the board is opened anew."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"flow:done": {"say": said}})})
    messages.success(request, said)
    return redirect(board_url(request, visit=visit))


def _refused(request: Any, *, error: DomainError) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return gate.declined(request, error=error)
    told = json.dumps({"flow:refused": {"say": error.message}})
    return HttpResponse(status=error.status, headers={"HX-Trigger": told})


def board_url(request: Any, *, visit: Appointment) -> str:
    """The board a visit stands on, of the provider it was narrowed to."""
    query = {"location": visit.location_id}
    if provider := _provider(request):
        query["provider"] = provider
    return f"{links.to(request, name='scheduling:flow')}?{urlencode(query)}"


def _key(request: Any, *, name: str) -> uuid.UUID | None:
    with suppress(ValueError):
        return uuid.UUID(request.POST.get(name, ""))
    return None
