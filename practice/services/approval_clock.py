"""What time does to approvals: overdue ones are said to be so, those that waited too long expire."""

from __future__ import annotations

from practice.actor import Actor
from practice.models import ApprovalRequest
from practice.selectors.days import practice_today
from practice.services import approvals

MOST = 500  # of each, a night


def run(*, actor: Actor) -> dict[str, int]:
    """One night's look at what is open. Twice is once."""
    today = practice_today(actor)
    still_open = ApprovalRequest.objects.filter(state__in=ApprovalRequest.OPEN).order_by("due_on", "id")
    over = list(still_open.filter(expires_on__lt=today)[:MOST])
    expired = sum(approvals.expire(request, actor=actor) for request in over)
    late = list(still_open.filter(due_on__lt=today, escalated_on=None)[:MOST])
    return {"expired": expired, "overdue": sum(approvals.escalate(request, actor=actor) for request in late)}
