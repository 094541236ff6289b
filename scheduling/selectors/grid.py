"""What stands on a grid of hours: columns, blocks of the template behind, visits in front. Days and weeks share it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kit import words
from patients.selectors import restricted
from practice.actor import Actor
from scheduling.models import (
    Appointment,
    AppointmentType,
    AvailabilityBlock,
    Resource,
    ResourceBooking,
    TemplateBlock,
)
from scheduling.rules import BEFORE_ARRIVAL, FREES_THE_SLOT, minutes_of
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

    def meets(self, other: Placed) -> bool:
        """Whether both share some time."""
        return self.at < other.at + other.steps and other.at < self.at + self.steps


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

    @property
    def movable(self) -> bool:
        """Whether it can be given another time."""
        return self.open and self.visit.status in BEFORE_ARRIVAL


@dataclass(kw_only=True)
class Column:
    """A provider's day."""

    title: str
    day: date
    resource: Resource
    is_today: bool = False
    blocks: list[Block] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    open_minutes: int = 0
    taken_minutes: int = 0

    @property
    def booked(self) -> int:
        """Percent of the open time that is taken, at most 100."""
        return min(100, round(100 * self.taken_minutes / self.open_minutes)) if self.open_minutes else 0

    def add_block(self, block: AvailabilityBlock, *, frame: Frame, types: Sequence[AppointmentType]) -> None:
        """Draw a stretch of the template; what is not blocked counts as open."""
        minutes = minutes_of(block.starts_at, end=block.ends_at)
        if block.kind != TemplateBlock.Kind.ADMIN:
            self.open_minutes += minutes * block.capacity
        kinds = {TemplateBlock.Kind.ADMIN: "off", TemplateBlock.Kind.HELD: "sd"}
        css = kinds.get(TemplateBlock.Kind(block.kind)) or (TONES.get(types[0].tone, "fu") if types else "fu")
        names = ", ".join(each.name for each in types)
        self.blocks.append(
            Block(
                at=frame.step(block.starts_at),
                steps=frame.steps(minutes),
                css=css,
                label=block.label or names,
                kept=f"{frame.time(block.starts_at)} to {frame.time(block.ends_at)}: "
                f"{block.get_kind_display().lower()}" + (f", {names}" if names else ""),
            )
        )

    def add_card(self, card: Card) -> None:
        """Draw a visit; it takes its minutes unless it gave them back."""
        if card.visit.status not in FREES_THE_SLOT:
            self.taken_minutes += minutes_of(card.visit.starts_at, end=card.visit.ends_at)
        self.cards.append(card)

    def halve(self) -> None:
        """Cards that share their time with one in another lane keep to the left half, the other to the right."""
        right = [card for card in self.cards if card.half == 2]
        self.cards = [
            card if card.half or not any(card.meets(each) for each in right) else replace(card, half=1)
            for card in self.cards
        ]


@dataclass(frozen=True)
class Frame:
    """The hours a grid shows, in the site's zone."""

    zone: ZoneInfo
    first: int
    last: int

    @property
    def hours(self) -> int:
        """How many hours it is long."""
        return max(1, self.last - self.first)

    @property
    def axis(self) -> list[tuple[int, str]]:
        """Step and label of each full hour."""
        return [
            (12 * number, f"{(hour % 12) or 12} {'AM' if hour < 12 else 'PM'}")
            for number, hour in enumerate(range(self.first, self.first + self.hours))
        ]

    def step(self, moment: datetime) -> int:
        """The step a moment stands at."""
        local = moment.astimezone(self.zone)
        return max(0, (local.hour - self.first) * 60 + local.minute) // STEP

    def steps(self, minutes: int) -> int:
        """How many steps so many minutes take; never more than the classes there are."""
        return max(1, min(144, minutes // STEP))

    def time(self, moment: datetime) -> str:
        """The local time in words."""
        return words.us_time(moment.astimezone(self.zone))

    def now_at(self, now: datetime) -> int | None:
        """The step of the present moment, None when it is outside the hours."""
        return self.step(now) if self.first <= now.astimezone(self.zone).hour < self.last else None


def frame_of(things: Iterable[AvailabilityBlock | Appointment], *, zone: ZoneInfo) -> Frame:
    """The hours that hold everything, at least the usual ones."""
    first, last = OPENS, CLOSES
    for thing in things:
        start, end = thing.starts_at.astimezone(zone), thing.ends_at.astimezone(zone)
        first = min(first, start.hour)
        last = max(last, 24 if end.date() > start.date() else end.hour + bool(end.minute))
    return Frame(zone=zone, first=first, last=last)


def kept_for(blocks: Iterable[AvailabilityBlock]) -> dict[UUID | None, list[AppointmentType]]:
    """The visit types that template blocks are kept for, by name; two queries."""
    by_block = types_of({block.source_id for block in blocks if block.source_id})
    wanted = {pk for types in by_block.values() for pk in types}
    known = {each.pk: each for each in AppointmentType.objects.filter(pk__in=sorted(wanted)).order_by("name")}
    return {
        block_id: [each for pk, each in known.items() if pk in types] for block_id, types in by_block.items()
    }


def lanes_of(visits: Iterable[Appointment], *, resources: Iterable[UUID]) -> dict[UUID, ResourceBooking]:
    """The lane each visit has (or last had) on the resources that are shown; one query."""
    found = ResourceBooking.objects.filter(
        resource_id__in=list(resources), appointment_id__in=[visit.pk for visit in visits]
    )
    return {booking.appointment_id: booking for booking in found.order_by("created_at", "id")}


def card_of(visit: Appointment, *, lane: ResourceBooking | None, frame: Frame, actor: Actor) -> Card:
    """A visit on the grid; a restricted patient's without a name for whoever may not see it."""
    minutes = minutes_of(visit.starts_at, end=visit.ends_at)
    return Card(
        visit=visit,
        name=restricted.name_for(visit.patient, actor=actor),
        time=frame.time(visit.starts_at),
        css=CLASSES[Status(visit.status)],
        tall=minutes >= TALL,
        at=frame.step(visit.starts_at),
        steps=frame.steps(minutes),
        half=2 if lane is not None and lane.lane > 0 else 0,
        open=restricted.sees(visit.patient, actor=actor),
    )
