"""The complaint desk: take a complaint, acknowledge, look into it, answer, close, reopen. Every step is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kit.errors import Conflict, DomainError
from patients import complaint_rules
from patients.models import Complaint, ComplaintEvent
from patients.permissions import PatientPermission
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services import deadlines
from practice.services.rules import rule
from practice.services.sequences import next_number
from practice.services.work import close_items, open_item

ITEM = "patients.complaint"
ACKNOWLEDGE, RESOLVE = "complaint.acknowledge_days", "complaint.resolve_days"
Stage = Complaint.Stage
DETAILS = frozenset(
    {
        "patient", "complainant", "location", "channel", "category", "severity", "is_grievance", "summary",
        "details", "owner",
    }
)  # fmt: skip


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - DETAILS:
        raise TypeError(f"a complaint has no {', '.join(sorted(unknown))}")
    if "summary" in values and not values["summary"].strip():
        raise DomainError("Enter in one sentence what it is about.", field="summary")
    return values


@transaction.atomic
def receive(
    *,
    actor: Actor,
    channel: str,
    category: str,
    summary: str,
    received_on: date | None = None,
    **details: Any,
) -> Complaint:
    """Take a complaint: next number, both clocks from the day it came in (rules complaint.*_days).

    Raises DomainError for an empty summary or a day to come.
    """
    actor.require(PatientPermission.CHANGE_COMPLAINT)
    values = _checked({"channel": channel, "category": category, "summary": summary, **details})
    today = practice_today(actor)
    day = received_on or today
    if day > today:
        raise DomainError("Enter a day that is not in the future.", field="received_on")
    values["is_grievance"] = complaint_rules.is_grievance(channel, marked=bool(values.get("is_grievance")))
    complaint = Complaint.objects.create(
        practice_id=actor.practice_id,
        number=next_number("patients.complaint", actor=actor),
        received_on=day,
        acknowledge_by=deadlines.due(rule(ACKNOWLEDGE, on=day), start=day, location=values.get("location")),
        resolve_by=deadlines.due(rule(RESOLVE, on=day), start=day, location=values.get("location")),
        **values,
    )
    _keep(complaint, note=summary, actor=actor)
    return complaint


@transaction.atomic
def change(complaint: Complaint, *, actor: Actor, **details: Any) -> Complaint:
    """Correct what was taken down. Refused for a closed one: reopen it first."""
    actor.require(PatientPermission.CHANGE_COMPLAINT)
    locked = _locked(complaint)
    if locked.stage == Stage.CLOSED:
        raise Conflict("This complaint is closed: reopen it first.")
    for name, value in _checked(details).items():
        setattr(locked, name, value)
    locked.is_grievance = complaint_rules.is_grievance(locked.channel, marked=locked.is_grievance)
    locked.save()
    _put_on_the_list(locked, actor=actor)
    return locked


@transaction.atomic
def acknowledge(complaint: Complaint, *, actor: Actor, note: str) -> Complaint:
    """Tell whoever complained that it was heard; the note says how and when."""
    return _step(complaint, wanted=Stage.ACKNOWLEDGED, note=note, actor=actor)


@transaction.atomic
def investigate(complaint: Complaint, *, actor: Actor, note: str) -> Complaint:
    """Look into it; the note says who asks whom."""
    return _step(complaint, wanted=Stage.INVESTIGATING, note=note, actor=actor)


@transaction.atomic
def respond(complaint: Complaint, *, actor: Actor, note: str) -> Complaint:
    """Answer: contact, steps taken, result, and the day it was completed."""
    actor.require(PatientPermission.RESOLVE_COMPLAINT)
    return _step(complaint, wanted=Stage.RESPONDED, note=note, actor=actor)


@transaction.atomic
def close(complaint: Complaint, *, actor: Actor, resolution: str) -> Complaint:
    """Close with what came of it. A grievance is answered first; its work item goes off the list."""
    actor.require(PatientPermission.RESOLVE_COMPLAINT)
    changes = {"resolution": resolution.strip(), "closed_on": practice_today(actor)}
    return _step(complaint, wanted=Stage.CLOSED, note=resolution, field="resolution", actor=actor, **changes)


@transaction.atomic
def reopen(complaint: Complaint, *, actor: Actor, reason: str) -> Complaint:
    """Open a closed one again, with a new day for its resolution; the old resolution stays in its steps."""
    actor.require(PatientPermission.RESOLVE_COMPLAINT)
    today = practice_today(actor)
    changes = {
        "resolution": "",
        "closed_on": None,
        "resolve_by": deadlines.due(rule(RESOLVE, on=today), start=today, location=complaint.location),
    }
    return _step(complaint, wanted=Stage.REOPENED, note=reason, field="reason", actor=actor, **changes)


@transaction.atomic
def refresh_list(*, actor: Actor) -> int:
    """Bring the work items of all open complaints up to date; returns how many are late. Twice is once."""
    today = practice_today(actor)
    late = 0
    for complaint in Complaint.objects.exclude(stage=Stage.CLOSED).select_related("owner").order_by("id"):
        _put_on_the_list(complaint, actor=actor)
        late += complaint.next_due < today
    return late


def _locked(complaint: Complaint) -> Complaint:
    return Complaint.objects.select_for_update(of=("self",), no_key=True).get(pk=complaint.pk)


def _step(
    complaint: Complaint, *, wanted: Stage, note: str, actor: Actor, field: str = "note", **changes: Any
) -> Complaint:
    actor.require(PatientPermission.CHANGE_COMPLAINT)
    locked = _locked(complaint)
    refused = complaint_rules.refusal(locked.stage, wanted=wanted, is_grievance=locked.is_grievance)
    if refused:
        raise Conflict(refused)
    if not note.strip():
        raise DomainError("Write what was said or done.", field=field)
    locked.stage = wanted
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save()
    _keep(locked, note=note, actor=actor)
    return locked


def _keep(complaint: Complaint, *, note: str, actor: Actor) -> None:
    ComplaintEvent.objects.create(
        practice_id=actor.practice_id, complaint=complaint, stage=complaint.stage, note=note.strip()
    )
    if complaint.stage == Stage.CLOSED:
        close_items(complaint, kind=ITEM, outcome="Closed", actor=actor)
    else:
        _put_on_the_list(complaint, actor=actor)


def _put_on_the_list(complaint: Complaint, *, actor: Actor) -> None:
    """One item, due at the next deadline. It names the kind of complaint, never the patient."""
    todo = {Stage.RECEIVED: "acknowledge", Stage.RESPONDED: "close"}.get(Stage(complaint.stage), "resolve")
    open_item(
        ITEM,
        record=complaint,
        title=f"{complaint} ({complaint.get_category_display().lower()}): {todo}",
        permission=PatientPermission.VIEW_COMPLAINT,
        due_on=complaint.next_due,
        owner=complaint.owner,
        actor=actor,
    )
