"""Visits that are due: planned at check-out or by rule, called for, and closed by booking one."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from kit.errors import Conflict, DomainError
from kit.words import us_date
from patients.models import Patient
from practice.actor import Actor
from practice.rules.deadlines import Length
from practice.rules.units import Unit
from practice.selectors.days import practice_today
from practice.services import deadlines, plain
from practice.services.rules import rule
from practice.services.work import open_item
from scheduling.models import Appointment, Recall, RecallType
from scheduling.permissions import SchedulingPermission
from scheduling.services import outreach

State = Recall.State
add_type, change_type = plain.pair(RecallType, permission=SchedulingPermission.CHANGE_TEMPLATES)


@transaction.atomic
def plan(
    *,
    patient: Patient,
    kind: RecallType,
    actor: Actor,
    due_on: date | None = None,
    note: str = "",
    after_visit: Appointment | None = None,
) -> Recall:
    """Plan a recall for a day, or so many months from today (or the visit) as its type says.

    DomainError at the field for a day in the past, a type no longer in use, or when one of the type is open already.
    """
    actor.require(SchedulingPermission.BOOK_VISIT)
    today = practice_today(actor)
    if not kind.is_active:
        raise DomainError("This recall type is not in use any more.", field="kind")
    if patient.deceased_on is not None:
        raise DomainError("This patient has died. Check the record.", field="patient")
    due = due_on or due_after(kind, day=after_visit.local_day if after_visit else today)
    if due < today:
        raise DomainError("Enter a day that is still to come.", field="due_on")
    if Recall.objects.filter(patient=patient, kind=kind, state=State.OPEN).exists():
        raise DomainError("A recall of this type is open already. Change that one.", field="kind")
    return Recall.objects.create(
        practice_id=actor.practice_id,
        patient=patient,
        kind=kind,
        due_on=due,
        next_try_on=_first_try(due, today=today),
        after_visit=after_visit,
        note=note.strip()[:200],
    )


@transaction.atomic
def change(recall: Recall, /, *, actor: Actor, due_on: date | None = None, note: str | None = None) -> Recall:
    """Give an open recall another day or note; the first call moves with it."""
    actor.require(SchedulingPermission.BOOK_VISIT)
    row, today = outreach.locked(recall), practice_today(actor)
    if not row.is_open:
        raise Conflict(f"This recall is {row.get_state_display().lower()}.")
    if due_on is not None and due_on != row.due_on:
        if due_on < today:
            raise DomainError("Enter a day that is still to come.", field="due_on")
        row.due_on, row.next_try_on = due_on, _first_try(due_on, today=today)
    row.note = row.note if note is None else note.strip()[:200]
    row.save()
    return row


def due_after(kind: RecallType, *, day: date) -> date:
    """The day so many months after another: the same date, or the last of a shorter month."""
    return deadlines.due(Length(amount=kind.months, unit=Unit.MONTHS), start=day)


def _first_try(due: date, *, today: date) -> date:
    return max(today, due - timedelta(days=int(rule("recall.lead_days", on=today))))


def after_booking(visit: Appointment, *, actor: Actor) -> None:
    """A visit of the kind that is due closes the recall."""
    rows = Recall.objects.filter(patient_id=visit.patient_id, kind__type_id=visit.type_id, state=State.OPEN)
    outreach.close_all(rows.order_by("id"), state=State.BOOKED, new_visit=visit, actor=actor)


@transaction.atomic
def after_cancelling(appointment_id: UUID, *, actor: Actor) -> None:
    """The visit that closed a recall does not take place: it is due again. What was missed is on the other list."""
    for row in Recall.objects.filter(new_visit_id=appointment_id, state=State.BOOKED).order_by("id"):
        outreach.open_again(outreach.locked(row), actor=actor)


@transaction.atomic
def after_completing(appointment_id: UUID, *, actor: Actor) -> list[Recall]:
    """A completed visit settles what was due by it, and plans what its recall types plan by themselves."""
    visit = Appointment.objects.select_related("patient").get(pk=appointment_id)
    settled = Recall.objects.filter(
        patient_id=visit.patient_id, kind__type_id=visit.type_id, state=State.OPEN
    ).exclude(after_visit=visit)  # what it has planned itself: twice is once
    outreach.close_all(
        settled.order_by("id"), state=State.SETTLED, outcome="Seen", new_visit=visit, actor=actor
    )
    made = []
    for kind in RecallType.objects.filter(is_active=True, is_automatic=True).order_by("name"):
        if (kind.after_id or kind.type_id) != visit.type_id or visit.patient.deceased_on:
            continue
        due = due_after(kind, day=visit.local_day)
        known = Recall.objects.filter(patient=visit.patient, kind=kind, state=State.OPEN).exists()
        if not known and due >= practice_today(actor):
            made.append(plan(patient=visit.patient, kind=kind, due_on=due, after_visit=visit, actor=actor))
    return made


@transaction.atomic
def refresh_list(*, actor: Actor) -> int:
    """Recalls whose day is over and whose next call is due become work. Part of the night; twice is once."""
    today = practice_today(actor)
    late = Recall.objects.filter(state=State.OPEN, due_on__lt=today, next_try_on__lte=today)
    rows = list(late.select_related("kind").order_by("due_on", "id"))
    for row in rows:
        open_item(
            outreach.OVERDUE,
            record=row,
            title=f"Recall overdue: {row.kind}, due {us_date(row.due_on)}",
            permission=SchedulingPermission.BOOK_VISIT,
            due_on=row.due_on,
            actor=actor,
        )
    return len(rows)
