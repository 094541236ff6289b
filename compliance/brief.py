"""Findings, corrective actions and audits on the Monday brief."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from compliance.models import Audit, Finding
from compliance.permissions import CompliancePermission as P
from compliance.selectors import audits as found
from kit.words import counted
from practice.actor import Actor
from practice.brief import BriefLine, at, who

SOON_DAYS = 14


def lines(*, actor: Actor, today: date) -> Iterable[BriefLine]:
    """What is late, and audits that end soon."""
    if not actor.may(P.VIEW_COMPLIANCE):
        return
    yield from _findings(actor)
    yield from _actions(actor)
    yield from _audits(actor, today=today)


def _findings(actor: Actor) -> Iterable[BriefLine]:
    late = list(found.overdue_findings(found.findings(actor), actor=actor).select_related("owner__user"))
    if late:
        high = sum(each.severity == Finding.Severity.HIGH for each in late)
        yield BriefLine(
            key="compliance.findings_late",
            sentence=f"{counted(len(late), one='audit finding is', many='audit findings are')} past the day",
            detail=f"{high} of high severity.",
            severity="bad" if high else "warn",
            permission=P.VIEW_COMPLIANCE,
            due_on=min(each.due_on for each in late),
            count=len(late),
            owner=who(str(each.owner) for each in late if each.owner),
            path=at("kit:compliance_finding_list", view="overdue"),
        )


def _actions(actor: Actor) -> Iterable[BriefLine]:
    late = list(found.overdue_actions(found.actions(actor), actor=actor).select_related("owner__user"))
    if late:
        what = counted(len(late), one="corrective action is", many="corrective actions are")
        yield BriefLine(
            key="compliance.actions_late",
            sentence=f"{what} overdue",
            severity="warn",
            permission=P.VIEW_COMPLIANCE,
            due_on=min(each.due_on for each in late),
            count=len(late),
            owner=who(str(each.owner) for each in late if each.owner),
            path=at("kit:compliance_action_list", view="overdue"),
        )


def _audits(actor: Actor, *, today: date) -> Iterable[BriefLine]:
    ending = found.visible_to(actor).filter(
        state=Audit.State.OPEN, due_on__lte=today + timedelta(days=SOON_DAYS)
    )
    for audit in ending.select_related("lead__user").order_by("due_on", "id")[:3]:
        progress = found.progress(audit)
        yield BriefLine(
            key=f"compliance.audit.{audit.pk}",
            sentence=f"{audit.name}: {progress.answered} of {progress.items} items answered",
            severity="bad" if audit.due_on < today else "warn",
            permission=P.VIEW_COMPLIANCE,
            due_on=audit.due_on,
            count=progress.items - progress.answered,
            owner=str(audit.lead) if audit.lead else "",
            path=at("compliance:audit", args={"pk": audit.pk}),
            button="Open audit",
        )
