"""Business time. Product code asks this clock; audit times come from the database and cannot be moved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo

_held: ContextVar[datetime | None] = ContextVar("clock", default=None)
_source: list[Callable[[], datetime]] = [lambda: datetime.now(UTC)]


def source(now: Callable[[], datetime]) -> None:
    """Replace the system clock for the whole process (a demo that lives on another day)."""
    _source[:] = [now]


def now() -> datetime:
    """The present moment, aware."""
    return _held.get() or _source[0]()


def system_now() -> datetime:
    """The machine's own time, whatever day the demo lives on: only for what meets stamps the database writes."""
    return datetime.now(UTC)


def today(zone: tzinfo) -> date:
    """The calendar day at a location: always ask with its own zone, a practice can span two."""
    return now().astimezone(zone).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock still inside the block, for tests and for telling the demo's story."""
    if moment.tzinfo is None:
        raise ValueError("the clock takes aware datetimes only")
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)
