"""Appeals, filing limits and payments on the Monday brief."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Min, QuerySet, Sum

from billing.models import Claim, DenialCase, Remittance
from billing.permissions import BillingPermission as P
from billing.selectors import claims, denials, remittances
from kit.words import counted, dollars
from practice.actor import Actor
from practice.brief import BriefLine, at, who


def lines(*, actor: Actor, today: date) -> Iterable[BriefLine]:
    """Money with a deadline: denials to answer, claims to file, payments to post."""
    if actor.may(P.VIEW_DENIAL):
        yield from _appeals(actor)
    if actor.may(P.VIEW_CLAIM):
        yield from _filing(actor, today=today)
    if actor.may(P.VIEW_REMITTANCE):
        yield from _payments(actor)


def _appeals(actor: Actor) -> Iterable[BriefLine]:
    for due, key, words in (
        ("late", "billing.appeals_late", "past the deadline"),
        ("week", "billing.appeals_due", "due within 7 days"),
    ):
        cases = denials.narrowed(actor, due=due)
        row = cases.order_by().aggregate(n=Count("id"), dollars=Sum("amount"), first=Min("deadline"))
        if not row["n"]:
            continue
        names = (
            cases.filter(owner__isnull=False)
            .order_by()
            .values_list("owner__user__name", flat=True)
            .distinct()
        )
        yield BriefLine(
            key=key,
            sentence=f"{dollars(row['dollars'])} in {counted(row['n'], one='appeal', many='appeals')} {words}",
            detail=_causes(cases),
            severity="bad",
            permission=P.VIEW_DENIAL,
            amount=row["dollars"],
            due_on=row["first"],
            count=row["n"],
            owner=who(names[:10]),
            path=at("billing:denials", due=due),
            button="Open board",
        )


def _causes(cases: QuerySet[DenialCase]) -> str:
    """Why they were denied, most dollars first."""
    return ", ".join(cause.category.label for cause in denials.causes(cases)[:3]) + "."


def _filing(actor: Actor, *, today: date) -> Iterable[BriefLine]:
    at_risk = claims.in_danger(claims.listed_to(actor), actor=actor)
    row = at_risk.order_by().aggregate(n=Count("id"), dollars=Sum("total"), first=Min("file_by"))
    if not row["n"]:
        return
    days = claims.filing_days(actor)
    held = at_risk.filter(state=Claim.State.HELD).count()
    late = at_risk.filter(file_by__lt=today).count()
    what = counted(row["n"], one="claim reaches", many="claims reach")
    yield BriefLine(
        key="billing.filing_limit",
        sentence=f"{what} the filing limit within {days} days",
        detail=f"{held} held by a rule. {late} past the limit already: ask the payer for an exception.",
        severity="bad" if late else "warn",
        permission=P.VIEW_CLAIM,
        amount=row["dollars"],
        due_on=row["first"],
        count=row["n"],
        path=at("kit:billing_claim_list", view="filing"),
    )


def _payments(actor: Actor) -> Iterable[BriefLine]:
    waiting = remittances.visible_to(actor).filter(state__in=remittances.UNPOSTED).order_by()
    row = waiting.aggregate(n=Count("id"), dollars=Sum("amount"), first=Min("paid_on"))
    if not row["n"]:
        return
    review = waiting.exclude(state=Remittance.State.STAGED).count()
    yield BriefLine(
        key="billing.unposted",
        sentence=f"{counted(row['n'], one='payment is', many='payments are')} not posted",
        detail=f"{counted(review, one='needs', many='need')} a decision first." if review else "",
        severity="warn" if review else "info",
        permission=P.VIEW_REMITTANCE,
        amount=row["dollars"],
        count=row["n"],
        path=at("kit:billing_remittance_list", view="waiting"),
        button="Open inbox",
    )
