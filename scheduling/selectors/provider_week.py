"""One week of one provider at one site, as columns by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from kit import clock
from practice.actor import Actor
from scheduling.models import Appointment, AvailabilityBlock, Resource
from scheduling.selectors.appointments import zone_of
from scheduling.selectors.grid import CLASSES, Column, Frame, card_of, frame_of, kept_for, lanes_of

DAYS = timedelta(days=7)
WEEKEND = (5, 6)


@dataclass(frozen=True, kw_only=True)
class Week:
    """What the week page shows: seven days, or five when nothing stands on the weekend."""

    monday: date
    resource: Resource
    columns: Sequence[Column]
    frame: Frame
    now_at: int | None
    now: str
    visits: int
    booked: int
    patient_ids: Sequence[UUID]


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_of(resource: Resource, *, day: date, actor: Actor) -> Week:
    """The week a day belongs to, in five queries whatever it holds."""
    monday = monday_of(day)
    within = {"local_day__gte": monday, "local_day__lt": monday + DAYS}
    blocks = list(AvailabilityBlock.objects.filter(resource=resource, **within).order_by("starts_at"))
    visits = list(
        Appointment.objects.filter(
            practice_id=actor.practice_id,
            provider=resource.provider,
            location=resource.location,
            status__in=list(CLASSES),
            **within,
        )
        .select_related("patient", "type", "provider")
        .order_by("starts_at", "id")
    )
    frame = frame_of([*blocks, *visits], zone=zone_of(resource.location))
    columns = _columns(resource, monday=monday, today=clock.today(frame.zone))
    kept, lanes = kept_for(blocks), lanes_of(visits, resources=[resource.pk])
    for block in blocks:
        columns[block.local_day].add_block(block, frame=frame, types=kept.get(block.source_id, ()))
    for visit in visits:
        card = card_of(visit, lane=lanes.get(visit.pk), frame=frame, actor=actor)
        columns[visit.local_day].add_card(card)
    return _week(resource, monday=monday, columns=columns.values(), frame=frame)


def _columns(resource: Resource, *, monday: date, today: date) -> dict[date, Column]:
    days = [monday + timedelta(days=number) for number in range(DAYS.days)]
    return {
        day: Column(title=f"{day:%a} {day.day}", day=day, resource=resource, is_today=day == today)
        for day in days
    }


def _week(resource: Resource, *, monday: date, columns: Iterable[Column], frame: Frame) -> Week:
    shown = [each for each in columns if each.day.weekday() not in WEEKEND or each.blocks or each.cards]
    for column in shown:
        column.halve()
    now = clock.now()
    open_minutes = sum(column.open_minutes for column in shown)
    taken = sum(column.taken_minutes for column in shown)
    return Week(
        monday=monday,
        resource=resource,
        columns=shown,
        frame=frame,
        now_at=frame.now_at(now) if any(column.is_today for column in shown) else None,
        now=frame.time(now).split()[0],
        visits=sum(len(column.cards) for column in shown),
        booked=min(100, round(100 * taken / open_minutes)) if open_minutes else 0,
        patient_ids=[card.visit.patient_id for column in shown for card in column.cards if card.open],
    )
