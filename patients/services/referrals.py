"""Referrals in and out, until the loop is closed. What is late is work, once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kit.errors import Conflict, DomainError
from patients.models import Patient, Referral, ReferralStep, ReferringProvider
from patients.models.referral import ReferralStage
from patients.permissions import PatientPermission
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services import deadlines
from practice.services.rules import rule
from practice.services.sequences import next_number
from practice.services.work import close_items, open_item

ITEM = "patients.referral"
# The rule that says by when the step after this one is expected: from the day of the step, or of the visit.
NEXT = {
    (Referral.Direction.OUT, ReferralStage.OPEN): "referral.send_days",
    (Referral.Direction.OUT, ReferralStage.SENT): "referral.schedule_days",
    (Referral.Direction.OUT, ReferralStage.SCHEDULED): "referral.report_days",
    (Referral.Direction.IN, ReferralStage.OPEN): "referral.schedule_days",
    (Referral.Direction.IN, ReferralStage.SCHEDULED): "referral.answer_days",
}
URGENT = "referral.urgent_days"
WAITS_FOR = {
    "referral.send_days": "send it",
    "referral.schedule_days": "see that the visit is scheduled",
    "referral.report_days": "ask for the report",
    "referral.answer_days": "send our report",
}


@transaction.atomic
def write(
    *,
    patient: Patient,
    direction: str,
    elsewhere: ReferringProvider,
    reason: str,
    actor: Actor,
    asked_on: date | None = None,
    **more: Any,
) -> Referral:
    """Write a referral out, or take one in: next number, and the day by which the next step is expected.

    DomainError without a reason or for a day to come.
    """
    actor.require(PatientPermission.CHANGE_REFERRAL)
    today = practice_today(actor)
    day, said = asked_on or today, " ".join(reason.split())
    if not said:
        raise DomainError("Enter what is asked of the other provider.", field="reason")
    if day > today:
        raise DomainError("Enter a day that is not in the future.", field="asked_on")
    made = Referral(
        practice_id=actor.practice_id,
        number=next_number("patients.referral", actor=actor),
        patient=patient,
        direction=direction,
        elsewhere=elsewhere,
        reason=said[:300],
        asked_on=day,
        **more,
    )
    made.due_on = _due(made, start=day)
    made.save(force_insert=True)
    _keep(made, on=day, note="", actor=actor)
    return made


@transaction.atomic
def send(referral: Referral, *, actor: Actor, on: date | None = None, note: str = "") -> Referral:
    """It has gone to the other provider. Conflict when it has gone already."""
    return _step(referral, stage=ReferralStage.SENT, when="can_send", on=on, note=note, actor=actor)


@transaction.atomic
def schedule(
    referral: Referral, *, scheduled_for: date, actor: Actor, on: date | None = None, note: str = ""
) -> Referral:
    """The visit has its day, or another one; the report is expected after it."""
    if scheduled_for < referral.asked_on:
        raise DomainError("Enter a day on or after the referral.", field="scheduled_for")
    return _step(
        referral,
        stage=ReferralStage.SCHEDULED,
        when="can_schedule",
        on=on,
        note=note,
        actor=actor,
        scheduled_for=scheduled_for,
    )


@transaction.atomic
def report(referral: Referral, *, actor: Actor, on: date | None = None, note: str = "") -> Referral:
    """The report is in (or ours is sent): the loop is closed, and the work item with it."""
    return _step(referral, stage=ReferralStage.REPORTED, when="can_report", on=on, note=note, actor=actor)


@transaction.atomic
def cancel(referral: Referral, *, reason: str, actor: Actor) -> Referral:
    """It is not needed any more; the reason stays in its steps."""
    if not reason.strip():
        raise DomainError("Say why, in a few words.", field="reason")
    return _step(referral, stage=ReferralStage.CANCELLED, when="is_open", on=None, note=reason, actor=actor)


@transaction.atomic
def refresh_list(*, actor: Actor) -> int:
    """Put every open referral whose next step is late on the list of work; returns how many. Twice is once."""
    late = Referral.objects.filter(due_on__lt=practice_today(actor)).order_by("id")
    return sum(1 for each in late if _put_on_the_list(each, actor=actor))


def _step(
    referral: Referral,
    *,
    stage: ReferralStage,
    when: str,
    on: date | None,
    note: str,
    actor: Actor,
    **changes: Any,
) -> Referral:
    actor.require(PatientPermission.CHANGE_REFERRAL)
    locked = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    if not getattr(locked, when):
        raise Conflict(
            f"This referral is {locked.get_status_display().lower()}: that step is no longer possible."
        )
    today = practice_today(actor)
    day = on or today
    if not locked.asked_on <= day <= today:
        raise DomainError("Enter a day from the referral until today.", field="on")
    locked.status = stage
    for name, value in changes.items():
        setattr(locked, name, value)
    closed = stage in (ReferralStage.REPORTED, ReferralStage.CANCELLED)
    locked.closed_on = day if closed else None
    locked.due_on = None if closed else _due(locked, start=locked.scheduled_for or day)
    locked.save()
    _keep(locked, on=day, note=note, actor=actor)
    return locked


def _due(referral: Referral, *, start: date) -> date:
    code = NEXT[Referral.Direction(referral.direction), ReferralStage(referral.status)]
    urgent = referral.urgency == Referral.Urgency.URGENT and code == "referral.schedule_days"
    return deadlines.due(rule(URGENT if urgent else code, on=start), start=start)


def _keep(referral: Referral, *, on: date, note: str, actor: Actor) -> None:
    ReferralStep.objects.create(
        practice_id=actor.practice_id,
        referral=referral,
        stage=referral.status,
        on=on,
        note=" ".join(note.split())[:300],
    )
    # What was late is done by this step; what is late now comes back by itself.
    close_items(referral, kind=ITEM, outcome=referral.get_status_display(), actor=actor)
    if referral.due_on is not None and referral.due_on < practice_today(actor):
        _put_on_the_list(referral, actor=actor)


def _put_on_the_list(referral: Referral, *, actor: Actor) -> bool:
    """One item for the step that is late. It names the number, never the patient."""
    code = NEXT[Referral.Direction(referral.direction), ReferralStage(referral.status)]
    open_item(
        ITEM,
        record=referral,
        key=referral.status,
        title=f"{referral}: {WAITS_FOR[code]}",
        permission=PatientPermission.VIEW_REFERRAL,
        due_on=referral.due_on,
        actor=actor,
    )
    return True
