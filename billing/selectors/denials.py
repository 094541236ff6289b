"""Reads about denials: the board with its lanes and dollars, one case."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from billing.models import AdjustmentRule, DenialCase
from billing.models.denial import DenialCategory
from billing.permissions import BillingPermission
from patients.selectors import restricted
from practice.actor import Actor
from practice.selectors.days import practice_today

ZERO = Decimal("0.00")
State = DenialCase.State
LANES = (State.NEW, State.WORKING, State.APPEALED, State.WAITING)
UNANSWERED = (State.NEW, State.WORKING)
DUE = (("late", "Past the deadline"), ("week", "Due within 7 days"))
CARDS = 5
URGENT_DAYS, SOON_DAYS = 3, 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A case on the board: days until its deadline, how much of its time is used (percent), how urgent it is."""

    case: DenialCase
    name: str
    days_left: int
    used: int
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """A column of the board; ``hidden`` cases are not shown as cards but counted."""

    state: DenialCase.State
    count: int
    dollars: Decimal
    cards: Sequence[Card]
    hidden: int
    hidden_dollars: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A root cause and its share of the open dollars, in percent."""

    category: DenialCategory
    dollars: Decimal
    percent: int


def listed_to(actor: Actor) -> QuerySet[DenialCase]:
    """Cases of the actor's sites, restricted patients' among them (named by ``restricted.name_for`` only)."""
    if not actor.may(BillingPermission.VIEW_DENIAL):
        return DenialCase.objects.none()
    found = DenialCase.objects.select_related("claim__patient", "payer", "owner__user")
    if actor.locations:
        found = found.filter(claim__location_id__in=actor.locations)
    return found


def visible_to(actor: Actor) -> QuerySet[DenialCase]:
    """The cases the actor may open: those listed, without hidden patients'."""
    return restricted.visible(listed_to(actor), actor=actor, patient="claim__patient")


def get_denial(denial_id: uuid.UUID, *, actor: Actor) -> DenialCase:
    """One case, or 404 for what is unknown, foreign or out of scope."""
    found = (
        visible_to(actor)
        .select_related("claim_line__charge__procedure", "adjustment__remittance_claim__remittance")
        .filter(pk=denial_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_listed(denial_id: uuid.UUID, *, actor: Actor) -> DenialCase:
    """One case of the board, its patient hidden or not, or 404: for the way to open a restricted one."""
    found = listed_to(actor).filter(pk=denial_id).first()
    if found is None:
        raise Http404
    return found


def narrowed(
    actor: Actor, *, payer: str = "", owner: str = "", category: str = "", due: str = ""
) -> QuerySet[DenialCase]:
    """Listed cases of one payer, owner, cause or deadline; '' is any, owner "nobody" is unowned ones.

    due: "late" or "week" (seven days), of those that nobody has answered yet.
    """
    found = listed_to(actor)
    if due:
        found = _due(found, due=due, day=practice_today(actor))
    if payer:
        found = found.filter(payer_id=payer)
    if owner:
        found = found.filter(owner=None) if owner == "nobody" else found.filter(owner_id=uuid.UUID(owner))
    return found.filter(category=category) if category else found


def _due(found: QuerySet[DenialCase], *, due: str, day: date) -> QuerySet[DenialCase]:
    unanswered = found.filter(state__in=UNANSWERED)
    if due == "late":
        return unanswered.filter(deadline__lt=day)
    return unanswered.filter(deadline__gte=day, deadline__lte=day + timedelta(days=SOON_DAYS))


def card(case: DenialCase, *, day: date, actor: Actor) -> Card:
    """A case with its countdown on ``day``, and its patient's name when this actor may see it."""
    left = (case.deadline - day).days
    whole = max((case.deadline - case.denied_on).days, 1)
    used = min(max(100 - left * 100 // whole, 0), 100)
    tone = "bad" if left <= URGENT_DAYS else "warn" if left <= SOON_DAYS else ""
    name = restricted.name_for(case.claim.patient, actor=actor)
    return Card(case=case, name=name, days_left=left, used=used, tone=tone)


def lanes(cases: QuerySet[DenialCase], *, day: date, actor: Actor, whole: str = "") -> list[Lane]:
    """The open columns: earliest deadline first, a handful of cards each; ``whole`` names one shown in full."""
    sums = {
        row["state"]: (row["n"], row["dollars"])
        for row in cases.order_by().values("state").annotate(n=Count("id"), dollars=Sum("amount"))
    }
    made = []
    for state in LANES:
        count, dollars = sums.get(state.value, (0, ZERO))
        shown = cases.filter(state=state).order_by("deadline", "-amount", "id")
        cards = [
            card(case, day=day, actor=actor) for case in (shown[:500] if whole == state else shown[:CARDS])
        ]
        rest = dollars - sum((one.case.amount for one in cards), ZERO)
        made.append(
            Lane(
                state=state,
                count=count,
                dollars=dollars,
                cards=cards,
                hidden=count - len(cards),
                hidden_dollars=rest,
            )
        )
    return made


def closed_since(cases: QuerySet[DenialCase], *, state: str, since: date, actor: Actor) -> list[Card]:
    """Cases won or lost since a day, newest first."""
    closed = cases.filter(state=state, closed_on__gte=since).order_by("-closed_on", "-id")
    return [card(case, day=since, actor=actor) for case in closed[:20]]


def causes(cases: QuerySet[DenialCase]) -> list[Cause]:
    """Open dollars by root cause, most first."""
    rows = (
        cases.filter(state__in=LANES)
        .order_by()
        .values("category")
        .annotate(dollars=Sum("amount"))
        .order_by("-dollars")
    )
    found = [(DenialCategory(row["category"]), row["dollars"]) for row in rows]
    total = sum((dollars for _, dollars in found), ZERO)
    return [
        Cause(category=category, dollars=dollars, percent=max(int(dollars * 100 / total), 1) if total else 0)
        for category, dollars in found
    ]


def due_soon(cases: QuerySet[DenialCase], *, day: date) -> tuple[int, Decimal]:
    """How many open cases and dollars end within a week."""
    urgent = Q(state__in=LANES, deadline__lte=day + timedelta(days=SOON_DAYS))
    row = cases.order_by().filter(urgent).aggregate(n=Count("id"), dollars=Sum("amount"))
    return row["n"], row["dollars"] or ZERO


def meanings(cases: Sequence[DenialCase]) -> dict[uuid.UUID, str]:
    """Our words for each case's reason, its remark first."""
    rules = AdjustmentRule.objects.filter(reason_code__in={case.reason_code for case in cases})
    words = {(rule.reason_code, rule.remark_code): rule.meaning for rule in rules.order_by("group_code")}
    return {case.pk: _meaning(case, words=words) for case in cases}


def _meaning(case: DenialCase, *, words: dict[tuple[str, str], str]) -> str:
    for remark in (*case.remark_codes.split(), ""):
        if found := words.get((case.reason_code, remark)):
            return found
    return case.get_category_display()
