"""Whether what somebody signed counts on a day, and what can be a signature. Plain values only."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# A drawn signature as SVG path data on a field of 600 by 200: strokes of at least two points, whole numbers.
STROKES = re.compile(r"(?:M\d{1,3},\d{1,3}(?:L\d{1,3},\d{1,3})+)+", re.ASCII)
LONGEST = 20_000


class State(StrEnum):
    """How a form stands for a patient on a day, in words."""

    HOLDS = "Signed"
    TRIED = "Refusal on record"
    MISSING = "Not signed yet"
    REFUSED = "Declined"
    REVOKED = "Taken back"
    EXPIRED = "Expired"
    OUTDATED = "A new version asks again"


ENOUGH = frozenset({State.HOLDS, State.TRIED})
DECLINED = frozenset({State.REFUSED, State.TRIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One signature or refusal: version number, day, last day it holds, day from which it was taken back."""

    number: int
    signed: bool
    on: date
    expires_on: date | None = None
    revoked_on: date | None = None

    def holds(self, day: date, *, since: int) -> bool:
        """A signature that counts on a day; ``since`` is the first version whose signatures still do."""
        return (
            self.signed
            and self.on <= day
            and self.number >= since
            and (self.expires_on is None or day <= self.expires_on)
            and (self.revoked_on is None or day < self.revoked_on)
        )


def state_on(
    given: Collection[Given], *, day: date, since: int = 0, refusal_is_enough: bool = False
) -> State:
    """How a form stands on a day: by any signature that holds, else by the newest thing that happened.

    ``refusal_is_enough``: a written down refusal of a version that still counts is all the law asks.
    """
    known = sorted((each for each in given if each.on <= day), key=lambda each: each.on)
    if any(each.holds(day, since=since) for each in known):
        return State.HOLDS
    if refusal_is_enough and any(not each.signed and each.number >= since for each in known):
        return State.TRIED
    if not known:
        return State.MISSING
    last = known[-1]
    if not last.signed:
        return State.REFUSED
    if last.revoked_on is not None and last.revoked_on <= day:
        return State.REVOKED
    return State.OUTDATED if last.number < since else State.EXPIRED


def names(typed: str, *, person: str) -> bool:
    """Whether a typed name is the person's: first and last word of the name are in it, in any case and order."""
    words = person.casefold().replace(",", " ").split()
    said = set(typed.casefold().replace(",", " ").split())
    return bool(words) and {words[0], words[-1]} <= said


def is_drawing(path: str) -> bool:
    """Whether a text is strokes of a drawn signature, and nothing else that a page could be made to show."""
    return len(path) <= LONGEST and STROKES.fullmatch(path) is not None
