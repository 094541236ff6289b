"""What is done with whoever must be reached, for another time or a recall: tries, answers, and the end of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from patients.models import Patient
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services import deadlines
from practice.services.rules import rule
from practice.services.work import close_items
from scheduling.models import Appointment, ContactAttempt, Recall, Reschedule
from scheduling.models.outreach import Outreach
from scheduling.permissions import SchedulingPermission

OVERDUE = "scheduling.recall"
State, Result = Outreach.State, ContactAttempt.Result
Row = TypeVar("Row", Reschedule, Recall)


def locked(record: Row) -> Row:
    """The row as it is now, nobody else able to change it."""
    found: Row = type(record)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
    return found


@transaction.atomic
def attempt(
    record: Row, /, *, how: str, result: str, actor: Actor, note: str = "", next_try_on: date | None = None
) -> Row:
    """Keep a try to reach the patient, and when the next one is due (rule outreach.retry_days).

    DomainError for a day in the past; Conflict when nobody needs to be reached any more.
    """
    actor.require(SchedulingPermission.BOOK_VISIT)
    row, today = _open(record), practice_today(actor)
    if next_try_on is not None and next_try_on < today:
        raise DomainError("Enter today or a later day.", field="next_try_on")
    ContactAttempt.objects.create(
        practice_id=actor.practice_id,
        patient_id=row.patient_id,
        at=clock.now(),
        how=how,
        result=result,
        note=note.strip()[:200],
        **{"recall" if isinstance(row, Recall) else "reschedule": row},
    )
    row.next_try_on = next_try_on or deadlines.due(rule("outreach.retry_days", on=today), start=today)
    row.save()
    return row


@transaction.atomic
def booked(record: Row, /, *, visit: Appointment, actor: Actor) -> Row:
    """A visit of the patient is what it was about. DomainError for somebody else's."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    row = _open(record)
    if visit.patient_id != row.patient_id:
        raise DomainError("This visit is another patient's.", field="visit")
    return close(row, state=State.BOOKED, new_visit=visit, actor=actor)


@transaction.atomic
def decline(record: Row, /, *, reason: str, actor: Actor) -> Row:
    """The patient does not want the visit."""
    return _end(record, state=State.DECLINED, reason=reason, actor=actor)


@transaction.atomic
def give_up(record: Row, /, *, reason: str, actor: Actor) -> Row:
    """The patient cannot be reached. DomainError when nobody has tried."""
    if not record.attempts.exists():
        raise DomainError("Nobody has tried to reach the patient yet. Keep a try first.", field="reason")
    return _end(record, state=State.UNREACHED, reason=reason, actor=actor)


@transaction.atomic
def reopen(record: Row, /, *, actor: Actor) -> Row:
    """Try again to reach somebody who was given up. Conflict while it is open, or when a visit is booked."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    row = locked(record)
    if not row.is_given_up:
        raise Conflict(f"This is {row.get_state_display().lower()}: there is nothing to open again.")
    return open_again(row, actor=actor)


def open_again(row: Row, *, actor: Actor) -> Row:
    """Make a closed row one that waits for a call today. The row is locked."""
    row.state, row.closed_at, row.outcome, row.new_visit = State.OPEN, None, "", None
    row.next_try_on = practice_today(actor)
    row.save()
    return row


def close(
    row: Row, *, state: str, actor: Actor, new_visit: Appointment | None = None, outcome: str = ""
) -> Row:
    """Nobody needs to call any more. The row is locked."""
    row.state, row.closed_at, row.new_visit, row.outcome = state, clock.now(), new_visit, outcome[:200]
    row.save()
    close_items(row, kind=OVERDUE, outcome=row.get_state_display(), actor=actor)
    return row


def close_all(rows: Iterable[Row], **how: Any) -> int:
    """Close several rows, each locked in the order given; returns how many."""
    return len([close(locked(row), **how) for row in rows])


@transaction.atomic
def follow_standing(patient_id: UUID, *, actor: Actor) -> int:
    """Nobody calls whoever has died or was discharged. Returns how many rows were closed."""
    patient = Patient.objects.get(pk=patient_id)
    if patient.deceased_on is None and patient.record_status != Patient.RecordStatus.DISCHARGED:
        return 0
    outcome = "The patient has died" if patient.deceased_on else "Discharged from the practice"
    how: dict[str, Any] = {"state": State.SETTLED, "outcome": outcome, "actor": actor}
    mine = {"patient": patient, "state": State.OPEN}
    return close_all(Reschedule.objects.filter(**mine).order_by("id"), **how) + close_all(
        Recall.objects.filter(**mine).order_by("id"), **how
    )


def _open(record: Row) -> Row:
    row = locked(record)
    if not row.is_open:
        raise Conflict(f"This is {row.get_state_display().lower()}: nobody needs to be reached any more.")
    return row


def _end(record: Row, *, state: str, reason: str, actor: Actor) -> Row:
    actor.require(SchedulingPermission.BOOK_VISIT)
    if not reason.strip():
        raise DomainError("Say why, in a few words.", field="reason")
    return close(_open(record), state=state, outcome=reason.strip(), actor=actor)
