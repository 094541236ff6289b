"""Rules as pages and API show them: what is in force, what is coming, every value ever, and who checked it when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from kit.status import Status
from practice.actor import Actor
from practice.models import Holiday, RuleCheck, RuleValue
from practice.permissions import PracticePermission
from practice.rules import dated, units
from practice.rules.dated import Definition, Entry, Period, Rule
from practice.selectors.days import practice_today
from practice.services.rule_catalogue import definitions
from practice.services.rules import entries_of, rules

NOT_VERIFIED = Status("Not verified", "warn")
VERIFIED = Status("Verified", "ok")


def own_values(actor: Actor) -> QuerySet[RuleValue]:
    """The practice's own values of rules."""
    if not actor.may(PracticePermission.VIEW_RULES):
        return RuleValue.objects.none()
    return RuleValue.objects.filter(practice_id=actor.practice_id).select_related("set_by__user")


def planned(queryset: QuerySet[RuleValue], *, actor: Actor) -> QuerySet[RuleValue]:
    """Those that are not in force yet."""
    return queryset.filter(effective_from__gt=practice_today(actor))


def holidays(actor: Actor) -> QuerySet[Holiday]:
    """The practice's own days and those of the actor's sites."""
    if not actor.may(PracticePermission.VIEW_RULES):
        return Holiday.objects.none()
    found = Holiday.objects.filter(practice_id=actor.practice_id)
    return found.filter(Q(location=None) | Q(location_id__in=actor.locations)) if actor.locations else found


def coming_holidays(queryset: QuerySet[Holiday], *, actor: Actor) -> QuerySet[Holiday]:
    """Those that are still ahead."""
    return queryset.filter(day__gte=practice_today(actor))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry with who compared it with its source: a person here, or whoever shipped it."""

    entry: Entry
    words: str
    checked_on: date | None
    checked_by: str
    found_in: str
    row: RuleValue | None = None

    @property
    def verified(self) -> Status:
        """The badge."""
        return VERIFIED if self.checked_on else NOT_VERIFIED

    @property
    def whose(self) -> str:
        """Where it comes from, in two words."""
        return "Your own" if self.entry.own else "Shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A rule of the list: today's value, and the next change if one is planned."""

    rule: Rule
    shown: Shown
    next: Period | None
    next_words: str

    @property
    def definition(self) -> Definition:
        return self.rule.definition


Checks = dict[tuple[Any, ...], RuleCheck]


def _key(code: str, *, entry: Entry) -> tuple[Any, ...]:
    return code, entry.own, entry.state, entry.effective_from, units.written(entry.value)


def _checks(codes: Iterable[str] | None = None) -> Checks:
    """The newest check of each value, in one query."""
    rows = RuleCheck.objects.select_related("checked_by__user").order_by("checked_on", "id")
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    return {(row.code, row.is_own, row.jurisdiction, row.effective_from, row.value): row for row in rows}


def _shown(known: Definition, *, entry: Entry, checks: Checks, row: RuleValue | None = None) -> Shown:
    found = checks.get(_key(known.code, entry=entry))
    return Shown(
        entry=entry,
        words=known.words(entry.value),
        checked_on=found.checked_on if found else entry.verified_on,
        checked_by=str(found.checked_by.user) if found and found.checked_by else "Wellrun",
        found_in=found.found_in if found else entry.citation,
        row=row,
    )


def listed(actor: Actor, *, on: date | None = None, jurisdiction: str = "") -> list[Listed]:
    """Every rule with its value of a day (today), in the order of the catalogue: two queries."""
    actor.require(PracticePermission.VIEW_RULES)
    day = on or practice_today(actor)
    checks = _checks()
    found = []
    for code, rule in rules(definitions(), on=day, jurisdiction=jurisdiction).items():
        ahead = dated.coming(entries_of(code), today=day, state=jurisdiction)
        found.append(
            Listed(
                rule=rule,
                shown=_shown(rule.definition, entry=rule.entry, checks=checks),
                next=ahead,
                next_words=rule.definition.words(ahead.entry.value) if ahead else "",
            )
        )
    return found


def matching(rows: Iterable[Listed], *, text: str) -> list[Listed]:
    """Those whose title, code, area or source holds every word."""
    words = text.lower().split()
    return [row for row in rows if all(word in _haystack(row) for word in words)]


def _haystack(row: Listed) -> str:
    known = row.definition
    return f"{known.title} {known.code} {known.area} {row.shown.entry.citation}".lower()


def get_definition(code: str, *, actor: Actor) -> Definition:
    """What a rule is, or 404."""
    found = definitions().get(code) if actor.may(PracticePermission.VIEW_RULES) else None
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A stretch of days of a rule's history."""

    period: Period
    shown: Shown


def history(known: Definition, *, jurisdiction: str = "") -> list[Told]:
    """Every value that ever was or will be in force, newest first, each with its source: two queries."""
    rows = {
        (row.jurisdiction, row.effective_from): row
        for row in RuleValue.objects.filter(code=known.code).select_related("set_by__user")
    }
    checks = _checks([known.code])
    told = []
    for period in dated.timeline(entries_of(known.code), state=jurisdiction):
        entry = period.entry
        row = rows.get((entry.state, entry.effective_from)) if entry.own else None
        told.append(Told(period=period, shown=_shown(known, entry=entry, checks=checks, row=row)))
    return told[::-1]


def states_of(known: Definition) -> list[str]:
    """States in which this rule has a value of its own."""
    return sorted({entry.state for entry in entries_of(known.code)} - {""})


def get_entry(known: Definition, *, effective_from: date, state: str, own: bool) -> Entry:
    """One value of a rule, or 404."""
    for entry in entries_of(known.code):
        if (entry.effective_from, entry.state, entry.own) == (effective_from, state, own):
            return entry
    raise Http404
