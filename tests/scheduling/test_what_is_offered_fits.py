"""Every start that is offered can be booked, none is left out; and what fits by count always finds a lane."""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.rules import Stretch, overlaps
from scheduling.rules.fits import (
    ELSEWHERE,
    Lane,
    Taken,
    Terms,
    Window,
    capacity_between,
    coloured_anew,
    depth,
    free_starts,
    levelled,
    saturated,
)

BASE = datetime(2026, 3, 2, 13, tzinfo=UTC)
minutes = st.integers(0, 48).map(lambda n: 10 * n)
lengths = st.integers(1, 6).map(lambda n: 10 * n)


def at(number):
    return BASE + timedelta(minutes=number)


windows = st.builds(
    lambda start, length, capacity: Window(at(start), at(start + length), capacity),
    minutes,
    lengths,
    st.integers(1, 3),
)
stretches = st.builds(
    lambda start, length, lane: Stretch(at(start), at(start + length), lane),
    minutes,
    lengths,
    st.sampled_from([0, 1, 2, ELSEWHERE]),
)
busy = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine is shared


def brute_capacity(given, start, end):
    """Minute by minute: the least of what is open at once, the largest window counting."""
    steps = int((end - start) / timedelta(minutes=10))
    return min(
        max((w.capacity for w in given if w.start <= moment < w.end), default=0)
        for moment in (start + timedelta(minutes=10 * n) for n in range(steps))
    )


def brute_depth(taken, start, end, all_lanes):
    """The most at once, looked at every ten minutes between two moments."""
    near = [each for each in taken if overlaps(each, start=start, end=end)]
    first = min([start, *(each.start for each in near)])
    steps = int((max([end, *(each.end for each in near)]) - first) / timedelta(minutes=10))
    return max(
        (
            sum(
                all_lanes if each.lane == ELSEWHERE else 1 for each in near if each.start <= moment < each.end
            )
            for moment in (first + timedelta(minutes=10 * n) for n in range(steps))
        ),
        default=0,
    )


@busy
@given(
    given_=st.lists(windows, max_size=5),
    taken=st.lists(stretches, max_size=12),
    length=st.sampled_from([20, 40]),
    before=st.sampled_from([0, 10]),
    after=st.sampled_from([0, 10]),
)
def test_every_start_that_is_offered_fits_and_none_is_left_out(given_, taken, length, before, after):
    terms = Terms(minutes=length, before=before, after=after)
    found = list(free_starts(given_, taken=Taken(taken), terms=terms, grid=10, not_before=BASE))

    def fits(start):
        capacity = brute_capacity(given_, start, start + timedelta(minutes=length))
        begin, end = terms.held(start)
        return capacity > 0 and brute_depth(taken, begin, end, capacity) < capacity

    every = [at(10 * number) for number in range(60)]
    assert found == [start for start in every if fits(start)]


@busy
@given(st.lists(windows, max_size=6))
def test_levelled_time_says_the_same_and_does_not_overlap(given_):
    level = levelled(given_)
    assert all(first.end <= second.start for first, second in pairwise(level))
    for number in range(54):
        start = at(10 * number)
        end = start + timedelta(minutes=10)
        assert capacity_between(level, start=start, end=end) == brute_capacity(given_, start, end)


@busy
@given(
    booked=st.lists(st.tuples(minutes, lengths), max_size=14),
    wanted=st.tuples(minutes, lengths),
    capacity=st.integers(1, 3),
)
def test_what_fits_by_count_finds_a_lane_and_moves_nobody_over_another(booked, wanted, capacity):
    rows = []
    for start, length in booked:  # as bookings come: the lowest free lane, or none
        span = Stretch(at(start), at(start + length))
        used = {each.lane for each in rows if overlaps(each, start=span.start, end=span.end)}
        free = [lane for lane in range(capacity) if lane not in used]
        if free:
            rows.append(Lane(uuid.uuid4(), span.start, span.end, free[0]))
    start, end = at(wanted[0]), at(wanted[0] + wanted[1])
    near = [Stretch(each.start, each.end) for each in rows if overlaps(each, start=start, end=end)]
    anew = coloured_anew(rows, start=start, end=end, capacity=capacity)
    if depth(near, all_lanes=capacity) >= capacity:
        assert anew is None
        return
    assert anew is not None
    lane, moves = anew
    after = [Lane(each.id, each.start, each.end, moves.get(each.id, each.lane)) for each in rows]
    after.append(Lane(uuid.uuid4(), start, end, lane))
    assert all(0 <= each.lane < capacity for each in after)
    for number, each in enumerate(after):
        assert not any(
            other.lane == each.lane and overlaps(other, start=each.start, end=each.end)
            for other in after[number + 1 :]
        )


def test_starts_on_the_quarter_hour_keep_to_it_whatever_the_block_begins_with():
    window = Window(at(10), at(100))
    terms = Terms(minutes=20, align=15)
    found = list(free_starts([window], taken=Taken([]), terms=terms, grid=10, not_before=BASE))
    assert [int((each - BASE).total_seconds() // 60) for each in found] == [15, 30, 45, 60, 75]


@busy
@given(taken=st.lists(stretches, max_size=12), most=st.integers(1, 3))
def test_full_stretches_are_exactly_the_time_with_that_many_at_once(taken, most):
    found = saturated(taken, most=most)
    assert all(first.end < second.start for first, second in pairwise(found))
    for number in range(54):
        start, end = at(10 * number), at(10 * number + 10)
        inside = any(each.start <= start and end <= each.end for each in found)
        now = [each for each in taken if each.start <= start < each.end]
        assert inside == (sum(most if each.lane == ELSEWHERE else 1 for each in now) >= most)
