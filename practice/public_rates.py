"""How often somebody outside may ask: counted in PostgreSQL, so that it holds when Redis is away.

A window begins with its first request and ends when its time is over. What is refused is not counted: who waits as
told gets in again. Neither an address nor a link's id is kept, only a keyed hash of them.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from kit import clock
from practice.models import PublicRate
from practice.rates import allowance

COUNT = """
INSERT INTO practice_publicrate AS rate (key, began_at, asked) VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key) DO UPDATE SET
  asked = CASE WHEN rate.began_at <= %(floor)s THEN 1 ELSE least(rate.asked + 1, %(limit)s + 1) END,
  began_at = CASE WHEN rate.began_at <= %(floor)s THEN excluded.began_at ELSE rate.began_at END
RETURNING asked, began_at
"""
IPV6_HOME = 64  # a household has as many IPv6 addresses as it likes: its network counts as one


def spend(budget: str, *, who: str) -> int:
    """Count one request of somebody. Returns the seconds to wait, 0 when it is within the budget.

    Outside of the request's transaction: what is refused and rolled back was asked all the same.
    """
    limit, period = allowance(budget)
    now = clock.now()
    values: dict[str, Any] = {
        "key": _key(budget, who=who),
        "now": now,
        "floor": now - timedelta(seconds=period),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        asked, began_at = cursor.fetchone()
    left: float = (began_at + timedelta(seconds=period) - now).total_seconds()
    return 0 if asked <= limit else max(1, math.ceil(left))


def forget(*, before: datetime) -> int:
    """Delete windows that began before a moment; returns how many."""
    return PublicRate.objects.filter(began_at__lt=before).delete()[0]


def household(address: str) -> str:
    """What one connection is counted by: an IPv4 address, or the network of an IPv6 one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, IPV6_HOME), strict=False))


def _key(budget: str, *, who: str) -> str:
    message = f"public rate|{budget}|{who}".encode()
    return hmac.new(bytes.fromhex(settings.INDEX_KEY), message, hashlib.sha256).hexdigest()
