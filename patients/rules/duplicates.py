"""When two people on file are likely one: by name, birth date, telephone and SSN. Suggests; a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from patients.rules.search import folded

LONG_NAME = 6  # letters from which two slips of the keyboard are forgiven instead of one
# First names that are one: what people call themselves at the desk, and what stands on the card.
SHORT_FORMS = (
    "abigail abby", "alexander alexandra alex", "andrew andy drew", "anthony tony", "barbara barb", "benjamin ben",
    "catherine katherine kathy cathy kate katie", "charles charlie chuck", "christopher chris", "daniel dan danny",
    "david dave", "deborah debra debbie deb", "donald don", "edward ed eddie ted", "elizabeth liz beth betty lisa",
    "eugene gene", "francisco francis frank paco", "frederick fred", "gregory greg", "james jim jimmy", "jennifer jen",
    "jose pepe", "joseph joe", "joshua josh", "kenneth ken", "lawrence larry", "margaret maggie meg peggy",
    "matthew matt", "michael mike mick", "nicholas nick", "pamela pam", "patricia pat patty tricia", "patrick pat",
    "peter pete", "philip phil", "raymond ray", "rebecca becky", "richard rick dick", "robert rob bob bobby",
    "ronald ron", "samuel samantha sam", "stephen steven steve", "susan sue suzy", "theodore ted theo",
    "thomas tom", "timothy tim", "victoria vicky", "walter walt", "william bill billy will",
)  # fmt: skip
_FORMS = [frozenset(line.split()) for line in SHORT_FORMS]


class Ground(StrEnum):
    """Why somebody is thought to be the same person, the strongest first."""

    SSN = "ssn"
    NAME_AND_BIRTH = "name_birth"
    PHONE_AND_BIRTH = "phone_birth"
    NEAR_NAME = "near_name"
    NEAR_BIRTH = "near_birth"
    NAME_AND_PHONE = "name_phone"


WORDS = {
    Ground.SSN: "the same social security number",
    Ground.NAME_AND_BIRTH: "the same name and birth date",
    Ground.PHONE_AND_BIRTH: "the same telephone number and birth date",
    Ground.NEAR_NAME: "a similar name and the same birth date",
    Ground.NEAR_BIRTH: "the same name and a similar birth date",
    Ground.NAME_AND_PHONE: "the same name and telephone number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of somebody; ``ssn`` is the blind index, never the number."""

    first_name: str
    last_name: str
    born: date | None
    phones: frozenset[str] = frozenset()
    ssn: str = ""


def ground(one: Person, *, other: Person) -> Ground | None:
    """The strongest reason to think that two are one, None for no reason."""
    same_birth = one.born is not None and one.born == other.born
    same_name = _alike(one.last_name, other.last_name) == _alike(one.first_name, other.first_name) == 0
    phone = bool(one.phones & other.phones)
    found = (
        (bool(one.ssn) and one.ssn == other.ssn, Ground.SSN),
        (same_birth and same_name, Ground.NAME_AND_BIRTH),
        (same_birth and phone, Ground.PHONE_AND_BIRTH),
        (same_birth and near_name(one, other=other), Ground.NEAR_NAME),
        (same_name and near_day(one.born, other=other.born), Ground.NEAR_BIRTH),
        (same_name and phone, Ground.NAME_AND_PHONE),
    )
    return next((why for holds, why in found if holds), None)


def near_name(one: Person, *, other: Person) -> bool:
    """A slip of the keyboard, a short form, first and last name swapped, or half of a double last name."""
    straight = near(one.last_name, other=other.last_name, short_forms=False) and near(
        one.first_name, other=other.first_name
    )
    swapped = _alike(one.last_name, other.first_name) == _alike(one.first_name, other.last_name) == 0
    return straight or swapped


def near(name: str, *, other: str, short_forms: bool = True) -> bool:
    """Whether two names may be one and the same."""
    first, second = folded(name), folded(other)
    if not first or not second:
        return False
    if short_forms and any(first in forms and second in forms for forms in _FORMS):
        return True
    parts, others = set(map(folded, _split(name))), set(map(folded, _split(other)))
    if parts <= others or others <= parts:
        return True
    forgiven = 1 if min(len(first), len(second)) < LONG_NAME else 2
    return min(len(first), len(second)) > 2 and _alike(first, second) <= forgiven


def _split(name: str) -> list[str]:
    return [part for part in name.replace("-", " ").split() if part]


def near_day(one: date | None, *, other: date | None) -> bool:
    """One of day, month and year is another, or day and month are swapped."""
    if one is None or other is None or one == other:
        return False
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    differ = sum((one.year != other.year, one.month != other.month, one.day != other.day))
    return swapped or differ == 1


def _alike(one: str, other: str) -> int:
    """How many slips lie between two names: letters put in, left out, changed, or two neighbours swapped."""
    first, second = folded(one), folded(other)
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        older, before, row = before, row, [i]
        for j, sign in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == sign:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
