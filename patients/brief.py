"""Complaints on the Monday brief: those past their day, and those due this week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kit.words import counted
from patients.models import Complaint
from patients.permissions import PatientPermission as P
from patients.selectors import complaints as found
from practice.actor import Actor
from practice.brief import BriefLine, at, who

LIST = "kit:patients_complaint_list"


def lines(*, actor: Actor, today: date) -> Iterable[BriefLine]:
    """How many, of which kinds, never whose."""
    every = found.visible_to(actor)
    late = list(found.late_on(every, day=today).select_related("owner__user"))
    if late:
        yield BriefLine(
            key="patients.complaints_late",
            sentence=f"{counted(len(late), one='complaint is', many='complaints are')} past the day for an answer",
            detail=_kinds(late),
            severity="bad",
            permission=P.VIEW_COMPLAINT,
            due_on=min(each.next_due for each in late),
            count=len(late),
            owner=who(str(each.owner) for each in late if each.owner),
            path=at(LIST, view="overdue"),
        )
    rows = list(found.due_soon(every, actor=actor).select_related("owner__user"))
    if rows:
        yield BriefLine(
            key="patients.complaints_due",
            sentence=f"{counted(len(rows), one='complaint is', many='complaints are')} due within 7 days",
            detail=_kinds(rows),
            severity="warn",
            permission=P.VIEW_COMPLAINT,
            due_on=min(each.next_due for each in rows),
            count=len(rows),
            owner=who(str(each.owner) for each in rows if each.owner),
            path=at(LIST, view="soon"),
        )


def _kinds(rows: list[Complaint]) -> str:
    """Of which kinds they are: "Billing, Records"."""
    return ", ".join(sorted({each.get_category_display() for each in rows})) + "."
