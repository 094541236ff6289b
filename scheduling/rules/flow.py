"""Pure rules of the flow board: how long somebody is where they are, and when that is too long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from scheduling.rules import BEFORE_ARRIVAL, NEXT

TO_COME = "late"  # the lane of those who are booked and not here; its limits count from the booked time
LANES = (TO_COME, "arrived", "checked_in", "roomed", "with_provider", "checkout")
IN_ROOM = frozenset({"roomed", "with_provider"})
WAITING = frozenset({"arrived", "checked_in", "roomed"})  # here, and not yet seen
ROOM_TAKEN = "room_taken"  # a warning of the service: somebody else sits there


@dataclass(frozen=True, slots=True)
class Limits:
    """Minutes from which a clock is amber and red."""

    amber: int
    red: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What a status event says: when, which status, and a room or a reason to wait where it names one."""

    status: str
    at: datetime
    room_id: UUID | None = None
    reason_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Where a visit stands: since when, here since when, in which room, why it waits."""

    since: datetime | None = None
    arrived_at: datetime | None = None
    room_id: UUID | None = None
    reason_id: UUID | None = None


def stay(moments: Sequence[Moment]) -> Stay:
    """The last stretch of one status. Repeated statuses (another room, a reason) do not start its clock anew.

    ``moments`` in their order. A room is left with the provider: at checkout nobody sits in one.
    """
    status, found = "", Stay()
    for each in moments:
        fresh = each.status != status
        status = each.status
        found = Stay(
            since=each.at if fresh else found.since,
            arrived_at=each.at if status == "arrived" and fresh else found.arrived_at,
            room_id=(each.room_id or found.room_id) if status in IN_ROOM else None,
            reason_id=each.reason_id,
        )
    return found


def counts_from(status: str, *, since: datetime | None, starts_at: datetime, planned: timedelta) -> datetime:
    """The moment that a status's limits count from.

    Before arrival the booked time, with the provider the planned end of the visit, else the beginning of the status.
    """
    if status in BEFORE_ARRIVAL or since is None:
        return starts_at
    return since + planned if status == "with_provider" else since


def tone(seconds: float, *, limits: Limits) -> str:
    """ "" within the limits, "warn" from the amber minute on, "bad" from the red one on (kit.status tones)."""
    if seconds >= limits.red * 60:
        return "bad"
    return "warn" if seconds >= limits.amber * 60 else ""


def next_of(status: str) -> str:
    """The usual next status on the board, "" at the end: who is expected arrives, whether or not they confirmed."""
    if status in BEFORE_ARRIVAL:
        return "arrived"
    return NEXT[status][-1] if status in NEXT else ""


def counted_from(arrived_at: datetime, *, starts_at: datetime) -> datetime:
    """When a wait begins: on arrival, or at the booked time for who comes early (IHI)."""
    return max(arrived_at, starts_at)


def middle(spans: Iterable[timedelta]) -> int | None:
    """The median in whole minutes, None of nothing."""
    known = [each.total_seconds() / 60 for each in spans]
    return round(median(known)) if known else None


def clock(seconds: int) -> str:
    """`23:10`, in minutes and seconds however long; before its beginning `in 12 min`. The browser counts on from it."""
    if seconds < 0:
        return f"in {-(seconds // 60)} min"
    return f"{seconds // 60}:{seconds % 60:02d}"
