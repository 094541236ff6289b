"""One day of one site as columns by provider: blocks, visits, and where each stands on the grid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kit import clock, words
from patients.selectors import restricted
from practice.actor import Actor
from practice.models import Location
from scheduling.models import (
    Appointment,
    AppointmentType,
    AvailabilityBlock,
    Resource,
    ResourceBooking,
    TemplateBlock,
)
from scheduling.rules import BEFORE_ARRIVAL, FREES_THE_SLOT, IN_BUILDING, minutes_of
from scheduling.selectors.appointments import provider_resources, zone_of
from scheduling.selectors.supply import types_of

STEP = 5  # minutes of one step of the grid (assets/build.mjs writes the classes)
OPENS, CLOSES = 8, 17
TALL = 30  # minutes from which a card has two lines
Status = Appointment.Status
CLASSES = {
    Status.COMPLETED: "done", Status.NO_SHOW: "noshow", Status.WITH_PROVIDER: "with", Status.ROOMED: "intake",
    Status.CHECKED_IN: "intake", Status.ARRIVED: "arr", Status.CHECKOUT: "out", Status.CONFIRMED: "conf",
    Status.BOOKED: "sched", Status.HELD: "sched", Status.REQUESTED: "sched",
}  # fmt: skip

# The tint of a block by the color of the visit type it is kept for (assets/css/day.css).
TONES = {"plain": "fu", "info": "np", "ok": "tele", "accent": "pro", "warn": "warn"}


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where something stands: first step and number of steps of five minutes."""

    at: int
    steps: int


@dataclass(frozen=True, kw_only=True)
class Block(Placed):
    """A stretch of the template, drawn behind the visits. ``kept`` says in words what it is kept for."""

    css: str
    label: str
    kept: str = ""


@dataclass(frozen=True, kw_only=True)
class Card(Placed):
    """A visit on the grid. ``open`` is False for a restricted patient's visit: the time is taken, no more is told."""

    visit: Appointment
    name: str
    time: str
    css: str
    tall: bool
    half: int
    open: bool


@dataclass(kw_only=True)
class Column:
    """A provider's day."""

    resource: Resource
    blocks: list[Block] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    open_minutes: int = 0
    taken_minutes: int = 0

    @property
    def booked(self) -> int:
        """Percent of the open time that is taken, at most 100."""
        return min(100, round(100 * self.taken_minutes / self.open_minutes)) if self.open_minutes else 0


@dataclass(frozen=True, kw_only=True)
class Day:
    """What the day page shows."""

    day: date
    location: Location
    columns: Sequence[Column]
    first_hour: int
    hours: int
    now_at: int | None
    now: str
    open_until: str
    counts: dict[str, int]
    inside: Sequence[Card]
    patient_ids: Sequence[UUID]

    @property
    def axis(self) -> list[tuple[int, str]]:
        """Step and label of each full hour."""
        return [
            (12 * number, f"{(hour % 12) or 12} {'AM' if hour < 12 else 'PM'}")
            for number, hour in enumerate(range(self.first_hour, self.first_hour + self.hours))
        ]


def day_of(location: Location, *, day: date, actor: Actor) -> Day:
    """The day of a site, in six queries whatever it holds."""
    zone = zone_of(location)
    columns = {
        resource.pk: Column(resource=resource) for resource in provider_resources(actor, location=location)
    }
    blocks = list(
        AvailabilityBlock.objects.filter(resource_id__in=list(columns), local_day=day).order_by("starts_at")
    )
    visits = list(
        Appointment.objects.filter(practice_id=actor.practice_id, local_day=day, location=location)
        .select_related("patient", "type", "provider")
        .order_by("starts_at", "id")
    )
    lanes = {
        booking.appointment_id: booking
        for booking in ResourceBooking.objects.filter(
            resource_id__in=list(columns), appointment_id__in=[visit.pk for visit in visits]
        ).order_by("created_at", "id")
    }
    shown = [visit for visit in visits if visit.status in CLASSES]
    first, last = _bounds([*blocks, *shown], zone=zone)
    frame = _Frame(zone=zone, first=first, last=last)
    kept = _kept(blocks)
    for block in blocks:
        wanted = kept.get(block.source_id, ()) if block.source_id else ()
        _add_block(columns[block.resource_id], block=block, frame=frame, types=wanted)
    by_provider = {column.resource.provider_id: column for column in columns.values()}
    for visit in shown:
        if visit.provider_id in by_provider:
            card = _card(visit, lane=lanes.get(visit.pk), frame=frame, actor=actor)
            _add_card(by_provider[visit.provider_id], card=card)
    return _day(location, day=day, columns=list(columns.values()), frame=frame, visits=visits, blocks=blocks)


@dataclass(frozen=True)
class _Frame:
    zone: ZoneInfo
    first: int
    last: int

    def step(self, moment: datetime) -> int:
        local = moment.astimezone(self.zone)
        return max(0, (local.hour - self.first) * 60 + local.minute) // STEP


def _bounds(things: Iterable[AvailabilityBlock | Appointment], *, zone: ZoneInfo) -> tuple[int, int]:
    first, last = OPENS, CLOSES
    for thing in things:
        start, end = thing.starts_at.astimezone(zone), thing.ends_at.astimezone(zone)
        first = min(first, start.hour)
        last = max(last, 24 if end.date() > start.date() else end.hour + bool(end.minute))
    return first, last


def _kept(blocks: Iterable[AvailabilityBlock]) -> dict[UUID, list[AppointmentType]]:
    """The visit types that template blocks are kept for, by name."""
    by_block = types_of({block.source_id for block in blocks if block.source_id})
    wanted = {pk for types in by_block.values() for pk in types}
    known = {each.pk: each for each in AppointmentType.objects.filter(pk__in=sorted(wanted)).order_by("name")}
    return {
        block_id: [each for pk, each in known.items() if pk in types] for block_id, types in by_block.items()
    }


def _add_block(
    column: Column, *, block: AvailabilityBlock, frame: _Frame, types: Sequence[AppointmentType]
) -> None:
    start = frame.step(block.starts_at)
    minutes = minutes_of(block.starts_at, end=block.ends_at)
    if block.kind != TemplateBlock.Kind.ADMIN:
        column.open_minutes += minutes * block.capacity
    kinds = {TemplateBlock.Kind.ADMIN: "off", TemplateBlock.Kind.HELD: "sd"}
    css = kinds.get(TemplateBlock.Kind(block.kind)) or (TONES.get(types[0].tone, "fu") if types else "fu")
    names = ", ".join(each.name for each in types)
    column.blocks.append(
        Block(
            at=start,
            steps=max(1, min(144, minutes // STEP)),
            css=css,
            label=block.label or names,
            kept=f"{words.us_time(block.starts_at.astimezone(frame.zone))} to "
            f"{words.us_time(block.ends_at.astimezone(frame.zone))}: {block.get_kind_display().lower()}"
            + (f", {names}" if names else ""),
        )
    )


def _card(visit: Appointment, *, lane: ResourceBooking | None, frame: _Frame, actor: Actor) -> Card:
    minutes = minutes_of(visit.starts_at, end=visit.ends_at)
    local = visit.starts_at.astimezone(frame.zone)
    return Card(
        visit=visit,
        name=restricted.name_for(visit.patient, actor=actor),
        time=words.us_time(local),
        css=CLASSES[Status(visit.status)],
        tall=minutes >= TALL,
        at=frame.step(visit.starts_at),
        steps=max(1, min(144, minutes // STEP)),
        half=2 if lane is not None and lane.lane > 0 else 0,
        open=restricted.sees(visit.patient, actor=actor),
    )


def _add_card(column: Column, *, card: Card) -> None:
    if card.visit.status not in FREES_THE_SLOT:
        column.taken_minutes += minutes_of(card.visit.starts_at, end=card.visit.ends_at)
    column.cards.append(card)


def _halved(cards: Sequence[Card]) -> list[Card]:
    """Cards that share their time with one in another lane keep to the left half, the other to the right."""
    from dataclasses import replace

    right = [card for card in cards if card.half == 2]
    return [
        card
        if card.half
        or not any(card.at < each.at + each.steps and each.at < card.at + card.steps for each in right)
        else replace(card, half=1)
        for card in cards
    ]


def _day(
    location: Location,
    *,
    day: date,
    columns: list[Column],
    frame: _Frame,
    visits: Sequence[Appointment],
    blocks: Sequence[AvailabilityBlock],
) -> Day:
    for column in columns:
        column.cards = _halved(column.cards)
    now = clock.now().astimezone(frame.zone)
    is_today = now.date() == day
    closes = max((block.ends_at for block in blocks if block.kind != TemplateBlock.Kind.ADMIN), default=None)
    cards: dict[str, list[Card]] = defaultdict(list)
    for column in columns:
        for card in column.cards:
            cards[card.visit.status].append(card)
    return Day(
        day=day,
        location=location,
        columns=columns,
        first_hour=frame.first,
        hours=max(1, frame.last - frame.first),
        now_at=frame.step(now) if is_today and frame.first <= now.hour < frame.last else None,
        now=words.us_time(now).split()[0],
        open_until=words.us_time(closes.astimezone(frame.zone))
        if closes and is_today and now < closes
        else "",
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
