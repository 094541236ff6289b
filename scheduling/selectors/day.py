"""One day of one site as columns by provider: blocks, visits, and where each stands on the grid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock, words
from practice.actor import Actor
from practice.models import Location
from scheduling.models import Appointment, AvailabilityBlock, TemplateBlock
from scheduling.rules import BEFORE_ARRIVAL, IN_BUILDING
from scheduling.selectors.appointments import provider_resources, zone_of
from scheduling.selectors.grid import CLASSES, Card, Column, Frame, card_of, frame_of, kept_for, lanes_of

Status = Appointment.Status


@dataclass(frozen=True, kw_only=True)
class Day:
    """What the day page shows."""

    day: date
    location: Location
    columns: Sequence[Column]
    frame: Frame
    now_at: int | None
    now: str
    open_until: str
    counts: dict[str, int]
    inside: Sequence[Card]
    patient_ids: Sequence[UUID]


def day_of(location: Location, *, day: date, actor: Actor) -> Day:
    """The day of a site, in six queries whatever it holds."""
    resources = provider_resources(actor, location=location)
    today = clock.today(zone_of(location))
    columns = {
        each.pk: Column(title=each.name, day=day, resource=each, is_today=day == today) for each in resources
    }
    blocks = list(
        AvailabilityBlock.objects.filter(resource_id__in=list(columns), local_day=day).order_by("starts_at")
    )
    visits = list(
        Appointment.objects.filter(practice_id=actor.practice_id, local_day=day, location=location)
        .select_related("patient", "type", "provider")
        .order_by("starts_at", "id")
    )
    lanes = lanes_of(visits, resources=columns)
    shown = [visit for visit in visits if visit.status in CLASSES]
    frame = frame_of([*blocks, *shown], zone=zone_of(location))
    kept = kept_for(blocks)
    for block in blocks:
        columns[block.resource_id].add_block(block, frame=frame, types=kept.get(block.source_id, ()))
    by_provider = {column.resource.provider_id: column for column in columns.values()}
    for visit in shown:
        if visit.provider_id in by_provider:
            card = card_of(visit, lane=lanes.get(visit.pk), frame=frame, actor=actor)
            by_provider[visit.provider_id].add_card(card)
    return _day(location, day=day, columns=list(columns.values()), frame=frame, visits=visits, blocks=blocks)


def _day(
    location: Location,
    *,
    day: date,
    columns: list[Column],
    frame: Frame,
    visits: Sequence[Appointment],
    blocks: Sequence[AvailabilityBlock],
) -> Day:
    now = clock.now().astimezone(frame.zone)
    is_today = now.date() == day
    closes = max((block.ends_at for block in blocks if block.kind != TemplateBlock.Kind.ADMIN), default=None)
    cards: dict[str, list[Card]] = defaultdict(list)
    for column in columns:
        column.halve()
        for card in column.cards:
            cards[card.visit.status].append(card)
    return Day(
        day=day,
        location=location,
        columns=columns,
        frame=frame,
        now_at=frame.now_at(now) if is_today else None,
        now=words.us_time(now).split()[0],
        open_until=frame.time(closes) if closes and is_today and now < closes else "",
        counts=_counts(visits),
        inside=[
            card
            for status in ("arrived", "checked_in", "roomed", "with_provider", "checkout")
            for card in cards[status]
        ],
        patient_ids=[card.visit.patient_id for column in columns for card in column.cards if card.open],
    )


def _counts(visits: Sequence[Appointment]) -> dict[str, int]:
    by_status = Counter(visit.status for visit in visits)
    return {
        "visits": sum(by_status[status] for status in by_status if status in CLASSES),
        "completed": by_status[Status.COMPLETED],
        "inside": sum(by_status[status] for status in IN_BUILDING),
        "to_come": sum(by_status[status] for status in BEFORE_ARRIVAL),
        "no_shows": by_status[Status.NO_SHOW],
        "unconfirmed": by_status[Status.BOOKED],
    }
