"""Dates as other systems write them: which form a column has, and what it then means. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

# Form, what a person calls it. ISO and months in words cannot be misread and are read whatever the form.
FORMS = {
    "mdy": "Month first: 03/04/2026 is March 4",
    "dmy": "Day first: 04/03/2026 is March 4",
    "iso": "Year first: 2026-03-04",
    "ymd": "Eight digits: 20260304",
    "serial": "Excel's day numbers: 46085",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
PARTED = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
SERIAL = re.compile(r"(\d{4,6})(?:\.\d+)?")
DAY_WORD = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([a-z]{3,9})\.?[-/., ]+(\d{4}|\d{2})")
WORD_DAY = re.compile(r"([a-z]{3,9})\.?[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4}|\d{2})")
TIME = re.compile(r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|[+-]\d{2}:?\d{2})?$")
EPOCH = date(1899, 12, 30)  # Excel counts a day that never was (02/29/1900); all real days follow from here
PLAUSIBLE = (5_000, 60_000)  # 1913 to 2064: what a column of day numbers holds
AMBIGUOUS = "ambiguous"


class NoDate(ValueError):
    """A text that is no date in the form it should have."""


def read_date(text: str, *, form: str, latest: date | None = None) -> date:
    """The day a text means. ``latest``: a two-digit year that would lie behind it is of the century before.

    Raises NoDate.
    """
    bare = TIME.sub("", text.strip())
    try:
        found = _sure(bare, latest=latest) or _formed(bare, form=form, latest=latest)
    except (ValueError, OverflowError) as error:
        raise NoDate(text) from error
    if found is None:
        raise NoDate(text)
    return found


def _sure(bare: str, *, latest: date | None) -> date | None:
    """A date that has one meaning only."""
    if iso := ISO.fullmatch(bare):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    low = bare.lower()
    worded = DAY_WORD.fullmatch(low)
    day, name, year = (worded[1], worded[2], worded[3]) if worded else ("", "", "")
    if not worded and (turned := WORD_DAY.fullmatch(low)):
        name, day, year = turned[1], turned[2], turned[3]
    if name[:3] in MONTHS:
        return _on(year, MONTHS.index(name[:3]) + 1, int(day), latest=latest)
    return None


def _formed(bare: str, *, form: str, latest: date | None) -> date | None:
    if form in ("mdy", "dmy") and (parts := PARTED.fullmatch(bare)):
        month, day = (parts[1], parts[2]) if form == "mdy" else (parts[2], parts[1])
        return _on(parts[3], int(month), int(day), latest=latest)
    if form == "ymd" and (digits := DIGITS.fullmatch(bare)):
        return date(int(digits[1]), int(digits[2]), int(digits[3]))
    if form == "serial" and (serial := SERIAL.fullmatch(bare)):
        return EPOCH + timedelta(days=int(serial[1]))
    return None


def _on(year: str, month: int, day: int, *, latest: date | None) -> date:
    number = int(year)
    if len(year) == 2:
        number += 2000
        if date(number, month, min(day, 28)) > (latest or date(2068, 12, 31)):
            number -= 100
    return date(number, month, day)


def forms_of(text: str) -> frozenset[str]:
    """The forms under which a text is a date; month or day first are both named where both fit."""
    found: set[str] = set()
    if not any(sign.isdigit() for sign in text[:40]):
        return frozenset()
    for form in FORMS:
        try:
            read_date(text, form=form)
        except NoDate:
            continue
        if form == "serial" and not _plausible(text):
            continue
        found.add(form)
    if {"mdy", "dmy", "iso", "ymd"} <= found:
        return frozenset({"iso"})  # one meaning whatever the form
    return frozenset(found)


def _plausible(text: str) -> bool:
    found = SERIAL.fullmatch(text.strip())
    return bool(found) and PLAUSIBLE[0] <= int(text.strip().split(".")[0]) <= PLAUSIBLE[1]


def form_of(counts: Iterable[tuple[frozenset[str], int]]) -> tuple[str, int, int]:
    """The form that reads most of a column, how many it reads, and how many are dates in another form only.

    ``AMBIGUOUS`` when month first and day first read all of it alike: then somebody must say.
    """
    known = [(forms, count) for forms, count in counts if forms]
    total = sum(count for _, count in known)
    reads = {
        form: sum(count for forms, count in known if form in forms or forms == {"iso"}) for form in FORMS
    }
    best = max(FORMS, key=lambda form: (reads[form], form == "iso" and total == _sure_only(known)))
    alike = {form for form in FORMS if reads[form] == reads[best]}
    if {"mdy", "dmy"} <= alike and total != _sure_only(known):
        return AMBIGUOUS, reads[best], total - reads[best]
    return best, reads[best], total - reads[best]


def _sure_only(known: Iterable[tuple[frozenset[str], int]]) -> int:
    return sum(count for forms, count in known if forms == {"iso"})
