"""How often somebody may ask: an exact count of the last minute (or hour), kept in Redis.

Without Redis nobody is slowed down: it is better to answer a clinic than to count it.
"""

from __future__ import annotations

import logging
import math
import time
import uuid
from functools import lru_cache

import redis
from django.conf import settings

log = logging.getLogger(__name__)
_again_at = 0.0  # of this process
SECONDS = {"sec": 1, "min": 60, "hour": 3600}
PATIENCE = 0.3  # seconds Redis has to answer
PAUSE_SECONDS = 10.0  # a Redis that hangs would cost each request its time-out
# Requests that are refused are not counted: who waits as told gets in again.
SPEND = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', tonumber(ARGV[1]) - tonumber(ARGV[2]))
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 0
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return math.max(1, math.ceil(tonumber(oldest) + tonumber(ARGV[2]) - tonumber(ARGV[1])))
"""


def allowance(budget: str) -> tuple[int, int]:
    """``settings.RATES`` says "600/min": (600, 60)."""
    count, _, unit = settings.RATES[budget].partition("/")
    return int(count), SECONDS[unit]


def spend(budget: str, *, who: str) -> int:
    """Count one request of somebody. Returns seconds to wait, 0 when it is within the budget."""
    global _again_at
    if time.monotonic() < _again_at:
        return 0
    limit, period = allowance(budget)
    now = int(time.time() * 1000)
    try:
        left = _client(settings.REDIS_URL).eval(
            SPEND, 1, f"rate:{budget}:{who}", now, period * 1000, limit, uuid.uuid4().hex
        )
    except redis.RedisError:
        _again_at = time.monotonic() + PAUSE_SECONDS
        log.warning("the rate limit is not counted for %d s: Redis is away", PAUSE_SECONDS)
        return 0
    return math.ceil(int(left) / 1000)


@lru_cache(maxsize=1)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
