"""What fits where: capacity over time, what is taken, free starts, and lanes coloured anew. Pure."""

from __future__ import annotations

import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from scheduling.rules import Stretch, free_lane, overlaps

ELSEWHERE = -1  # the lane of what its owner has at another site: it takes every lane here


@dataclass(frozen=True, slots=True)
class Window:
    """A length of open time and how many visits it takes at once."""

    start: datetime
    end: datetime
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """How one provider does one kind of visit: minutes, the minutes around it, and limits (None: none)."""

    minutes: int
    before: int = 0
    after: int = 0
    align: int | None = None
    max_per_day: int | None = None
    offered: bool = True
    sites: frozenset[uuid.UUID] | None = None

    def at_site(self, location_id: uuid.UUID) -> bool:
        """Whether the provider takes these visits there."""
        return self.offered and (self.sites is None or location_id in self.sites)

    def held(self, start: datetime) -> tuple[datetime, datetime]:
        """From when until when a visit that starts then keeps its lane."""
        length = timedelta(minutes=self.minutes + self.after)
        return start - timedelta(minutes=self.before), start + length


def levelled(windows: Iterable[Window]) -> list[Window]:
    """The same open time as stretches that do not overlap, in order; where several do, the largest capacity counts.

    Touching stretches of one capacity become one.
    """
    given = [each for each in windows if each.start < each.end]
    edges = sorted({edge for each in given for edge in (each.start, each.end)})
    given.sort(key=lambda each: each.start)
    found: list[Window] = []
    live: list[Window] = []
    upcoming = 0
    for start, end in pairwise(edges):
        while upcoming < len(given) and given[upcoming].start <= start:
            live.append(given[upcoming])
            upcoming += 1
        live = [each for each in live if each.end > start]
        capacity = max((each.capacity for each in live), default=0)
        if not capacity:
            continue
        if found and found[-1].end == start and found[-1].capacity == capacity:
            found[-1] = Window(found[-1].start, end, capacity)
        else:
            found.append(Window(start, end, capacity))
    return found


def capacity_between(level: Sequence[Window], *, start: datetime, end: datetime) -> int:
    """How many visits the whole of start to end takes at once: the least of its parts, 0 when a part is not open."""
    least, reached = 0, start
    for each in level:
        if each.end <= reached:
            continue
        if each.start > reached:
            return 0
        least = min(least, each.capacity) if least else each.capacity
        reached = each.end
        if reached >= end:
            return least
    return 0


@dataclass(slots=True)
class Taken:
    """What is booked of a resource, in order of time, asked again and again."""

    stretches: Sequence[Stretch]
    starts: list[datetime] = field(init=False)
    longest: timedelta = field(init=False)

    def __post_init__(self) -> None:
        self.stretches = sorted(self.stretches, key=lambda each: each.start)
        self.starts = [each.start for each in self.stretches]
        self.longest = max((each.end - each.start for each in self.stretches), default=timedelta())

    def between(self, start: datetime, end: datetime) -> list[Stretch]:
        """What overlaps start to end."""
        first = bisect_left(self.starts, start - self.longest)
        last = bisect_left(self.starts, end)
        return [each for each in self.stretches[first:last] if each.end > start]

    def depth(self, start: datetime, end: datetime, *, all_lanes: int) -> int:
        """The most visits at any one moment of start to end; one at another site counts as ``all_lanes``."""
        return depth(self.between(start, end), all_lanes=all_lanes)


def depth(stretches: Sequence[Stretch], *, all_lanes: int) -> int:
    """The most of these at any one moment."""
    if len(stretches) < 2:
        return sum(all_lanes if each.lane == ELSEWHERE else 1 for each in stretches)
    changes = sorted(
        change
        for each in stretches
        for weight in [all_lanes if each.lane == ELSEWHERE else 1]
        for change in ((each.start, weight), (each.end, -weight))
    )
    now = most = 0
    for _, change in changes:  # at one moment what ends comes before what begins
        now += change
        most = max(most, now)
    return most


def saturated(stretches: Iterable[Stretch], *, most: int) -> list[Stretch]:
    """The time in which ``most`` visits or more are booked at once, as stretches that do not touch, in order."""
    if most <= 0:
        return []
    changes = sorted(
        change
        for each in stretches
        for weight in [most if each.lane == ELSEWHERE else 1]
        for change in ((each.start, weight), (each.end, -weight))
    )
    found: list[Stretch] = []
    now = 0
    begun: datetime | None = None
    for moment, change in changes:  # at one moment what ends comes before what begins
        now += change
        if now >= most and begun is None:
            begun = moment
        elif now < most and begun is not None:
            if begun < moment:
                if found and found[-1].end == begun:
                    begun = found.pop().start
                found.append(Stretch(begun, moment))
            begun = None
    return found


def free_starts(
    windows: Iterable[Window],
    *,
    taken: Taken,
    terms: Terms,
    grid: int,
    not_before: datetime,
    fits: Callable[[datetime], bool] = lambda start: True,
) -> Iterator[datetime]:
    """Starts at which a visit fits, earliest first.

    Every ``grid`` minutes from where open time begins, or on the type's own marks of the hour. The visit itself must
    lie inside open time; the minutes around it may not, but meet no other booking. Counted by how many there are at
    once, not by lanes: those are coloured anew when it is booked. ``fits`` is asked last.
    """
    level = levelled(windows)
    length = timedelta(minutes=terms.minutes)
    step = timedelta(minutes=terms.align or grid)
    most = max((each.capacity for each in level), default=0)
    full = saturated(taken.stretches, most=most)
    ends = [each.end for each in full]
    for run in _runs(level):
        start = _first(run[0].start, not_before=not_before, terms=terms, grid=grid)
        while start + length <= run[-1].end:
            held_from, held_until = terms.held(start)
            place = bisect_right(ends, held_from)
            if place < len(full) and full[place].start < held_until:
                # No start fits before that full stretch is over: a booked-up week costs one look, not a thousand.
                start += -(-(full[place].end - held_from) // step) * step
                continue
            capacity = capacity_between(run, start=start, end=start + length)
            free = capacity == most or taken.depth(held_from, held_until, all_lanes=capacity) < capacity
            if free and fits(start):
                yield start
            start += step


def _runs(level: Sequence[Window]) -> list[list[Window]]:
    """Open time that hangs together, with its steps of capacity."""
    found: list[list[Window]] = []
    for each in level:
        if found and found[-1][-1].end == each.start:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _first(begin: datetime, *, not_before: datetime, terms: Terms, grid: int) -> datetime:
    """The first start of a run. Marks of the hour are those of every zone that is whole hours from UTC."""
    start = max(begin, not_before)
    step = timedelta(minutes=terms.align or grid)
    origin = begin.replace(minute=0, second=0, microsecond=0) if terms.align else begin
    return origin + -(-(start - origin) // step) * step


@dataclass(frozen=True, slots=True)
class Lane:
    """A booking in its lane."""

    id: uuid.UUID
    start: datetime
    end: datetime
    lane: int


def coloured_anew(
    booked: Iterable[Lane], *, start: datetime, end: datetime, capacity: int
) -> tuple[int, Mapping[uuid.UUID, int]] | None:
    """A lane for start to end when others of the ordinary lanes change theirs: the lane, and who moves where.

    Bookings that touch each other in time, directly or through others, are given lanes by their start, each its own
    again where it can (interval graphs: as many lanes do as there are bookings at once). Overbooked ones stay. None
    when there are too many at once.
    """
    ordinary = sorted((each for each in booked if 0 <= each.lane < capacity), key=lambda each: each.start)
    wanted = Lane(uuid.UUID(int=0), start, end, 0)
    together = sorted(_together(ordinary, wanted=wanted), key=lambda each: each.start)
    given: list[Stretch] = []
    lanes: dict[uuid.UUID, int] = {}
    for each in together:
        lane = each.lane
        if any(one.lane == lane and overlaps(one, start=each.start, end=each.end) for one in given):
            free = free_lane(given, start=each.start, end=each.end, lanes=range(capacity))
            if free is None:
                return None
            lane = free
        given.append(Stretch(each.start, each.end, lane))
        lanes[each.id] = lane
    chosen = lanes.pop(wanted.id)
    return chosen, {
        each.id: lanes[each.id] for each in together if each.id in lanes and lanes[each.id] != each.lane
    }


def _together(ordinary: Sequence[Lane], *, wanted: Lane) -> list[Lane]:
    """The wanted time and every booking that hangs together with it."""
    found, first, last = [wanted], wanted.start, wanted.end
    rest = list(ordinary)
    while True:
        near = [each for each in rest if each.start < last and first < each.end]
        if not near:
            return found
        found += near
        rest = [each for each in rest if each not in near]
        first = min(first, *(each.start for each in near))
        last = max(last, *(each.end for each in near))
