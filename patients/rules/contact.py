"""When somebody may be written to, what a reply means, and what a representative may. Plain values only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERYTHING = "emancipated"
MINORS_ONLY = frozenset({"parent", "guardian"})
POWERS = ("may_see_record", "may_decide_care", "may_sign", "may_get_messages", "may_see_bills")


def reply_means(text: str, *, stop: Collection[str], start: Collection[str]) -> bool | None:
    """False for a word that opts out, True for one that opts in again, None for anything else.

    The whole reply is the word, whatever its case, spaces and marks: "Stop!" and "opt out" are words, "please stop the
    bleeding" is not.
    """
    said = "".join(sign for sign in text.lower() if sign.isalnum())
    if said in stop:
        return False
    return True if said in start else None


def quiet(moment: datetime, *, begins: time, ends: time, zone: str) -> bool:
    """Whether it is night where the patient lives. ``begins`` may be later than ``ends`` (over midnight)."""
    local = moment.astimezone(ZoneInfo(zone)).time()
    if begins <= ends:
        return begins <= local < ends
    return local >= begins or local < ends


def next_moment(moment: datetime, *, begins: time, ends: time, zone: str) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into, by the patient's own clock."""
    if not quiet(moment, begins=begins, ends=ends, zone=zone):
        return moment
    there = ZoneInfo(zone)
    local = moment.astimezone(there)
    day = local.date() if local.time() < ends else local.date() + timedelta(days=1)
    return datetime.combine(day, ends, tzinfo=there).astimezone(moment.tzinfo)


def comes_of_age(born: date, *, years: int) -> date:
    """The birthday of majority; who was born on February 29 has it on March 1 of a common year."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A representative on file: kind, days and what is ticked (names of POWERS)."""

    kind: str
    starts_on: date
    ends_on: date | None = None
    powers: Mapping[str, bool] = field(default_factory=dict)


def may(
    standing: Standing, *, power: str, day: date, of_age: date, own_areas: Collection[str], area: str = ""
) -> bool:
    """Whether a representative may do something on a day. Unlisted is no.

    A parent's or guardian's word ends with majority; what a minor decides alone is nobody else's, and with "all care"
    nothing is. ``area`` is the kind of care it is about, '' when it is about none in particular.
    """
    if power not in POWERS or not standing.powers.get(power, False):
        return False
    if day < standing.starts_on or (standing.ends_on is not None and day > standing.ends_on):
        return False
    if standing.kind in MINORS_ONLY and day >= of_age:
        return False
    return not (day < of_age and (EVERYTHING in own_areas or area in own_areas))
