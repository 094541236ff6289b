"""What a patient's money goes to, and what must never be written beside it. Pure: values in, values out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kit.money import ZERO

CARD_LENGTHS = range(13, 20)  # ISO/IEC 7812-1: what payment cards have; 12 and fewer are approval numbers
_GROUPS = re.compile(r"\d+(?:[ .-]\d+)*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a patient owes on one charge: ``key`` names it, ``balance`` in dollars above zero."""

    key: Any
    balance: Decimal
    service_date: date
    of_visit: bool = False


def in_order(items: Sequence[Owed]) -> list[Owed]:
    """Those of the visit first, then the oldest; items of one day keep the order they came in."""
    return sorted(items, key=lambda item: (not item.of_visit, item.service_date))


def allocate(
    amount: Decimal, *, items: Sequence[Owed], kept_for_visit: Decimal = ZERO
) -> list[tuple[Any, Decimal]]:
    """How much of ``amount`` each item gets, in order, never more than its balance; what is left is nobody's yet.

    ``kept_for_visit`` dollars go to the visit's own items or to none: a copay taken before its claim is answered
    does not pay an older bill.
    """
    shares, kept = [], min(amount, max(kept_for_visit, ZERO))
    for item in in_order(items):
        share = min(item.balance, amount if item.of_visit else amount - kept)
        if share > 0:
            shares.append((item.key, share))
            amount -= share
            kept = max(kept - share, ZERO) if item.of_visit else kept
    return shares


def looks_like_card(text: str) -> bool:
    """Whether groups of digits in a text make a payment card's number: 13 to 19 digits with a true check digit.

    Groups stand apart by a blank, a point or a hyphen; an expiry date behind the number hides nothing.
    """
    for found in _GROUPS.findall(text):
        groups = re.split(r"[ .-]", found)
        for first in range(len(groups)):
            number = ""
            for group in groups[first:]:
                number += group
                if len(number) in CARD_LENGTHS and number[0] in "23456" and _luhn(number):
                    return True
    return False


def _luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
