"""Headings: which row they stand in, what they mean, and which declared field each is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit.sheet_reader.dates import forms_of
from kit.sheet_reader.values import KINDS

LOOKED_AT = 20
# Words that say nothing more about a heading: "Patient's date of birth" is a date of birth.
FILLERS = frozenset(
    {
        "patient",
        "patients",
        "pt",
        "s",
        "the",
        "of",
        "main",
        "primary",
        "home",
        "current",
        "legal",
        "client",
        "no",
    }
)


def normalised(heading: str) -> str:
    """``Date_of-Birth:`` is ``date of birth``."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", heading))
    return " ".join(re.findall(r"[^\W_]+", split.casefold())) or split.strip()


def heading_at(records: Sequence[Sequence[str]], *, fields: Iterable[Any] = ()) -> int:
    """Where among the first records the headings stand: title lines above them are passed over.

    The record most of whose cells name declared fields; else the first as wide as the table without values in it;
    else the first that is as wide. 0 for no records.
    """
    widths = [sum(bool(cell.strip()) for cell in record) for record in records]
    counts = Counter(width for width in widths if width)
    if not counts:
        return 0
    wide = max(counts, key=lambda each: (counts[each], each))
    likely = [at for at, width in enumerate(widths[:LOOKED_AT]) if width and width * 2 >= wide]
    if not likely:
        return next(at for at, width in enumerate(widths) if width)
    words = vocabulary(fields)
    named = {at: sum(normalised(cell) in words for cell in records[at]) for at in likely}
    best = max(likely, key=lambda at: (named[at], -at))
    if named[best] >= min(2, wide):
        return best
    plain = [at for at in likely if not any(_is_value(cell) for cell in records[at] if cell.strip())]
    return (plain or likely)[0]


def _is_value(cell: str) -> bool:
    """A cell that no heading looks like."""
    bare = cell.strip()
    if re.fullmatch(r"\d{4}(-\d{1,2})?|\d{1,2}/\d{4}|\d{1,2}", bare):
        return False  # a year or a month may head a column of a budget
    return bool(forms_of(bare)) or any(looks(bare) for kind, looks in KINDS if kind != "yes_no")


def vocabulary(fields: Iterable[Any]) -> dict[str, str]:
    """Normalised name, label and synonyms of declared fields → the field's name."""
    found: dict[str, str] = {}
    for field in fields:
        for word in (field.name, field.label, *field.synonyms):
            found.setdefault(normalised(word), field.name)
    return found


def guess(headings: Sequence[str], *, fields: Sequence[Any]) -> dict[str, str]:
    """Heading → field, each field once: by its words exactly, by its pattern, then beside words that say nothing."""
    words = vocabulary(fields)
    exact = {heading: words[normalised(heading)] for heading in headings if normalised(heading) in words}
    found = _once(exact)
    for field in fields:
        if field.pattern and field.name not in found.values():
            fits = [
                h
                for h in headings
                if h not in found and re.fullmatch(field.pattern, h.strip(), re.IGNORECASE)
            ]
            found |= {fits[0]: field.name} if fits else {}
    free = {word: name for word, name in words.items() if name not in found.values()}
    loose = {}
    for heading in headings:
        if heading not in found and (name := _loosely(heading, words=free)):
            loose[heading] = name
    taken = Counter(loose.values())
    return found | {heading: name for heading, name in loose.items() if taken[name] == 1}


def _once(pairs: Mapping[str, str]) -> dict[str, str]:
    """The first heading of each field."""
    found: dict[str, str] = {}
    for heading, name in pairs.items():
        if name not in found.values():
            found[heading] = name
    return found


def _loosely(heading: str, *, words: Mapping[str, str]) -> str:
    """The field whose words stand in a heading beside fillers only; the longest wins, '' for none or two."""
    said = normalised(heading).split()
    fits = []
    for word, name in words.items():
        parts = word.split()
        left = [each for each in said if each not in parts]
        if parts and set(parts) <= set(said) and set(left) <= FILLERS:
            fits.append((len(parts), name))
    longest = {name for size, name in fits if size == max(fits)[0]}
    return longest.pop() if len(longest) == 1 else ""


def unique(headings: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Headings told apart, and what was done for it: an empty one is "Column C", a second "Phone" is "Phone (2)"."""
    found: list[str] = []
    said: list[str] = []
    seen: set[str] = set()
    for place, heading in enumerate(headings):
        name = heading[:200] or f"Column {letters(place)}"
        if not heading:
            said.append(f"Column {letters(place)} has no heading")
        number = 2
        while name.casefold() in seen:
            name, number = f"{heading[:190] or f'Column {letters(place)}'} ({number})", number + 1
        if heading and name != heading[:200]:
            said.append(
                f"The heading “{heading[:60]}” stands more than once: one of them is called “{name[:70]}”"
            )
        seen.add(name.casefold())
        found.append(name)
    return tuple(found), said


def letters(place: int) -> str:
    """A column's letters as a spreadsheet shows them: 0 is A, 26 is AA."""
    place, found = place + 1, ""
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
