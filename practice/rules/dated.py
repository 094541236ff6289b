"""Which value of a rule is in force on a day: an own value before a shipped one, a state's before everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kit.words import us_date
from practice.rules import units
from practice.rules.units import Limits, Unit, Value

DAY = timedelta(days=1)
NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value from one day to another (both count; no end: until further notice). ``state`` "" holds everywhere."""

    value: Value
    effective_from: date
    effective_to: date | None = None
    state: str = ""
    own: bool = False
    citation: str = ""
    verified_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a rule is, whatever its value: name, area, unit, and what an own value may be."""

    code: str
    title: str
    area: str
    unit: Unit
    of: str = ""
    limits: Limits = NO_LIMITS

    def words(self, value: Value) -> str:
        """A value of this rule as people read it."""
        return units.words(value, unit=self.unit, of=self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as it stands on a day: the typed value, and where it comes from."""

    definition: Definition
    entry: Entry

    @property
    def code(self) -> str:
        return self.definition.code

    @property
    def unit(self) -> Unit:
        return self.definition.unit

    @property
    def value(self) -> Value:
        return self.entry.value

    @property
    def citation(self) -> str:
        return self.entry.citation

    @property
    def source(self) -> str:
        """ "own" or "shipped"."""
        return "own" if self.entry.own else "shipped"

    @property
    def number(self) -> Decimal:
        """The value of a rule that is a number. TypeError for any other."""
        if not isinstance(self.entry.value, Decimal):
            raise TypeError(f"{self.code} is no number but {self.unit}")
        return self.entry.value

    def __int__(self) -> int:
        return int(self.number)

    @property
    def yes(self) -> bool:
        """The value of a yes/no rule. TypeError for any other."""
        if not isinstance(self.entry.value, bool):
            raise TypeError(f"{self.code} is not yes/no but {self.unit}")
        return self.entry.value

    def __str__(self) -> str:
        return self.definition.words(self.entry.value)


def _rank(entry: Entry) -> tuple[bool, bool, date]:
    return entry.own, entry.state != "", entry.effective_from


def in_force(entries: Iterable[Entry], *, day: date, state: str = "") -> Entry:
    """The narrowest entry of a day. Before the first day of all: the earliest shipped one. ValueError for no entry."""
    fitting = [entry for entry in entries if entry.state in ("", state)]
    covering = [entry for entry in fitting if entry.covers(day)]
    if covering:
        return max(covering, key=_rank)
    shipped = [entry for entry in fitting if not entry.own]
    if not shipped:
        raise ValueError("a rule needs a shipped value")
    before = [entry for entry in shipped if entry.effective_from <= day]
    return max(before, key=_rank) if before else min(shipped, key=lambda entry: entry.effective_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days on end with one entry in force; no ``first``: since ever, no ``last``: until further notice."""

    first: date | None
    last: date | None
    entry: Entry


def timeline(entries: Sequence[Entry], *, state: str = "") -> list[Period]:
    """Every value ever in force, oldest first, without a gap."""
    fitting = [entry for entry in entries if entry.state in ("", state)]
    marks = {entry.effective_from for entry in fitting}
    marks |= {entry.effective_to + DAY for entry in fitting if entry.effective_to}
    found: list[Period] = []
    for mark in sorted(marks):
        entry = in_force(fitting, day=mark, state=state)
        if found and found[-1].entry == entry:
            continue
        if found:
            found[-1] = Period(first=found[-1].first, last=mark - DAY, entry=found[-1].entry)
        found.append(Period(first=mark, last=None, entry=entry))
    return found


def coming(entries: Sequence[Entry], *, today: date, state: str = "") -> Period | None:
    """The next change after today, None when nothing is planned."""
    later = (period for period in timeline(entries, state=state) if period.first and period.first > today)
    return next(later, None)


def changes(
    before: Sequence[Entry], after: Sequence[Entry], *, definition: Definition, state: str = ""
) -> list[str]:
    """What another set of entries comes to, in words: "From 01/01/2027: 60 calendar days → 45 calendar days"."""
    days = sorted(
        {period.first for each in (before, after) for period in timeline(each, state=state) if period.first}
    )
    said: list[str] = []
    last: tuple[Value, Value] | None = None
    for day in days:
        old, new = (in_force(each, day=day, state=state).value for each in (before, after))
        if (old, new) == last:
            continue
        if old != new:
            said.append(f"From {us_date(day)}: {definition.words(old)} → {definition.words(new)}")
        elif last is not None and last[0] != last[1]:
            said.append(f"From {us_date(day)}: {definition.words(new)} again, as before")
        last = (old, new)
    return said
