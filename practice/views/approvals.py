"""One approval: what is asked, by which steps it goes, what was said, and what this person can do about it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kit import links
from kit.views.details import said
from practice import approval_rules
from practice.approvals import ApprovalKind, kind_of
from practice.audit import note_read
from practice.models import ApprovalEvent, ApprovalRequest, Role
from practice.permissions import PracticePermission
from practice.record_pages import page_of_record
from practice.resources.approvals import APPROVAL
from practice.selectors import approvals as found
from practice.selectors import authority
from practice.selectors.days import practice_today

DECIDES, ASKED = ("approve", "refuse", "ask-back"), ("ask-again", "withdraw")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of the chain: whose word it needs, and what was said."""

    number: int
    roles: str
    decided: ApprovalEvent | None
    is_next: bool


@require_GET
def approval(request: Any, pk: uuid.UUID) -> HttpResponse:
    """The page of one request. What it is about is shown only to who may see that record."""
    actor = request.actor
    actor.require(PracticePermission.VIEW_APPROVALS)
    record = found.get_request(pk, actor=actor)
    kind = kind_of(record.kind)
    subject = found.subject_of(record, actor=actor)
    facts = dict(kind.shown(subject)) if subject is not None else {}
    changed = subject is not None and record.is_open and _changed(record, facts=facts)
    note_read(request, what=f"{record}: {kind.label}", patient_ids=_patients(subject))
    why_not = _why_not(record, kind=kind, subject=subject, changed=changed, actor=actor)
    context = {
        "record": record,
        "kind": kind,
        "subject": subject,
        "subject_url": page_of_record(request, record=subject),
        "facts": facts,
        "changed": changed,
        "steps": _chain(record, kind=kind, actor=actor),
        "actions": _actions(request, record=record, decides=not why_not),
        "why_not": why_not if record.is_waiting else "",
        "mine": record.requested_by_id == actor.membership_id,
        "history": found.history(record),
        "said": said(APPROVAL, done=request.GET.get("done", "")),
        "list_url": links.page(request, resource=APPROVAL, name="list"),
    }
    return render(request, "practice/approval.html", context)


def _changed(record: ApprovalRequest, *, facts: dict[str, str]) -> bool:
    return approval_rules.digest(facts, amount=record.amount) != record.digest


def _patients(subject: Any) -> list[uuid.UUID]:
    """Whose data the page shows, where the record says so."""
    patient = getattr(subject, "patient_id", None) or getattr(
        getattr(subject, "claim", None), "patient_id", None
    )
    return [patient] if patient else []


def _why_not(record: ApprovalRequest, *, kind: ApprovalKind, subject: Any, changed: bool, actor: Any) -> str:
    """Why this person cannot decide it now, in words; '' when they can."""
    if not record.is_waiting:
        return "There is nothing to decide now."
    if record.requested_by_id == actor.membership_id:
        return "You asked for this, so somebody else decides."
    day = practice_today(actor)
    if authority.authority_over(record, kind=kind, actor=actor, day=day) is None:
        return "It is not yours to decide, neither by your own limit nor for somebody you stand in for."
    if subject is None:
        return "You cannot see the record this is about, so you cannot decide it."
    return "It has changed since it was asked for and has to be asked for again." if changed else ""


def _actions(request: Any, *, record: ApprovalRequest, decides: bool) -> list[dict[str, Any]]:
    mine = record.requested_by_id == request.actor.membership_id and record.is_open
    wanted = (*(DECIDES if decides else ()), *(ASKED if mine else ()))
    return [
        {
            "action": action,
            "href": links.page(request, resource=APPROVAL, name="action", pk=record.pk, action=action.name),
            "primary": action.name in ("approve", "ask-again"),
        }
        for action in APPROVAL.actions
        if action.name in wanted
    ]


def _chain(record: ApprovalRequest, *, kind: ApprovalKind, actor: Any) -> list[Step]:
    """The steps of this amount by today's limits, with what was decided in this round."""
    limits = authority.limits_on(practice_today(actor), kinds=[kind.key])[kind.key]
    decided = found.decisions(record)
    numbers = sorted({*approval_rules.steps(limits, amount=record.amount), *decided})
    names = {role.pk: role.name for role in Role.objects.filter(pk__in=[limit.role for limit in limits])}
    steps = []
    for number in numbers:
        able = {names[one.role] for one in limits if one.step == number and one.covers(record.amount)}
        steps.append(
            Step(
                number=number,
                roles=" or ".join(sorted(able)) or "Anybody who may approve this",
                decided=decided.get(number),
                is_next=record.is_waiting and number == record.step,
            )
        )
    return steps
