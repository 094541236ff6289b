"""What a transaction has read once and may ask again: settings-like rows, a few for each practice.

``acting_in`` opens a memo with its transaction and ends it with it, so nothing passes from one practice, transaction
or thread to another. Whoever writes what is remembered calls ``stop``: from then on, until the transaction ends,
everything is asked afresh (a savepoint that is rolled back must not leave its values behind). Outside of
``acting_in`` nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_memo: ContextVar[dict[str, Any] | None] = ContextVar("memo", default=None)


@contextmanager
def opened() -> Iterator[None]:
    """A fresh memo inside the block."""
    before = _memo.get()
    _memo.set({})
    try:
        yield
    finally:
        _memo.set(before)


def remember(key: str, make: Callable[[], T]) -> T:
    """What ``make`` returns, asked at most once a transaction."""
    kept = _memo.get()
    if kept is None:
        return make()
    if key not in kept:
        kept[key] = make()
    found: T = kept[key]
    return found


def stop() -> None:
    """Forget everything, and remember nothing more in this transaction."""
    if _memo.get() is not None:
        _memo.set(None)
