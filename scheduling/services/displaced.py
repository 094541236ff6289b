"""Visits that a change of hours leaves outside of them: found, put on the list of work, settled. Never moved here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError
from kit.words import us_date, us_time
from practice.actor import Actor
from practice.services.work import close_items, open_item
from scheduling.models import (
    Appointment,
    Displacement,
    Reschedule,
    Resource,
    ScheduleException,
    ScheduleTemplate,
)
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import displaced as found
from scheduling.selectors.appointments import zone_of
from scheduling.services import availability, lanes, reschedules

WORK = "scheduling.displaced"
State = Displacement.State
OUTCOMES = {
    State.MOVED: "Moved to another time",
    State.CANCELLED: "Cancelled",
    State.KEPT: "Kept at its time",
    State.COVERED: "Inside the hours again",
    State.OVER: "Its day has come",
}


@contextmanager
def watching(
    resources: Sequence[Resource],
    *,
    first: date,
    cause: str,
    actor: Actor,
    template: ScheduleTemplate | None = None,
    exception: ScheduleException | None = None,
) -> Iterator[list[Displacement]]:
    """Around a change of template or exception: rebuilds open time after it, and finds whom it has displaced.

    What stood inside open time before and does not any more gets a Displacement and an item of work; what is covered
    again is settled. The list that is yielded is filled at the end.
    """
    lanes.lock(resources)
    outside = found.uncovered(resources, first=first)
    made: list[Displacement] = []
    yield made
    for resource in resources:
        today = clock.today(zone_of(resource.location))
        availability.regenerate(resource, actor=actor, from_day=max(first, today))
    now_outside = found.uncovered(resources, first=first)
    fresh = now_outside - outside
    visits = Appointment.objects.filter(pk__in=sorted(fresh)).select_related(
        "patient", "location", "provider"
    )
    for visit in visits.order_by("starts_at", "id"):
        row = _displace(visit, cause=cause, template=template, exception=exception, actor=actor)
        made.append(row)
    _settle_covered(resources, first=first, still=now_outside, actor=actor)


def _displace(
    visit: Appointment,
    *,
    cause: str,
    template: ScheduleTemplate | None,
    exception: ScheduleException | None,
    actor: Actor,
) -> Displacement:
    row, _ = Displacement.objects.get_or_create(
        practice_id=actor.practice_id,
        appointment=visit,
        state=State.OPEN,
        defaults={
            "cause": cause[:160],
            "template": template,
            "exception": exception,
            "was_at": visit.starts_at,
        },
    )
    reschedules.put_on_list(visit, cause=Reschedule.Cause.DISPLACED, actor=actor)
    local = visit.starts_at.astimezone(zone_of(visit.location))
    open_item(
        WORK,
        record=row,
        title=f"Visit outside the hours: {us_date(local.date())}, {us_time(local)} with {visit.provider}",
        permission=SchedulingPermission.BOOK_VISIT,
        due_on=visit.local_day,
        reason=cause,
        location=visit.location,
        patient=visit.patient_id,
        actor=actor,
    )
    return row


def _settle_covered(resources: Sequence[Resource], *, first: date, still: set[UUID], actor: Actor) -> None:
    """Those that the change has brought inside the hours again."""
    rows = found.open_of(resources, first=first).exclude(appointment_id__in=sorted(still))
    for row in rows:
        _settle(row, state=State.COVERED, actor=actor)


@transaction.atomic
def keep(displacement: Displacement, /, *, reason: str, actor: Actor) -> Displacement:
    """Leave the visit at its time although it lies outside the hours, for a reason."""
    actor.require(SchedulingPermission.BOOK_OUTSIDE)
    locked = Displacement.objects.select_for_update(of=("self",), no_key=True).get(pk=displacement.pk)
    if not locked.is_open:
        raise Conflict("Somebody has settled this already.")
    if not reason.strip():
        raise DomainError("Say why the visit stays at its time.", field="reason")
    return _settle(locked, state=State.KEPT, note=reason.strip(), actor=actor)


def settle(appointment: Appointment, *, state: str, actor: Actor) -> None:
    """The visit was moved or cancelled: what was open about it is settled. Part of those services."""
    for row in Displacement.objects.filter(appointment=appointment, state=State.OPEN):
        _settle(row, state=state, actor=actor)


@transaction.atomic
def settle_past(*, actor: Actor) -> int:
    """Close what nobody settled before its day was over; the list is about visits to come. Part of the night."""
    actor.require(SchedulingPermission.CHANGE_TEMPLATES)
    rows = list(found.past(now=clock.now()))
    for row in rows:
        _settle(row, state=State.OVER, actor=actor)
    return len(rows)


def _settle(row: Displacement, *, state: str, actor: Actor, note: str = "") -> Displacement:
    row.state, row.note = state, note[:200]
    row.settled_at, row.settled_by_id = clock.now(), actor.membership_id
    row.save()
    displaced_ = Reschedule.Cause.DISPLACED
    reschedules.take_off(row.appointment, cause=displaced_, outcome=OUTCOMES[State(state)], actor=actor)
    close_items(row, kind=WORK, outcome=OUTCOMES[State(state)], actor=actor)
    return row
