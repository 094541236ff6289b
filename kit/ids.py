"""Time-ordered identifiers, so that new rows land at the end of every index."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A version 7 UUID (RFC 9562) with PostgreSQL 18's layout: 48 bits of milliseconds, 12 of their fraction.

    Strictly rising inside one process, so rows made in a loop keep their order.
    """
    global _last
    with _lock:
        _last = max(time.time_ns() * 4096 // 1_000_000, _last + 1)
        tick = _last
    random_bits = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=(tick >> 12) << 80 | 7 << 76 | (tick & 0xFFF) << 64 | 2 << 62 | random_bits)
