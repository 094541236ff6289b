"""What a rule says on a day: ``rule("breach.individuals_days", on=day)``. The one way to ask.

Shipped values are data with a source; a practice lays its own over them (``practice.services.rule_values``).
Narrowest first: the practice's own value for a state, its own for everywhere, the shipped one for the state, the
shipped one. Inside ``acting_in`` the own values of a practice are read once, however many rules are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from practice import memo
from practice.models import RuleValue
from practice.rules import units
from practice.rules.dated import Entry, Rule, in_force
from practice.services.rule_catalogue import definitions, shipped
from practice.tenancy import current_practice

OWN = "own rule values"


def rule(code: str, *, on: date, jurisdiction: str | None = None) -> Rule:
    """A rule as it stands on a day, for a state (two letters) where one is given. KeyError for an unknown code."""
    return rules([code], on=on, jurisdiction=jurisdiction)[code]


def rules(codes: Iterable[str], *, on: date, jurisdiction: str | None = None) -> dict[str, Rule]:
    """Many rules at once, by code."""
    return {
        code: Rule(
            definition=definitions()[code],
            entry=in_force(entries_of(code), day=on, state=jurisdiction or ""),
        )
        for code in codes
    }


def shipped_rule(code: str, *, on: date, jurisdiction: str | None = None) -> Rule:
    """The rule as shipped, whatever the practice has set. Asks no database."""
    entry = in_force(shipped()[code], day=on, state=jurisdiction or "")
    return Rule(definition=definitions()[code], entry=entry)


def entries_of(code: str) -> tuple[Entry, ...]:
    """Every value a rule ever had or will have here, shipped and own. KeyError for an unknown code."""
    return (*shipped()[code], *own_entries().get(code, ()))


def own_entries() -> Mapping[str, tuple[Entry, ...]]:
    """The practice's own values by code, in one query a transaction."""
    return memo.remember(OWN, _read)


def _read() -> Mapping[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    # The practice is named: retirement of the audit log asks as the tables' owner, whom no policy narrows.
    for row in RuleValue.objects.filter(practice_id=current_practice()).order_by("effective_from"):
        if row.code in definitions():  # one of a rule that is no longer shipped says nothing any more
            found[row.code] = (*found.get(row.code, ()), entry_of(row))
    return found


def entry_of(row: RuleValue) -> Entry:
    """A practice's row as the rules take it. A number beyond the rule's limits counts as the limit."""
    known = definitions()[row.code]
    value = units.parse(row.value, unit=known.unit, limits=units.Limits(choices=known.limits.choices))
    return Entry(
        value=units.within(value, limits=known.limits),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        state=row.jurisdiction,
        own=True,
        citation=row.source,
    )
