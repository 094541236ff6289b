"""Every read of approvals: who sees which request, what waits for whom, what happened to one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from practice.actor import Actor
from practice.approvals import ApprovalKind, kinds
from practice.models import ApprovalEvent, ApprovalLimit, ApprovalRequest, Delegation
from practice.permissions import PracticePermission
from practice.selectors import authority, records
from practice.selectors.authority import Principal
from practice.selectors.days import practice_today

State = ApprovalRequest.State
Outcome = ApprovalEvent.Outcome


def visible_to(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Requests the actor asked for, may decide or has spoken to; all of them for who sees every approval."""
    every = ApprovalRequest.objects.select_related("requested_by__user", "ref")
    if actor.may(PracticePermission.VIEW_EVERY_APPROVAL):
        return every
    if not actor.may(PracticePermission.VIEW_APPROVALS) or actor.membership_id is None:
        return every.none()
    spoken = ApprovalEvent.objects.filter(approval=OuterRef("pk"), member=actor.membership_id)
    return every.filter(Q(requested_by=actor.membership_id) | Exists(spoken) | decidable(actor))


def get_request(request_id: uuid.UUID, *, actor: Actor) -> ApprovalRequest:
    """One request, or 404."""
    found = visible_to(actor).filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def decidable(actor: Actor) -> Q:
    """Which open requests the actor could decide now, on their own authority or somebody else's."""
    day = practice_today(actor)
    known = kinds()
    limits = authority.limits_on(day, kinds=list(known))
    wanted = Q(pk=None)
    for principal in authority.principals(actor, day=day):
        people = [member for member in {actor.membership_id, principal.member} if member]
        spoken = ApprovalEvent.objects.filter(
            Q(member__in=people) | Q(on_behalf_of__in=people),
            approval=OuterRef("pk"),
            round=OuterRef("round"),
            outcome=Outcome.APPROVED,
        )
        reach: Any = Q(pk=None)
        for kind in known.values():
            if principal.speaks_for(kind):
                reach |= _reach(kind, principal=principal, limits=limits)
        wanted |= reach & ~Q(requested_by__in=people) & ~Exists(spoken)
    return wanted & Q(state=State.WAITING)


def _reach(kind: ApprovalKind, *, principal: Principal, limits: dict[str, list[Any]]) -> Q:
    """The requests of a kind that this authority reaches, by step and amount."""
    if not limits.get(kind.key):
        return Q(kind=kind.key)
    found = Q(pk=None)
    for limit in limits[kind.key]:
        if limit.role in principal.roles:
            spans = Q(amount=None) | Q(amount__gt=limit.above)
            if limit.up_to is not None:
                spans &= Q(amount=None) | Q(amount__lte=limit.up_to)
            found |= Q(kind=kind.key, step=limit.step) & spans
    return found


def for_me(queryset: QuerySet[ApprovalRequest], *, actor: Actor) -> QuerySet[ApprovalRequest]:
    """What waits for this person: to decide, or to answer what was asked back."""
    if actor.membership_id is None:
        return queryset.none()
    mine = Q(requested_by=actor.membership_id, state=State.ASKED_BACK)
    return queryset.filter(decidable(actor) | mine)


def by_me(queryset: QuerySet[ApprovalRequest], *, actor: Actor) -> QuerySet[ApprovalRequest]:
    """What this person asked for and is not decided."""
    return queryset.filter(requested_by=actor.membership_id, state__in=ApprovalRequest.OPEN)


def decided(queryset: QuerySet[ApprovalRequest], *, actor: Actor) -> QuerySet[ApprovalRequest]:
    """What is over, however it ended."""
    return queryset.exclude(state__in=ApprovalRequest.OPEN)


def subject_of(request: ApprovalRequest, *, actor: Actor) -> Any | None:
    """The record a request is about, if the actor may see it."""
    model = apps.get_model(request.ref.kind)
    return records.visible(model, ids=[request.ref.record_id], actor=actor).get(request.ref.record_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A line of a request's history: what happened, who said it, why."""

    text: str
    note: str
    at: datetime


VERBS = {
    Outcome.ASKED: "asked for it",
    Outcome.APPROVED: "approved it",
    Outcome.REFUSED: "refused it",
    Outcome.ASKED_BACK: "asked back",
    Outcome.ANSWERED: "asked for it again, as it is now",
    Outcome.WITHDRAWN: "withdrew it",
}


def history(request: ApprovalRequest) -> list[Said]:
    """What was said, newest first."""
    rows = ApprovalEvent.objects.filter(approval=request).select_related("member__user", "on_behalf_of__user")
    return [
        Said(text=_sentence(row, steps=request.step), note=row.note, at=row.said_at)
        for row in rows.order_by("-id")
    ]


def _sentence(row: ApprovalEvent, *, steps: int) -> str:
    if row.member is None:
        return "It is overdue" if row.outcome == Outcome.ESCALATED else "It expired without a decision"
    text = f"{row.member.name} {VERBS[Outcome(row.outcome)]}"
    if row.outcome == Outcome.APPROVED and steps > 1:
        text += f" (step {row.step})"
    if row.on_behalf_of_id and row.on_behalf_of_id != row.member_id and row.on_behalf_of is not None:
        text += f" for {row.on_behalf_of.name}"
    return text


def decisions(request: ApprovalRequest) -> dict[int, ApprovalEvent]:
    """What was decided in this round, by step."""
    rows: Iterable[ApprovalEvent] = ApprovalEvent.objects.filter(
        approval=request, round=request.round, outcome__in=[Outcome.APPROVED, Outcome.REFUSED]
    ).select_related("member__user", "on_behalf_of__user")
    return {row.step: row for row in rows}


def limits(actor: Actor) -> QuerySet[ApprovalLimit]:
    """Who may approve what: everybody who has to do with approvals may read it."""
    every = ApprovalLimit.objects.select_related("role")
    return every if actor.may(PracticePermission.VIEW_APPROVALS) else every.none()


def limits_now(queryset: QuerySet[ApprovalLimit], *, actor: Actor) -> QuerySet[ApprovalLimit]:
    """Those in force today or from a day to come."""
    running = Q(effective_to=None) | Q(effective_to__gte=practice_today(actor))
    return queryset.filter(running, ended_on=None)


def delegations(actor: Actor) -> QuerySet[Delegation]:
    """Delegations the actor gave or got; all of them for who sees every approval."""
    every = Delegation.objects.select_related("member__user", "deputy__user").prefetch_related("kind_links")
    if actor.may(PracticePermission.VIEW_EVERY_APPROVAL):
        return every
    if not actor.may(PracticePermission.VIEW_APPROVALS) or actor.membership_id is None:
        return every.none()
    return every.filter(Q(member=actor.membership_id) | Q(deputy=actor.membership_id))


def delegations_now(queryset: QuerySet[Delegation], *, actor: Actor) -> QuerySet[Delegation]:
    """Those that hold today or from a day to come."""
    return queryset.filter(ended_on=None, ends_on__gte=practice_today(actor))
