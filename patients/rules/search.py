"""How a typed search for a patient is read: names in any order, a birth date in any usual form, any other number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from patients.rules import PHONE_DIGITS

NAMES, FIGURES, LENGTH, CARD_LETTERS = 5, 3, 120, 4
YEAR = re.compile(r"^(19|20)\d\d$")
BIRTH_FORMATS = (
    "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%Y-%m-%d", "%Y/%m/%d", "%m/%d/%y", "%m-%d-%y", "%m.%d.%y",
)  # fmt: skip
RUN_TOGETHER = {8: ("%m%d%Y", "%Y%m%d"), 6: ("%m%d%y",)}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?"
WORDED = (
    re.compile(
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}|\d\d)\b", re.IGNORECASE
    ),
    re.compile(rf"\b(?P<day>\d{{1,2}})[\s-]+{_MONTH}[\s,-]+(?P<year>\d{{4}}|\d\d)\b", re.IGNORECASE),
)
PHONE = re.compile(r"(?<![\w-])(?:\+?1[\s.-]*)?\(?(\d{3})\)?[\s.-]*(\d{3})[\s.-]*(\d{4})(?![\w-])")


@dataclass(frozen=True, slots=True)
class Figure:
    """A word with digits, in lower case without its marks: the start of a telephone, record or member number.

    ``day`` when the same digits can be a birth date too ("03041980").
    """

    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What a person typed, understood: starts of names, a birth date or year, a telephone number, other numbers."""

    names: tuple[str, ...] = ()
    born_on: date | None = None
    born_in: int | None = None
    phone: str = ""
    figures: tuple[Figure, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing in it to look for."""
        return self == Search()


def folded(text: str) -> str:
    """Lower case, without accents, apostrophes, dashes and spaces: "Muñoz-O'Neil" is "munozoneil".

    The words of the search table are made the same way (patients/search_sql.py).
    """
    parts = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in parts if letter.isalnum())


def read_search(text: str, *, today: date) -> Search:
    """Understand "j smith", "smith 1980", "Mar 4 1980", "(914) 555-0148", "hv-2026-42", in any order and mixed."""
    rest, born_on = _worded_day(text.strip()[:LENGTH], today=today)
    rest, phone = _phone(rest)
    names: list[str] = []
    figures: list[list[str]] = [[]]
    born_in: int | None = None
    for word in rest.replace(",", " ").split():
        day = read_birth_day(word, today=today)
        bare = folded(word)
        if day is not None:
            born_on = day
        elif YEAR.match(word):
            born_in = int(word)
        elif any(letter.isdigit() for letter in bare):
            figures[-1].append(bare)
            continue
        elif bare:
            names.append(bare)
        figures.append([])
    joined = [_number(parts, names=names) for parts in figures if parts]
    return Search(
        names=tuple(names[:NAMES]),
        born_on=born_on,
        born_in=born_in,
        phone=phone,
        figures=tuple(Figure(text=each, day=_run_together(each, today=today)) for each in joined[:FIGURES]),
    )


def _number(parts: list[str], *, names: list[str]) -> str:
    """What stood apart is one number ("884 120 775"), with the letters of a card in front ("NWH 884 120 775")."""
    lead = names.pop() if len(parts) > 1 and names and len(names[-1]) <= CARD_LETTERS else ""
    return lead + "".join(parts)


def read_birth_day(text: str, *, today: date) -> date | None:
    """A birth date as people here type it, None for anything else. Two digits of a year never mean one to come."""
    if text.isalpha():  # a name, like most of what is typed
        return None
    for form in BIRTH_FORMATS:
        found = _day(text, form=form, today=today)
        if found is not None:
            return found
    return None


def _day(text: str, *, form: str, today: date) -> date | None:
    try:
        found = datetime.strptime(text, form).date()
    except ValueError:
        return None
    if found > today and form.endswith("%y"):
        return found.replace(year=found.year - 100) if (found.month, found.day) != (2, 29) else None
    return found


def _run_together(text: str, *, today: date) -> date | None:
    """The same from digits alone, when they can be one: "03041980", "19800304", "030480"."""
    if not text.isascii() or not text.isdigit():
        return None
    for form in RUN_TOGETHER.get(len(text), ()):
        found = _day(text, form=form, today=today)
        if found is not None and date(1900, 1, 1) <= found <= today:
            return found
    return None


def _worded_day(text: str, *, today: date) -> tuple[str, date | None]:
    """What is left of a text without its first "March 4, 1980", and that day."""
    for pattern in WORDED:
        said = pattern.search(text)
        if said is None:
            continue
        month = MONTHS.index(said["month"].lower()) + 1
        form = "%m/%d/%Y" if len(said["year"]) > 2 else "%m/%d/%y"
        found = _day(f"{month}/{said['day']}/{said['year']}", form=form, today=today)
        if found is not None:
            return f"{text[: said.start()]} {text[said.end() :]}", found
    return text, None


def _phone(text: str) -> tuple[str, str]:
    """What is left of a text without its first whole telephone number, and its ten digits."""
    said = PHONE.search(text)
    if said is None:
        return text, ""
    digits = "".join(said.groups())
    return (
        (f"{text[: said.start()]} {text[said.end() :]}", digits)
        if len(digits) == PHONE_DIGITS
        else (text, "")
    )
