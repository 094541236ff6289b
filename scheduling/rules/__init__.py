"""Pure rules of the schedule: local time, the status machine, stretches of time. No ORM, no clock.

What fits where is in ``fits``, the weeks of a template in ``weeks``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

OUTSIDE, OVERLAP, OVERBOOK = "outside_hours", "patient_overlap", "overbook"
HELD, OTHER_TYPE, DAY_LIMIT = "held_time", "other_type", "day_limit"
AGAINST_HOURS = (OUTSIDE, HELD, OTHER_TYPE, DAY_LIMIT)  # warnings that take a permission and a reason

# From each status to those it may become (DOMAIN.md 8). What stands last is the usual next step.
NEXT: dict[str, tuple[str, ...]] = {
    "held": ("cancelled", "booked"),
    "booked": ("cancelled", "no_show", "rescheduled", "arrived", "confirmed"),
    "confirmed": ("cancelled", "no_show", "rescheduled", "arrived"),
    "arrived": ("left", "cancelled", "completed", "with_provider", "roomed", "checked_in"),
    "checked_in": ("left", "completed", "with_provider", "roomed"),
    "roomed": ("left", "completed", "with_provider"),
    "with_provider": ("completed", "checkout"),
    "checkout": ("completed",),
    "no_show": ("arrived",),
}
BEFORE_ARRIVAL = frozenset({"booked", "confirmed"})
IN_BUILDING = frozenset({"arrived", "checked_in", "roomed", "with_provider", "checkout"})
FREES_THE_SLOT = frozenset({"cancelled", "no_show", "rescheduled", "left", "entered_in_error"})
STANDING = BEFORE_ARRIVAL | IN_BUILDING | {"completed", "held", "requested"}


def may_become(status: str, *, new: str) -> bool:
    """Whether a visit may pass from one status to another."""
    return new in NEXT.get(status, ())


def instant(day: date, *, at: time, zone: tzinfo) -> datetime:
    """The moment (UTC) a wall clock shows a time on a day.

    A time that does not exist (spring) is shifted forward by the gap; of a repeated one (autumn) the first is
    taken: that is what ``fold=0`` means (PEP 495), once converted to UTC.
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A length of time of one resource: an open block, or what is taken in one of its lanes."""

    start: datetime
    end: datetime
    lane: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """A time that can be booked."""

    starts_at: datetime
    ends_at: datetime
    resource_id: uuid.UUID
    provider_id: uuid.UUID
    provider: str
    location_id: uuid.UUID
    location: str
    zone: str


def overlaps(stretch: Stretch, *, start: datetime, end: datetime) -> bool:
    """Half-open: what ends when the other begins does not overlap."""
    return stretch.start < end and start < stretch.end


def free_lane(taken: Iterable[Stretch], *, start: datetime, end: datetime, lanes: range) -> int | None:
    """The lowest lane with nothing between start and end, None when all are taken."""
    busy = {each.lane for each in taken if overlaps(each, start=start, end=end)}
    return next((lane for lane in lanes if lane not in busy), None)


def joined(blocks: Iterable[Stretch]) -> list[Stretch]:
    """Blocks with the touching and overlapping ones made one, in order."""
    found: list[Stretch] = []
    for block in sorted(blocks, key=lambda each: each.start):
        if found and block.start <= found[-1].end:
            found[-1] = Stretch(found[-1].start, max(found[-1].end, block.end))
        else:
            found.append(block)
    return found


def inside(blocks: Iterable[Stretch], *, start: datetime, end: datetime) -> bool:
    """Whether open time covers the whole of start to end."""
    return any(block.start <= start and end <= block.end for block in joined(blocks))


def minutes_of(start: datetime, *, end: datetime) -> int:
    """Whole minutes between two moments."""
    return int((end - start).total_seconds() // 60)


def minutes_late(*, now: datetime, waiting: Iterable[datetime], step: int = 5) -> int:
    """How late somebody runs: whole steps of minutes since the earliest booked start that still waits; 0 on time.

    ``waiting`` are the booked starts of those who are here and have not been called; a start to come is not late.
    """
    earliest = min(waiting, default=now)
    return max(0, int((now - earliest).total_seconds()) // 60 // step * step)
