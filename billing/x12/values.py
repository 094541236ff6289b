"""Read and format single values: amounts, quantities, dates. Money is never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.x12.errors import X12Error, X12Warning
from billing.x12.tokenizer import Segment

CENT = Decimal("0.01")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
_LARGEST = Decimal(10) ** 10


@dataclass(slots=True)
class Context:
    """Where the parser stands, so that each error and warning carries its position."""

    transaction: str = ""
    claim: str = ""
    warnings: list[X12Warning] = field(default_factory=list)

    def error(self, message: str, *, segment: Segment, element: int | None = None) -> X12Error:
        """Make (not raise) an error at this segment."""
        return X12Error(
            message,
            segment_number=segment.number,
            segment_id=segment.id[:3],
            element=element,
            transaction=self.transaction,
            claim=self.claim,
        )

    def warn(self, message: str, *, segment: Segment, element: int | None = None) -> None:
        """Remember an oddity at this segment."""
        self.warnings.append(
            X12Warning(message, segment.number, segment.id[:3], element, self.transaction, self.claim)
        )

    def number(self, segment: Segment, *, element: int) -> Decimal | None:
        """A decimal number, None when the element is empty; raises X12Error when it is not a number."""
        text = segment.get(element)
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise self.error("not a number", segment=segment, element=element)
        return Decimal(text)

    def money(self, segment: Segment, *, element: int) -> Decimal | None:
        """Dollars, None when empty; raises X12Error for text, fractions of a cent, 10 billion and more."""
        amount = self.number(segment, element=element)
        if amount is None:
            return None
        if abs(amount) >= _LARGEST:
            raise self.error("amount too large", segment=segment, element=element)
        exact = amount.quantize(CENT)
        if exact != amount:
            raise self.error("amount has fractions of a cent", segment=segment, element=element)
        return exact

    def required_money(self, segment: Segment, *, element: int) -> Decimal:
        """Dollars that must be there; raises X12Error when the element is empty."""
        amount = self.money(segment, element=element)
        if amount is None:
            raise self.error("amount missing", segment=segment, element=element)
        return amount

    def day(self, segment: Segment, *, element: int) -> date | None:
        """A date, None with a warning when it is not one; of a range the first day."""
        text = segment.get(element)
        if not text:
            return None
        if "-" in text:
            self.warn("date range where one date belongs", segment=segment, element=element)
            text = text.split("-", 1)[0]
        parsed = parse_day(text)
        if parsed is None:
            self.warn("not a date", segment=segment, element=element)
        return parsed


def parse_day(text: str) -> date | None:
    """CCYYMMDD; None when it is no date."""
    if not (text.isascii() and text.isdigit() and len(text) == 8):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def parse_range(text: str) -> tuple[date | None, date | None]:
    """First and last day of `CCYYMMDD-CCYYMMDD`; of a single date the last day is None."""
    first, _, last = text.partition("-")
    return parse_day(first.strip()), parse_day(last.strip()) if last else None


def format_number(value: Decimal) -> str:
    """Shortest plain form without exponent: 34.50 -> 34.5, -0 -> 0."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def format_day(value: date) -> str:
    """CCYYMMDD."""
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"
