"""Pure rules: how a typed search is read, what a telephone number is, how old somebody is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

HIDDEN_NAME = "Restricted patient"
YEAR = re.compile(r"^(19|20)\d\d$")
DAY_FORMATS = ("%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d", "%m/%d/%y")
PHONE_DIGITS = 10
# As practice.rules.numbers writes them: 100214, HV-100214, 2026-00042, HV-2026-00042.
MRN = re.compile(r"^(\d{5,8}|[A-Z]{1,6}-((19|20)\d\d-)?\d{1,8}|(19|20)\d\d-\d{1,8})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Search:
    """What a person typed, understood: name starts, a birth date or year, a phone number, a record number."""

    names: tuple[str, ...] = ()
    born_on: date | None = None
    born_in: int | None = None
    phone: str = ""
    mrn: str = ""

    @property
    def empty(self) -> bool:
        """Nothing in it to look for."""
        return self == Search()


def read_search(text: str) -> Search:
    """Understand "smith j", "smith 1980", "03/04/1980", "(914) 555-0148", "100214", "hv-2026-42". Any order."""
    names: list[str] = []
    born_on: date | None = None
    born_in: int | None = None
    mrn = ""
    phone = _whole_phone(text)
    if phone:
        return Search(phone=phone)
    for word in text.replace(",", " ").split():
        day = read_day(word)
        digits = re.sub(r"\D", "", word)
        if day is not None:
            born_on = day
        elif YEAR.match(word):
            born_in = int(word)
        elif MRN.match(word):
            mrn = word.upper()
        elif len(digits) == PHONE_DIGITS and not re.search(r"[A-Za-z]", word):
            phone = digits
        elif re.search(r"[^\W\d_]", word):
            names.append(word.lower())
    return Search(names=tuple(names[:3]), born_on=born_on, born_in=born_in, phone=phone, mrn=mrn)


def _whole_phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    looks = re.fullmatch(r"[\d\s().+-]+", text.strip()) is not None
    if looks and len(digits) == PHONE_DIGITS + 1 and digits.startswith("1"):
        return digits[1:]
    return digits if looks and len(digits) == PHONE_DIGITS else ""


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
    digits = re.sub(r"\D", "", text)
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
