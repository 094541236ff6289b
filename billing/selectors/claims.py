"""Reads about claims: the list with its views, one claim with everything, what to do next."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.http import Http404

from billing.models import Charge, Claim, ClaimLine, RemittanceClaim, ScrubFinding, ScrubRule
from billing.permissions import BillingPermission
from patients.selectors import restricted
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services.rules import rule

State = Claim.State
CAP = 1_000
PAGE = 50
QUIET_DAYS = 30  # after that a submitted claim needs a call


@dataclass(frozen=True, slots=True)
class View:
    """A tab of the list: which states, and what it is ordered by (earliest deadline or newest service first)."""

    slug: str
    label: str
    states: tuple[str, ...] = ()
    by_deadline: bool = False
    done: str = ""
    soon: bool = False  # only what the payer takes for a few days more (rule brief.filing_days)


VIEWS: tuple[View, ...] = (
    View(
        "action",
        "Needs action",
        (State.HELD, State.REJECTED, State.DENIED, State.REVERSED),
        True,
        "No claim waits.",
    ),
    View("ready", "Ready", (State.READY,), True, "No claim waits to be sent."),
    View(
        "filing",
        "Filing soon",
        (State.DRAFT, State.HELD, State.READY, State.REJECTED),
        True,
        "No claim is near its filing limit.",
        soon=True,
    ),
    View("submitted", "Submitted", (State.SUBMITTED, State.ACCEPTED), True, "No claim is with a payer."),
    View("denied", "Denied", (State.DENIED, State.PARTLY_PAID), True, "No denied claim."),
    View("all", "All"),
)


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


def view_named(slug: str) -> View:
    """The tab of that name, the first one for anything else."""
    return next((view for view in VIEWS if view.slug == slug), VIEWS[0])


def in_view(view: View, *, actor: Actor) -> QuerySet[Claim]:
    """The claims of a tab, restricted patients' among them."""
    found = listed_to(actor)
    if view.soon:
        found = found.filter(file_by__lte=practice_today(actor) + timedelta(days=filing_days(actor)))
    return found.filter(state__in=view.states) if view.states else found


def filing_days(actor: Actor) -> int:
    """How near its filing limit an unsent claim is called at risk."""
    return int(rule("brief.filing_days", on=practice_today(actor)))


def counts(actor: Actor) -> dict[str, str]:
    """How many claims each tab holds, capped at 1,000+."""
    found = {view.slug: in_view(view, actor=actor).order_by()[: CAP + 1].count() for view in VIEWS}
    return {slug: f"{CAP:,}+" if count > CAP else f"{count:,}" for slug, count in found.items()}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, how many match in all, what they ask for in dollars, and where the next one starts."""

    claims: list[Claim]
    count: str
    total: Decimal
    after: str = ""


def page(
    view: View,
    *,
    actor: Actor,
    payer: str = "",
    state: str = "",
    provider: str = "",
    after: str = "",
    size: int = PAGE,
) -> Page:
    """A page of a tab, narrowed. Four queries whatever it holds; unknown ids match nothing."""
    found = _narrowed(in_view(view, actor=actor), payer=payer, state=state, provider=provider)
    matching = found.order_by()[: CAP + 1].count()
    total = found.order_by().aggregate(sum=Sum("total"))["sum"] or Decimal(0)
    ordered = found.order_by("file_by", "id") if view.by_deadline else found.order_by("-service_date", "-id")
    ordered = ordered.filter(_past(view, marker=after)) if after else ordered
    rows = list(
        ordered.select_related("patient", "payer", "rendering_provider").prefetch_related(_open_findings())[
            : size + 1
        ]
    )
    more, rows = len(rows) > size, rows[:size]
    count = f"{CAP:,}+" if matching > CAP else f"{matching:,}"
    return Page(claims=rows, count=count, total=total, after=_marker(rows[-1], view=view) if more else "")


def _narrowed(found: QuerySet[Claim], *, payer: str, state: str, provider: str) -> QuerySet[Claim]:
    for name, value in (("payer_id", payer), ("rendering_provider_id", provider)):
        if value:
            try:
                found = found.filter(**{name: uuid.UUID(value)})
            except ValueError:
                return found.none()
    return found.filter(state=state) if state else found


def _marker(claim: Claim, *, view: View) -> str:
    day = claim.file_by if view.by_deadline else claim.service_date
    return base64.urlsafe_b64encode(json.dumps([day.isoformat(), str(claim.pk)]).encode()).decode()


def _past(view: View, *, marker: str) -> Q:
    """Rows after the one the address names; a marker that cannot be read starts at the beginning."""
    try:
        given, key = json.loads(base64.urlsafe_b64decode(marker.encode()))
        day, last = date.fromisoformat(given), uuid.UUID(key)
    except (ValueError, binascii.Error, TypeError, AttributeError):
        return Q()
    if view.by_deadline:
        return Q(file_by__gt=day) | Q(file_by=day, pk__gt=last)
    return Q(service_date__lt=day) | Q(service_date=day, pk__lt=last)


def _open_findings() -> Prefetch[Any]:
    open_ones = ScrubFinding.objects.filter(overridden_at=None, rule__severity=ScrubRule.Severity.HOLD)
    return Prefetch(
        "findings", open_ones.select_related("rule").order_by("line_number", "id"), to_attr="open_holds"
    )


def next_action(claim: Claim, *, today: date) -> str:
    """What somebody should do about it now, in a few words; '' when nothing."""
    holds: Sequence[ScrubFinding] = getattr(claim, "open_holds", ())
    if claim.state == State.HELD:
        return str(holds[0].rule.message) if holds else "Check again"
    if claim.state in (State.SUBMITTED, State.ACCEPTED):
        quiet = claim.first_submitted_on and claim.first_submitted_on < today - timedelta(days=QUIET_DAYS)
        return "Ask the payer for the status" if quiet else "Wait for the payer"
    return {
        State.DRAFT: "Check again",
        State.READY: "Submit",
        State.REJECTED: "Correct and send again",
        State.DENIED: "Work the denial",
        State.PARTLY_PAID: "Work the denied lines",
        State.REVERSED: "Wait for the corrected answer",
    }.get(Claim.State(claim.state), "")


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
