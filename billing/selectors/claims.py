"""Reads about claims: the list with its views, one claim with everything."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.http import Http404

from billing.models import Charge, Claim, ClaimLine, DenialCase, RemittanceClaim, ScrubFinding, ScrubRule
from billing.permissions import BillingPermission
from billing.rules.next_steps import QUIET_DAYS
from patients.selectors import patients, restricted
from practice.actor import Actor
from practice.selectors import work
from practice.selectors.days import practice_today
from practice.services.rules import rule

State = Claim.State
# A claim's number has digits and letters, ours begins with noughts; a record number has digits alone.
NUMBER = re.compile(r"(?=\w*\d)(?=\w*[A-Z]|0)\w{4,17}")
UNSENT = (State.DRAFT, State.HELD, State.READY, State.REJECTED)


def listed_to(actor: Actor) -> QuerySet[Claim]:
    """Claims of the actor's sites; of the own patients only without VIEW_EVERY_CLAIM.

    Those of restricted patients are among them, so that they are sent, counted and summed like all others: whoever
    shows them masks the name (``restricted.name_for``) and opens none that ``visible_to`` does not hold.
    """
    if not actor.may(BillingPermission.VIEW_CLAIM):
        return Claim.objects.none()
    found = Claim.objects.filter(location_id__in=actor.locations) if actor.locations else Claim.objects.all()
    if not actor.may(BillingPermission.VIEW_EVERY_CLAIM):
        if actor.membership_id is None:  # "of nobody" would mean the claims of providers without a sign-in
            return Claim.objects.none()
        found = found.filter(rendering_provider__employee__membership_id=actor.membership_id)
    return found


def visible_to(actor: Actor) -> QuerySet[Claim]:
    """The claims the actor may open: those listed, without hidden patients'."""
    return restricted.visible(listed_to(actor), actor=actor)


def get_claim(claim_id: uuid.UUID, *, actor: Actor) -> Claim:
    """One claim with its people, or 404 for what is unknown, foreign or hidden."""
    found = visible_to(actor).filter(pk=claim_id)
    claim = found.select_related(
        "patient", "payer", "coverage", "rendering_provider", "location", "batch", "appointment"
    ).first()
    if claim is None:
        raise Http404
    return claim


def get_listed(claim_id: uuid.UUID, *, actor: Actor) -> Claim:
    """One claim of the list with its patient, hidden or not, or 404: for the way to open a restricted one."""
    claim = listed_to(actor).select_related("patient").filter(pk=claim_id).first()
    if claim is None:
        raise Http404
    return claim


def listed(actor: Actor) -> QuerySet[Claim]:
    """The claims of the list, restricted patients' among them, with the name to show and the rules that hold them."""
    found = listed_to(actor).select_related("payer", "rendering_provider")
    return found.annotate(shown_name=restricted.shown_name(actor)).prefetch_related(_open_findings())


def openable(actor: Actor) -> QuerySet[Claim]:
    """The same of those the actor may open."""
    return restricted.visible(listed(actor), actor=actor)


def unanswered(queryset: QuerySet[Claim], *, actor: Actor) -> QuerySet[Claim]:
    """With the payer for so long that somebody should ask."""
    before = practice_today(actor) - timedelta(days=QUIET_DAYS)
    return queryset.filter(state__in=(State.SUBMITTED, State.ACCEPTED), first_submitted_on__lt=before)


def mine(queryset: QuerySet[Claim], *, actor: Actor) -> QuerySet[Claim]:
    """Somebody's own: with open work of theirs about the claim, or a denial that is theirs to answer."""
    if actor.membership_id is None:
        return queryset.none()
    answering = DenialCase.objects.filter(
        owner_id=actor.membership_id, state__in=(DenialCase.State.NEW, DenialCase.State.WORKING)
    )
    working = work.of_my_work("billing.claim", actor=actor)
    return queryset.filter(Q(pk__in=working) | Q(pk__in=answering.values("claim_id")))


def filing_days(actor: Actor) -> int:
    """How near its filing limit an unsent claim is called at risk."""
    return int(rule("brief.filing_days", on=practice_today(actor)))


def in_danger(queryset: QuerySet[Claim], *, actor: Actor) -> QuerySet[Claim]:
    """Not sent, and the payer's last day for them is near or past."""
    until = practice_today(actor) + timedelta(days=filing_days(actor))
    return queryset.filter(state__in=UNSENT, file_by__lte=until)


def ready(actor: Actor) -> QuerySet[Claim]:
    """What can be sent now, earliest deadline first."""
    return listed(actor).filter(state=State.READY).order_by("file_by", "id")


def search(queryset: QuerySet[Claim], *, text: str, actor: Actor) -> QuerySet[Claim]:
    """By the start of the claim's number, else by what a typed text means among patients."""
    word = text.strip().upper()
    if NUMBER.fullmatch(word):
        return queryset.filter(control_number__gte=word, control_number__lt=f"{word}\uffff")
    return queryset.filter(patient__in=patients.named(text, actor=actor))


def _open_findings() -> Prefetch[Any]:
    open_ones = ScrubFinding.objects.filter(overridden_at=None, rule__severity=ScrubRule.Severity.HOLD)
    return Prefetch(
        "findings", open_ones.select_related("rule").order_by("line_number", "id"), to_attr="open_holds"
    )


def lines_of(claim: Claim) -> list[ClaimLine]:
    """The lines with charge, code and diagnoses: three queries."""
    charges = Charge.objects.select_related("procedure").prefetch_related("diagnoses")
    return list(claim.lines.prefetch_related(Prefetch("charge", charges)).order_by("number"))


def findings_of(claim: Claim) -> list[ScrubFinding]:
    """What the rules said, holds first."""
    return list(claim.findings.select_related("rule").order_by("rule__severity", "line_number", "id"))


def answers_of(claim: Claim) -> list[RemittanceClaim]:
    """What remittances said about a claim, newest first, with their adjustments."""
    found = RemittanceClaim.objects.filter(claim=claim).select_related("remittance")
    return list(found.prefetch_related("adjustments__line").order_by("-remittance__paid_on", "-id"))


def money_of(claim: Claim) -> dict[str, Decimal]:
    """Charged, paid, adjusted and patient's share of a claim from its answers, in dollars."""
    answers = RemittanceClaim.objects.filter(claim=claim, posted=True)
    sums: dict[str, Any] = answers.aggregate(paid=Sum("paid"), patient=Sum("patient_share"))
    adjusted = answers.aggregate(sum=Sum("adjustments__amount", filter=~Q(adjustments__group_code="PR")))[
        "sum"
    ]
    nothing = Decimal("0.00")
    return {
        "charged": claim.total,
        "paid": sums["paid"] or nothing,
        "adjusted": adjusted or nothing,
        "patient": sums["patient"] or nothing,
    }
