"""What a text of a cell looks like, and its plain form. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable

EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[A-Za-z]{2,}")
MONEY = re.compile(r"[-−+(]?\s*\$?\s*[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d{1,2})?\s*\)?")
NUMBER = re.compile(r"[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
PHONE = re.compile(
    r"(?:\+?1[\s.-]?)?\(?[2-9]\d{2}\)?[\s./-]*\d{3}[\s.-]*\d{4}(?:\s*(?:x|ext\.?)\s*\d+)?", re.I
)
ZIP = re.compile(r"\d{5}(?:-?\d{4})?")
SHORT_ZIP = re.compile(r"0{0,2}\d{3,4}")
YES, NO = ("yes", "y", "true", "t", "x"), ("no", "n", "false", "f")
# What spreadsheets put where a value could not be computed.
BROKEN = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")


def clean_text(text: str) -> str:
    """A text without the signs that no column can hold: NULs and halves of surrogate pairs become U+FFFD."""
    if text.isascii() and "\x00" not in text:
        return text
    return re.sub(r"[\x00\ud800-\udfff]", "\ufffd", text)


def is_money(text: str) -> bool:
    """An amount with a dollar sign or with cents."""
    return bool(re.search(r"\d", text) and ("$" in text or "." in text) and MONEY.fullmatch(text.strip()))


def is_number(text: str) -> bool:
    """Digits, with thousands' commas and a point where wanted."""
    return bool(NUMBER.fullmatch(text.strip()))


def is_phone(text: str) -> bool:
    """A US telephone number in any dress."""
    return bool(PHONE.fullmatch(text.strip()))


def is_zip(text: str) -> bool:
    """Five digits or nine."""
    return bool(ZIP.fullmatch(text.strip()))


def is_short_zip(text: str) -> bool:
    """A ZIP code whose leading zeros a spreadsheet has eaten."""
    return bool(SHORT_ZIP.fullmatch(text.strip()))


def full_zip(text: str) -> str:
    """``2101`` is 02101, ``21011234`` is 02101-1234; anything else stays as it is."""
    digits = text.strip()
    if re.fullmatch(r"\d{3,4}", digits):
        return digits.zfill(5)
    if re.fullmatch(r"\d{7,9}", digits):
        nine = digits.zfill(9)
        return f"{nine[:5]}-{nine[5:]}"
    return digits


def is_npi(text: str) -> bool:
    """Ten digits, the first 1 or 2, whose check digit over 80840 and the number is right (45 CFR 162.406)."""
    if not re.fullmatch(r"[12]\d{9}", text.strip(), re.ASCII):
        return False
    total = 24  # what the prefix 80840 adds
    for place, sign in enumerate(reversed(text.strip())):
        value = int(sign) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_email(text: str) -> bool:
    """One address."""
    return bool(EMAIL.fullmatch(text.strip()))


def is_yes_no(text: str) -> bool:
    """A word for yes or no."""
    return text.strip().lower() in (*YES, *NO)


# Kinds in the order in which they are believed: an NPI is a number too.
KINDS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("email", is_email),
    ("npi", is_npi),
    ("phone", is_phone),
    ("zip", is_zip),
    ("money", is_money),
    ("yes_no", is_yes_no),
    ("number", is_number),
)
WORDS = {
    "date": "Dates",
    "email": "E-mail addresses",
    "npi": "NPI numbers",
    "phone": "Telephone numbers",
    "zip": "ZIP codes",
    "money": "Amounts of money",
    "yes_no": "Yes or no",
    "number": "Numbers",
    "choice": "A few words that repeat",
    "text": "Text",
    "empty": "Nothing",
}
