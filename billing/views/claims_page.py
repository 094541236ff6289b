"""One claim: lines, what the rules found, what the payer said, what to do next."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing.models import Claim
from billing.permissions import BillingPermission
from billing.selectors import claims as found
from billing.selectors import restrictions
from billing.services import claims, scrubbing, submission
from kit import links
from kit.errors import DomainError
from kit.shell import layout_for
from kit.views import gate
from patients.break_glass_views import ask_for
from patients.permissions import PatientPermission
from patients.selectors import restricted
from practice.actor import Actor
from practice.audit import note_read

State = Claim.State


@require_GET
def claim_page(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Everything about one claim."""
    actor = request.actor
    actor.require(BillingPermission.VIEW_CLAIM)
    if actor.may(PatientPermission.BREAK_GLASS) and _is_hidden(pk, actor=actor):
        return redirect(links.to(request, name="billing:claim_open", pk=pk))
    claim = found.get_claim(pk, actor=actor)
    note_read(request, what="Claim", patient_ids=[claim.patient_id])
    findings, lines = found.findings_of(claim), found.lines_of(claim)
    claim.open_holds = [row for row in findings if not row.overridden_at and row.rule.severity == "hold"]  # type: ignore[attr-defined]
    unsent = claim.state in scrubbing.UNSENT
    context = {
        "layout": layout_for(request),
        "claim": claim,
        "lines": lines,
        "diagnoses": list(claim.diagnoses.all()),
        "findings": findings,
        "kept": restrictions.of_claims([claim]).get(claim.pk),
        "answers": found.answers_of(claim),
        "money": found.money_of(claim),
        "events": list(claim.events.order_by("-at", "-id")),
        "next": claim.next_step,
        "may_check": unsent and actor.may(BillingPermission.CHANGE_CLAIM),
        "may_override": unsent and actor.may(BillingPermission.OVERRIDE_SCRUB),
        "may_submit": claim.state == State.READY and actor.may(BillingPermission.SUBMIT_CLAIM),
        "may_charges": actor.may(BillingPermission.VIEW_CHARGE),
        "nonce": gate.nonce(request),
    }
    return render(request, "billing/claim.html", context)


def _is_hidden(pk: uuid.UUID, *, actor: Actor) -> bool:
    return not restricted.sees(found.get_listed(pk, actor=actor).patient, actor=actor)


@require_http_methods(["GET", "POST"])
def open_restricted(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Break the glass for the restricted patient of a claim that must be worked."""
    request.actor.require(BillingPermission.VIEW_CLAIM)
    claim = found.get_listed(pk, actor=request.actor)
    page = links.to(request, name="billing:claim", pk=pk)
    if restricted.sees(claim.patient, actor=request.actor):
        return redirect(page)
    back = links.to(request, name="kit:billing_claim_list")
    return ask_for(request, patient=claim.patient, what=str(claim), after=page, back=back)


@require_POST
def check(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Ask the rules again."""

    def act(claim: Claim) -> str:
        checked = scrubbing.check(claim, actor=request.actor)
        return "The claim is ready." if checked.state == State.READY else "The claim is still held."

    return _act(request, pk=pk, act=act)


@require_POST
def override(request: Any, pk: uuid.UUID, finding_id: uuid.UUID) -> HttpResponse:
    """Let the claim go despite one finding."""

    def act(claim: Claim) -> str:
        finding = claim.findings.select_related("rule").filter(pk=finding_id).first()
        if finding is None:
            raise Http404
        scrubbing.override(finding, reason=request.POST.get("reason", ""), actor=request.actor)
        return "Overridden, with your reason on record."

    return _act(request, pk=pk, act=act)


@require_POST
def send(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Send this claim alone."""

    def act(claim: Claim) -> str:
        sent = submission.submit([claim.pk], actor=request.actor)
        return (
            f"Sent in {sent.batches[0].file_name}." if sent.batches else "Held: a rule found something new."
        )

    return _act(request, pk=pk, act=act)


@require_POST
def void(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Take back a claim that has not left."""

    def act(claim: Claim) -> str:
        claims.void(claim, reason=request.POST.get("reason", ""), actor=request.actor)
        return "The claim is voided; its charges can go on another one."

    return _act(request, pk=pk, act=act)


def _act(request: Any, *, pk: uuid.UUID, act: Callable[[Claim], str]) -> HttpResponse:
    """Do something to a claim once, say what became of it, and show it again."""
    claim = found.get_claim(pk, actor=request.actor)

    def run() -> HttpResponse:
        try:
            messages.success(request, act(claim))
        except DomainError as error:
            return gate.declined(request, error=error)
        return redirect(links.to(request, name="billing:claim", pk=pk))

    return gate.once(request, run=run)
