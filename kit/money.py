"""Money: one rounding, one split, one reader. US dollars as Decimal, never float."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
LARGEST: Final = Decimal("9999999999.99")  # numeric(12,2)

_MONEY = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{0,2})?|\.\d{1,2}", re.ASCII)
_MINUS = "-\u2212"


class MoneyError(ValueError):
    """A text that is no amount of dollars. The message is fit for a form."""


def round_cents(amount: Decimal) -> Decimal:
    """The amount in whole cents, halves away from zero (what US payers and banks do).

    Raises TypeError for anything but a Decimal, ValueError for NaN and infinity.
    """
    if not isinstance(amount, Decimal):
        raise TypeError(f"money is Decimal, not {type(amount).__name__}")
    if not amount.is_finite():
        raise ValueError("money must be a finite number")
    return amount.quantize(CENT, rounding=ROUND_HALF_UP) + ZERO  # + ZERO turns -0.00 into 0.00


def split(
    amount: Decimal, *, parts: int | None = None, weights: Sequence[Decimal | int] | None = None
) -> list[Decimal]:
    """Divide an amount into cents that add up to it exactly (largest remainder first, then first come).

    Give either `parts` (equal shares) or `weights` (shares in their proportion, none negative). When
    every weight is zero the shares are equal. Raises ValueError on bad arguments or parts of a cent.
    """
    if (parts is None) == (weights is None):
        raise ValueError("give either parts or weights")
    shares = [Decimal(1)] * parts if parts is not None else [Decimal(weight) for weight in weights or ()]
    if not shares or any(not share.is_finite() or share < 0 for share in shares):
        raise ValueError("at least one part, and no negative weight")
    if round_cents(amount) != amount:
        raise ValueError("only whole cents can be split")
    if not sum(shares):
        shares = [Decimal(1)] * len(shares)
    return _largest_remainder(amount, shares=shares)


def _largest_remainder(amount: Decimal, *, shares: list[Decimal]) -> list[Decimal]:
    """Hamilton's method on whole cents, with integers only."""
    sign = -1 if amount < 0 else 1
    cents = abs(int(amount.scaleb(2)))
    scale = -min(0, *(_exponent(share) for share in shares))
    whole = [int(share.scaleb(scale)) for share in shares]
    total = sum(whole)
    floors = [cents * share // total for share in whole]
    remainders = [cents * share % total for share in whole]
    order = sorted(range(len(whole)), key=lambda i: (-remainders[i], i))
    for i in order[: cents - sum(floors)]:
        floors[i] += 1
    return [round_cents(Decimal(sign * part).scaleb(-2)) for part in floors]


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def parse_money(text: str) -> Decimal:
    """Read what a person typed: `1,234.56`, `$45`, `-3.5`, `($12.00)`, `.5`.

    Raises MoneyError, whose message is advice.
    """
    bare = text.strip().replace("\u00a0", " ")
    if not bare:
        raise MoneyError("Enter an amount, like 45.00")
    negative = bare.startswith("(") and bare.endswith(")")
    if negative:
        bare = bare[1:-1].strip()
    for _ in range(2):  # the sign may stand before or after the dollar sign
        if not negative and bare[:1] and bare[0] in _MINUS:
            negative, bare = True, bare[1:].strip()
        bare = bare.removeprefix("$").strip()
    if re.fullmatch(r"[\d,]*\.\d{3,}", bare, re.ASCII):
        raise MoneyError("Enter dollars and cents, with at most two digits after the point")
    if not _MONEY.fullmatch(bare):
        raise MoneyError("Enter an amount in dollars, like 1,234.56")
    if len(bare) > 20:
        raise MoneyError("Enter a smaller amount")
    amount = Decimal(bare.replace(",", "").rstrip(".") or "0").quantize(CENT)
    if amount > LARGEST:
        raise MoneyError("Enter an amount below 10,000,000,000.00")
    return -amount if negative and amount else amount
