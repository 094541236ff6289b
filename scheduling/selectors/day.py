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
from scheduling.selectors.terms import owner_of

Status = Appointment.Status
SIDE_BY_SIDE = 8  # providers whose names and cards can still be read, and pages that stay light


@dataclass(frozen=True, kw_only=True)
class Day:
    """What the day page shows: the columns of some providers, of ``providers`` in all from ``first`` on, and counts and
    who is inside of the whole site.
    """

    day: date
    location: Location
    columns: Sequence[Column]
    first: int
    providers: Sequence[UUID]
    frame: Frame
    now_at: int | None
    now: str
    open_until: str
    counts: dict[str, int]
    inside: Sequence[Card]
    patient_ids: Sequence[UUID]

    @property
    def last(self) -> int:
        """Place of the last column, where the first of all is 1."""
        return self.first + len(self.columns) - 1

    @property
    def before(self) -> UUID | None:
        """A provider on the columns before these, if there are more."""
        return self.providers[self.first - 2] if self.first > 1 else None

    @property
    def after(self) -> UUID | None:
        """A provider on the columns behind these, if there are more."""
        return self.providers[self.last] if self.last < len(self.providers) else None


def day_of(location: Location, *, day: date, actor: Actor, provider: UUID | None = None) -> Day:
    """The day of a site, in six queries whatever it holds; of many providers those beside ``provider``."""
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
    return _day(
        location,
        day=day,
        columns=list(columns.values()),
        provider=provider,
        frame=frame,
        visits=visits,
        blocks=blocks,
    )


def _day(
    location: Location,
    *,
    day: date,
    columns: list[Column],
    provider: UUID | None,
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
    inside = [
        card
        for status in ("arrived", "checked_in", "roomed", "with_provider", "checkout")
        for card in cards[status]
    ]
    everybody = [owner_of(column.resource) for column in columns]
    place = everybody.index(provider) if provider in everybody else 0
    start = place - place % SIDE_BY_SIDE
    beside = columns[start : start + SIDE_BY_SIDE]
    seen = [*(card for column in beside for card in column.cards), *inside]
    return Day(
        day=day,
        location=location,
        columns=beside,
        first=start + 1,
        providers=everybody,
        frame=frame,
        now_at=frame.now_at(now) if is_today else None,
        now=words.us_time(now).split()[0],
        open_until=frame.time(closes) if closes and is_today and now < closes else "",
        counts=_counts(visits),
        inside=inside,
        patient_ids=[card.visit.patient_id for card in seen if card.open],
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
