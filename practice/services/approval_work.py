"""The work item of an approval: with whoever may decide it, or with whoever was asked back."""

from __future__ import annotations

from practice.actor import Actor
from practice.approvals import ApprovalKind
from practice.models import ApprovalRequest
from practice.selectors import authority
from practice.selectors.days import practice_today
from practice.services.work import close_items, open_item

DECIDE, ANSWER = "practice.approval", "practice.approval_answer"


def put_on_the_list(request: ApprovalRequest, *, kind: ApprovalKind, actor: Actor) -> None:
    """One open item, for the next to act. It names the kind and number, never the record or a patient."""
    late = "overdue: " if request.escalated_on is not None else ""
    if request.state == ApprovalRequest.State.ASKED_BACK:
        close_items(request, kind=DECIDE, outcome="Asked back", actor=actor)
        open_item(
            ANSWER,
            record=request,
            title=f"Answer about {kind.label.lower()} {request.number}: {late}you were asked back",
            permission=kind.ask_permission,
            due_on=request.due_on,
            amount=request.amount,
            owner=request.requested_by,
            actor=actor,
        )
        return
    close_items(request, kind=ANSWER, outcome="Answered", actor=actor)
    limits = authority.limits_on(practice_today(actor), kinds=[kind.key])[kind.key]
    able = authority.who_could(
        kind, step=request.step, request=request, limits=limits, close=authority.involved(request)
    )
    open_item(
        DECIDE,
        record=request,
        title=f"Decide {kind.label.lower()}, {str(request).lower()}{': ' + late.rstrip(': ') if late else ''}",
        permission=kind.decide_permission,
        due_on=request.due_on,
        amount=request.amount,
        owner=able[0] if len(able) == 1 else None,
        actor=actor,
    )


def off_the_list(request: ApprovalRequest, *, outcome: str, actor: Actor) -> None:
    """Close what is open about a request."""
    for item in (DECIDE, ANSWER):
        close_items(request, kind=item, outcome=outcome, actor=actor)
