"""An item's history as sentences: "Dana Reyes snoozed it until 03/10/2026: waiting for the payer"."""

from __future__ import annotations

from collections.abc import Sequence

from kit.ports import Sentence
from kit.words import us_date
from practice.models import WorkEvent, WorkItem
from practice.selectors.history import actor_names

Act = WorkEvent.Act
LONGEST = 100


def history_of(item: WorkItem) -> Sequence[Sentence]:
    """What happened, newest first, down to the day it was put on the list."""
    rows = list(item.events.select_related("member__user").order_by("-created_at", "-id")[:LONGEST])
    names = actor_names({row.created_by for row in rows})
    told = [
        Sentence(text=_said(row, who=names.get(row.created_by, "Wellrun")), at=row.created_at) for row in rows
    ]
    closed = item.closed_at if item.state != WorkItem.State.OPEN and not item.closed_by_hand else None
    if closed is not None:
        told.insert(0, Sentence(text=f"Settled where it came from: {item.outcome or 'done'}", at=closed))
    return [*told, Sentence(text="Put on the list", at=item.created_at)]


def _said(row: WorkEvent, *, who: str) -> str:
    after = f": {row.note}" if row.note else ""
    if row.act == Act.ASSIGNED:
        to = (
            str(row.member)
            if row.member_id
            else f"the role {row.role}"
            if row.role
            else "everybody who may see it"
        )
        return f"{who} took it{after}" if to == who else f"{who} handed it to {to}{after}"
    if row.act == Act.SNOOZED and row.until is not None:
        return f"{who} snoozed it until {us_date(row.until)}{after}"
    words = {
        Act.WOKE: "brought it back",
        Act.ESCALATED: f"escalated it to {row.role}",
        Act.COMMENTED: "wrote",
        Act.DONE: "finished it",
        Act.DROPPED: "dropped it",
        Act.REOPENED: "opened it again",
    }
    return f"{who} {words[Act(row.act)]}{after}"
