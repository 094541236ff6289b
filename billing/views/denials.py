"""Pages of denials: the board and one case."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from billing.forms_remittances import LoseForm, NoteForm, WinForm
from billing.models import DenialCase
from billing.models.denial import DenialCategory
from billing.permissions import BillingPermission
from billing.selectors import denials as found
from billing.services import denials
from billing.services.denials import NEXT
from billing.views.answers import id_in
from kit import links
from kit.errors import DomainError
from kit.forms import Form
from kit.views import gate
from patients.permissions import PatientPermission
from patients.selectors import restricted
from practice.audit import note_read
from practice.models import Payer
from practice.selectors.days import practice_today
from practice.selectors.people import members

State = DenialCase.State
# Step: state it leads to, label, form (None: one click), service.
STEPS: dict[str, tuple[str, str, type[Form] | None, Any]] = {
    "start": (State.WORKING, "Start work", None, denials.start),
    "appeal": (State.APPEALED, "Record appeal", NoteForm, denials.appeal),
    "wait": (State.WAITING, "Wait for somebody", NoteForm, denials.wait),
    "win": (State.WON, "Record win", WinForm, denials.win),
    "lose": (State.LOST, "Give up", LoseForm, denials.lose),
}


@require_GET
def board(request: Any) -> HttpResponse:
    """Open denials in lanes with their dollars, earliest deadline first, and why they happened."""
    actor = request.actor
    actor.require(BillingPermission.VIEW_DENIAL)
    day = practice_today(actor)
    asked = _asked(request)
    cases = found.narrowed(actor, **asked)
    lanes = found.lanes(cases, day=day, actor=actor, whole=request.GET.get("lane", ""))
    month = day.replace(day=1)
    won = found.closed_since(cases, state=State.WON, since=month, actor=actor)
    lost = found.closed_since(cases, state=State.LOST, since=month, actor=actor)
    cards = [card for lane in lanes for card in lane.cards]
    patients = [card.case.claim.patient for card in [*cards, *won, *lost]]
    named = [patient.pk for patient in patients if restricted.sees(patient, actor=actor)]
    note_read(request, what="Denials", patient_ids=named)
    due = found.due_soon(cases, day=day)
    causes = found.causes(found.narrowed(actor, payer=asked["payer"], owner=asked["owner"]))
    context = {
        "lanes": lanes,
        "words": found.meanings([card.case for card in cards]),
        "open_count": sum(lane.count for lane in lanes),
        "open_dollars": sum(lane.dollars for lane in lanes),
        "due": due,
        "due_words": f"{due[0]} due this week",
        "causes": causes,
        "top_share": sum(cause.percent for cause in causes[:2]),
        "won": won,
        "won_dollars": sum(card.case.recovered for card in won),
        "lost": lost,
        "lost_dollars": sum(card.case.amount for card in lost),
        "month": month,
        "payers": Payer.objects.order_by("name"),
        "owners": members(actor).order_by("user__name"),
        "asked": asked,
        "dues": found.DUE,
    }
    return render(request, "billing/denials.html", context)


def _asked(request: Any) -> dict[str, str]:
    category = request.GET.get("category", "")
    owner = "nobody" if request.GET.get("owner") == "nobody" else id_in(request, name="owner")
    return {
        "payer": id_in(request, name="payer"),
        "owner": owner,
        "category": category if category in DenialCategory.values else "",
        "due": request.GET.get("due", "") if request.GET.get("due") in dict(found.DUE) else "",
    }


@require_GET
def denial(request: Any, pk: uuid.UUID) -> HttpResponse:
    """One case: what was denied and why, what to do by when, what was done."""
    actor = request.actor
    actor.require(BillingPermission.VIEW_DENIAL)
    listed = found.get_listed(pk, actor=actor)
    hidden = not restricted.sees(listed.claim.patient, actor=actor)
    if hidden and actor.may(PatientPermission.BREAK_GLASS):
        return redirect(links.to(request, name="billing:claim_open", pk=listed.claim_id))
    case = found.get_denial(pk, actor=actor)
    note_read(request, what=f"Denial {case.number}", patient_ids=[case.claim.patient_id])
    day = practice_today(actor)
    context = {
        "denial": case,
        "card": found.card(case, day=day, actor=actor),
        "meaning": found.meanings([case])[case.pk],
        "events": case.events.order_by("-at", "-id"),
        "steps": _steps(case, actor=actor, day=day),
        "nonce": gate.nonce(request),
        "remittance": case.adjustment.remittance_claim.remittance,
    }
    return render(request, "billing/denial.html", context)


def _steps(case: DenialCase, *, actor: Any, day: date) -> list[dict[str, Any]]:
    if not actor.may(BillingPermission.WORK_DENIAL):
        return []
    late = day > case.deadline
    return [
        {"name": name, "label": label, "asks": form is not None}
        for name, (state, label, form, _) in STEPS.items()
        if state in NEXT[case.state] and not (name == "appeal" and late)
    ]


@require_http_methods(["GET", "POST"])
def step(request: Any, pk: uuid.UUID, act: str) -> HttpResponse:
    """Ask what the step needs (GET), and take it (POST)."""
    actor = request.actor
    actor.require(BillingPermission.WORK_DENIAL)
    if act not in STEPS:
        raise Http404
    case = found.get_denial(pk, actor=actor)
    note_read(request, what=f"Denial {case.number}", patient_ids=[case.claim.patient_id])
    _, label, kind, service = STEPS[act]
    form = (kind or Form)(data=request.POST if request.method == "POST" else None, actor=actor, record=case)
    context = {
        "denial": case,
        "label": label,
        "form": form,
        "danger": act == "lose",
        "nonce": gate.nonce(request),
    }

    def run() -> HttpResponse:
        status = 422
        if form.is_valid():
            try:
                done = service(case, actor=actor, **form.cleaned_data)
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
                status = error.status
            else:
                asked = act == "lose" and done.state == State.WAITING
                said = (
                    "Asked for: somebody else has to approve this write-off." if asked else f"{label}: noted."
                )
                messages.success(request, said)
                return redirect(links.to(request, name="billing:denial", pk=pk))
        return render(request, "billing/denial_step.html", context, status=status)

    if request.method == "POST":
        return gate.once(request, run=run)
    return render(request, "billing/denial_step.html", context)
