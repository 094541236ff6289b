"""Whether what runs now will be rolled back: a rehearsal must not hold what others wait for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count

FIRST = 900_000_000  # no counter of a practice comes near
_numbers: ContextVar[Iterator[int] | None] = ContextVar("rehearsal", default=None)


@contextmanager
def rehearsing() -> Iterator[None]:
    """Inside, counters are not touched: their row would stay locked until the end, and the whole desk would wait."""
    token = _numbers.set(count(FIRST))
    try:
        yield
    finally:
        _numbers.reset(token)


def invented(*, count: int) -> int | None:
    """The first of so many numbers that nobody has, inside a rehearsal; None outside of one."""
    numbers = _numbers.get()
    if numbers is None:
        return None
    first, *_ = (next(numbers) for _ in range(max(count, 1)))
    return first
