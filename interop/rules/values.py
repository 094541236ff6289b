"""Read one field of a foreign row: text, day, moment, amount. What cannot be read names its field."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from kit.money import CENT, LARGEST
from kit.sheet_reader.rows import BadField, Row

FIRST_YEAR, LAST_YEAR = 1850, 2200
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def text(row: Row, field: str, *, limit: int, required: bool = False) -> str:
    """A text of at most ``limit`` characters, spaces at its ends removed. Names keep their digits."""
    value = row.values.get(field, "").strip()
    if required and not value:
        raise BadField(field, "is missing")
    if len(value) > limit:
        raise BadField(field, f"is longer than {limit} characters")
    return value


def reference(row: Row, field: str) -> str:
    """The foreign id of another record. Raises BadField when it is missing."""
    return text(row, field, limit=100, required=True)


def day(row: Row, field: str) -> date:
    """A calendar day, YYYY-MM-DD."""
    value = text(row, field, limit=40, required=True)
    try:
        found = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadField(field, f"“{value}” is not a date (YYYY-MM-DD)")
    return found


def optional_day(row: Row, field: str) -> date | None:
    """A calendar day or nothing."""
    return day(row, field) if row.values.get(field, "").strip() else None


def moment(row: Row, field: str) -> datetime:
    """An instant: 2023-01-27T16:17:47Z. Without a zone it is UTC, which is what Synthea writes."""
    value = text(row, field, limit=40, required=True)
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise BadField(field, f"“{value}” is not a date and time (YYYY-MM-DDThh:mm:ssZ)") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadField(field, f"“{value}” is not a year between {FIRST_YEAR} and {LAST_YEAR}")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def local_day(instant: datetime, *, zone: tzinfo) -> date:
    """The day on the wall calendar of a site when an instant happened: 02:00Z is the evening before in Boston."""
    return instant.astimezone(zone).date()


def amount(row: Row, field: str) -> Decimal | None:
    """US dollars, not negative, whole cents; None when the field is empty."""
    value = text(row, field, limit=40)
    if not value:
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise BadField(field, f"“{value}” is not an amount") from None
    if not found.is_finite() or found < 0 or found > LARGEST:
        raise BadField(field, f"“{value}” is not an amount between 0.00 and {LARGEST}")
    if found != found.quantize(CENT):
        raise BadField(field, f"“{value}” has parts of a cent")
    return found.quantize(CENT)


def required_amount(row: Row, field: str) -> Decimal:
    """US dollars that must be there."""
    found = amount(row, field)
    if found is None:
        raise BadField(field, "is missing")
    return found


def number(row: Row, field: str) -> int:
    """A whole number from 0."""
    value = text(row, field, limit=18, required=True)
    if not (value.isascii() and value.isdigit()):
        raise BadField(field, f"“{value}” is not a whole number")
    return int(value)


def digits(value: str) -> str:
    """Only the ASCII digits of a text: phone numbers, SSNs."""
    return "".join(character for character in value if character.isascii() and character.isdigit())


def split_name(name: str) -> tuple[str, str]:
    """First name and the rest; one word is a last name."""
    first, _, last = name.strip().partition(" ")
    return (first, last.strip()) if last.strip() else ("", first)
