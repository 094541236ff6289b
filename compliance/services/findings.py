"""Findings and what is done about them. A finding closes when its actions are done, with proof in words."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction

from compliance.models import AuditAnswer, CorrectiveAction, Finding
from compliance.permissions import CompliancePermission
from compliance.selectors import audits as found_audits
from compliance.services.audits import lock_open
from kit.errors import Conflict, DomainError
from practice.actor import Actor
from practice.models import Membership
from practice.selectors.days import practice_today
from practice.services import deadlines
from practice.services.rules import rule
from practice.services.work import close_items, open_item

FINDING_ITEM = "compliance.finding"
ACTION_ITEM = "compliance.action"
SHOWN = ("partly", "not_met")


@transaction.atomic
def raise_finding(
    answer: AuditAnswer,
    *,
    actor: Actor,
    title: str,
    severity: str,
    owner: Membership | None = None,
) -> Finding:
    """Note a gap that an answer shows; its day follows from the severity (rules finding.*_days).

    Raises DomainError for an empty title or an answer that shows no gap.
    """
    audit = lock_open(answer.audit_round_id, actor=actor)
    locked = AuditAnswer.objects.select_for_update(of=("self",), no_key=True).get(pk=answer.pk)
    if locked.answer not in SHOWN:
        raise DomainError("Only what is partly met or not met shows a finding: answer the item first.")
    if not title.strip():
        raise DomainError("Enter what was found.", field="title")
    if severity not in Finding.Severity.values:
        raise DomainError("Choose how bad it is.", field="severity")
    today = practice_today(actor)
    finding = Finding.objects.create(
        practice_id=actor.practice_id,
        answer=locked,
        title=" ".join(title.split()),
        severity=severity,
        found_on=today,
        due_on=deadlines.due(rule(f"finding.{severity}_days", on=today), start=today),
        owner=owner or audit.lead,
    )
    _put_on_the_list(finding, actor=actor)
    return finding


def _put_on_the_list(finding: Finding, *, actor: Actor) -> None:
    open_item(
        FINDING_ITEM,
        record=finding,
        title=f"{finding.get_severity_display()} finding: {finding.title}",
        permission=CompliancePermission.VIEW_COMPLIANCE,
        due_on=finding.due_on,
        owner=finding.owner,
        location=finding.answer.audit_round.location_id,
        actor=actor,
    )


def _lock_finding(finding_id: uuid.UUID) -> Finding:
    finding = Finding.objects.select_for_update(of=("self",), no_key=True).get(pk=finding_id)
    if finding.state != Finding.State.OPEN:
        raise Conflict("This finding is closed.")
    return finding


@transaction.atomic
def add_action(
    *, actor: Actor, finding: Finding, text: str, due_on: date, owner: Membership | None = None
) -> CorrectiveAction:
    """Plan what will be done about a finding, by whom, until when: not later than the finding is due.

    Raises DomainError for an empty text or a day after the finding's, Conflict for a closed finding.
    """
    actor.require(CompliancePermission.CHANGE_COMPLIANCE)
    locked = _lock_finding(finding.pk)
    if not text.strip():
        raise DomainError("Enter what will be done.", field="text")
    if due_on > locked.due_on:
        raise DomainError(
            f"Enter a day up to {locked.due_on:%m/%d/%Y}, when the finding is due.", field="due_on"
        )
    return CorrectiveAction.objects.create(
        practice_id=actor.practice_id,
        finding=locked,
        text=" ".join(text.split()),
        due_on=due_on,
        owner=owner or locked.owner,
    )


@transaction.atomic
def complete_action(action: CorrectiveAction, *, actor: Actor, proof: str) -> CorrectiveAction:
    """Mark an action as done. Raises DomainError without proof, Conflict when it was done already."""
    actor.require(CompliancePermission.CHANGE_COMPLIANCE)
    _lock_finding(action.finding_id)
    locked = CorrectiveAction.objects.select_for_update(of=("self",), no_key=True).get(pk=action.pk)
    if locked.state == CorrectiveAction.State.DONE:
        raise Conflict("This action is done already.")
    if not proof.strip():
        raise DomainError("Write what shows that it is done.", field="proof")
    locked.state, locked.proof = CorrectiveAction.State.DONE, " ".join(proof.split())
    locked.done_on = practice_today(actor)
    locked.save()
    close_items(locked, kind=ACTION_ITEM, outcome="Done", actor=actor)
    return locked


@transaction.atomic
def close_finding(finding: Finding, *, actor: Actor) -> Finding:
    """Close a finding. Refused while it has no action, or one that is not done."""
    actor.require(CompliancePermission.CLOSE_FINDING)
    locked = _lock_finding(finding.pk)
    states = list(locked.actions.values_list("state", flat=True))
    if not states:
        raise DomainError("Nothing was done about it yet: plan a corrective action and finish it.")
    if waiting := states.count(CorrectiveAction.State.PLANNED):
        raise DomainError(f"Not yet: {waiting} corrective action{'' if waiting == 1 else 's'} not done.")
    locked.state, locked.closed_on = Finding.State.CLOSED, practice_today(actor)
    locked.save()
    close_items(locked, kind=FINDING_ITEM, outcome="Closed", actor=actor)
    return locked


@transaction.atomic
def chase_overdue(*, actor: Actor) -> int:
    """Put every overdue corrective action on the list; returns how many there are. Twice is once."""
    late = found_audits.overdue_actions(CorrectiveAction.objects.all(), actor=actor)
    found = list(late.select_related("owner", "finding__answer__audit_round").order_by("id"))
    for action in found:
        open_item(
            ACTION_ITEM,
            record=action,
            title=f"Overdue action: {action.text}",
            permission=CompliancePermission.VIEW_COMPLIANCE,
            due_on=action.due_on,
            owner=action.owner,
            location=action.finding.answer.audit_round.location_id,
            actor=actor,
        )
    return len(found)
