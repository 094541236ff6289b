"""Pure rules: what a telephone number is, how a day is typed, how old somebody is; a search is read beside it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

HIDDEN_NAME = "Restricted patient"
DAY_FORMATS = ("%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d", "%m/%d/%y")
PHONE_DIGITS = 10
EXTENSION = re.compile(r"\d\W*(?:extension|ext|x|#)\W*\d{1,6}\s*$", re.IGNORECASE)


def one_line(text: str) -> str:
    """A text on one line with single spaces, without signs that are not seen and turn or hide what is beside them."""
    return " ".join("".join(sign for sign in text if unicodedata.category(sign) != "Cf").split())


def read_day(text: str) -> date | None:
    """A date as people here type it, or None."""
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def phone_digits(text: str) -> str:
    """Ten digits of a US number from any way of writing it, '' for nothing. ValueError when it is no number."""
    if EXTENSION.search(text):
        raise ValueError("an extension is no part of the number")
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) == PHONE_DIGITS + 1 and digits.startswith("1"):
        digits = digits[1:]
    if digits and len(digits) != PHONE_DIGITS:
        raise ValueError("a US number has ten digits")
    if not digits and text.strip():
        raise ValueError("no digits")
    return digits


def age_on(day: date, *, born: date) -> int:
    """Full years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def after_prefix(prefix: str) -> str:
    """The first text that no longer starts with the prefix, in byte order: the end of a prefix range."""
    return prefix + "\U0010ffff"
