"""Figures as people read them: plain text, for pages, PDFs, mails and messages alike."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from kit.money import round_cents

MINUS: Final = "\u2212"
DASH: Final = "\u2014"


def dollars(amount: Decimal | int, *, signed: bool = False, whole: bool = False) -> str:
    """`$1,234.56`, `−$45.00`; `signed` adds a plus; `whole` rounds to dollars (tiles and charts only)."""
    exact = round_cents(Decimal(amount))
    digits = f"{abs(exact):,.0f}" if whole else f"{abs(exact):,.2f}"
    return _sign(exact, signed=signed) + "$" + digits


def pnl_dollars(amount: Decimal | int, *, whole: bool = True) -> str:
    """P&L style: `76,512`, negative in parentheses, no dollar sign."""
    exact = round_cents(Decimal(amount))
    digits = f"{abs(exact):,.0f}" if whole else f"{abs(exact):,.2f}"
    return f"({digits})" if exact < 0 else digits


def percent(ratio: Decimal | int, *, signed: bool = False) -> str:
    """A ratio as a percentage with one decimal: 0.958 is `95.8%`, −0.219 is `−21.9%`."""
    points = (Decimal(ratio) * 100).quantize(Decimal("0.1"))
    return f"{_sign(points, signed=signed)}{abs(points):,}%"


def us_date(day: date) -> str:
    """`03/04/2026`."""
    return f"{day:%m/%d/%Y}"


def long_date(day: date) -> str:
    """`March 4, 2026`, for prose and letters."""
    return f"{day:%B} {day.day}, {day.year}"


def us_time(moment: datetime | time) -> str:
    """`2:10 PM`, in the zone the value already carries."""
    return f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"


def us_phone(number: str) -> str:
    """`(207) 555-0148`; a text that is no US number comes back as it is."""
    digits = re.sub(r"\D", "", number)
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    if len(digits) != 10 or re.search(r"[A-Za-z]", number):
        return number
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def counted(number: int, *, one: str, many: str) -> str:
    """`1 claim`, `1,204 claims`, `0 claims`."""
    return f"{number:,} {one if number == 1 else many}"


def span(seconds: float) -> str:
    """A span of time, rounded down: `12 s`, `3 min`, `2 h 5 min`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


def _sign(value: Decimal, *, signed: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if signed and value > 0 else ""
