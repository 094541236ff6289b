"""A practice's own values of rules: lay one over the shipped one, end it, take a planned one back, check a source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction

from kit.errors import Conflict, DomainError
from kit.states import STATES
from kit.words import us_date
from practice import memo
from practice.actor import Actor
from practice.models import RuleCheck, RuleValue
from practice.permissions import PracticePermission
from practice.rules import dated, units
from practice.rules.dated import DAY, Definition, Entry
from practice.selectors.days import practice_today
from practice.services.rule_catalogue import definitions, shipped
from practice.services.rules import entries_of, entry_of

FARTHEST = timedelta(days=366 * 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A new value and what it does to those beside it: which row is cut short and when, until when it holds."""

    definition: Definition
    entry: Entry
    cut: RuleValue | None
    effects: list[str]


@transaction.atomic
def set_value(
    *,
    actor: Actor,
    code: str,
    value: str,
    effective_from: date,
    reason: str,
    effective_to: date | None = None,
    jurisdiction: str = "",
    source: str = "",
) -> RuleValue:
    """Give a rule the practice's own value from a day on, everywhere or in one state; ends the one before it.

    Raises DomainError for what the rule cannot be, Conflict where a planned change stands in the way.
    """
    actor.require(PracticePermission.CHANGE_RULES)
    if not reason.strip():
        raise DomainError("Say why, in a few words.", field="reason")
    made = plan(
        code,
        value=value,
        effective_from=effective_from,
        effective_to=effective_to,
        jurisdiction=jurisdiction,
        source=source,
        actor=actor,
    )
    if made.cut is not None:
        made.cut.effective_to = effective_from - DAY
        made.cut.save()
    row = RuleValue.objects.create(
        practice_id=actor.practice_id,
        code=code,
        value=units.written(made.entry.value),
        jurisdiction=made.entry.state,
        effective_from=made.entry.effective_from,
        effective_to=made.entry.effective_to,
        reason=" ".join(reason.split())[:200],
        source=made.entry.citation,
        set_by_id=actor.membership_id,
    )
    memo.stop()
    return row


def plan(
    code: str,
    *,
    value: str,
    effective_from: date,
    actor: Actor,
    effective_to: date | None = None,
    jurisdiction: str = "",
    source: str = "",
) -> Plan:
    """What ``set_value`` would do, for the preview. Writes nothing; raises as it does."""
    known = definitions().get(code)
    if known is None:
        raise DomainError("Choose a rule from the list.", field="code")
    state = jurisdiction.strip().upper()
    if state and state not in STATES:
        raise DomainError("Choose a state from the list.", field="jurisdiction")
    try:
        parsed = units.parse(value, unit=known.unit, limits=known.limits)
    except ValueError as error:
        raise DomainError(f"{error}{_law(code)}.", field="value") from error
    if effective_from > practice_today(actor) + FARTHEST:
        raise DomainError("Enter a day within the next twenty years.", field="effective_from")
    if effective_to is not None and effective_to < effective_from:
        raise DomainError("Enter a last day that is not before the first.", field="effective_to")
    cut, last = _fit(code, state=state, first=effective_from, last=effective_to)
    entry = Entry(
        value=parsed,
        effective_from=effective_from,
        effective_to=last,
        state=state,
        own=True,
        citation=" ".join(source.split())[:200],
    )
    before = entries_of(code)
    after = [*_without(before, row=cut), entry]
    if cut is not None:
        after.append(replace(entry_of(cut), effective_to=effective_from - DAY))
    return Plan(
        definition=known,
        entry=entry,
        cut=cut,
        effects=dated.changes(before, after, definition=known, state=state),
    )


def _law(code: str) -> str:
    """Where the limit of a rule comes from, in brackets."""
    return f" ({shipped()[code][-1].citation})" if definitions()[code].limits.most is not None else ""


def _without(entries: tuple[Entry, ...], *, row: RuleValue | None) -> list[Entry]:
    gone = entry_of(row) if row is not None else None
    return [entry for entry in entries if entry != gone]


def _fit(code: str, *, state: str, first: date, last: date | None) -> tuple[RuleValue | None, date | None]:
    """The own value that has to end the day before, and the last day that is free."""
    rows = RuleValue.objects.select_for_update(of=("self",), no_key=True).filter(
        code=code, jurisdiction=state
    )
    cut = None
    for row in rows.order_by("effective_from"):
        if row.effective_from < first and (row.effective_to is None or row.effective_to >= first):
            cut = row
        elif row.effective_from == first:
            raise Conflict(
                f"A value of yours begins on {us_date(first)} already: end it or take it back.",
                field="effective_from",
            )
        elif row.effective_from > first:
            if last is not None and last >= row.effective_from:
                raise Conflict(
                    f"A change from {us_date(row.effective_from)} is planned: enter a last day before it.",
                    field="effective_to",
                )
            last = last or row.effective_from - DAY
    return cut, last


def _locked(row: RuleValue) -> RuleValue:
    return RuleValue.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


@transaction.atomic
def end(row: RuleValue, *, effective_to: date, actor: Actor) -> RuleValue:
    """Let an own value end on a day, at the earliest today: what was in force stays in the history.

    Raises DomainError for an earlier day or one after the value's own end.
    """
    actor.require(PracticePermission.CHANGE_RULES)
    locked = _locked(row)
    today = practice_today(actor)
    if effective_to < max(locked.effective_from, today):
        raise DomainError(
            f"Enter {us_date(max(locked.effective_from, today))} or a later day.", field="effective_to"
        )
    if locked.effective_to is not None and effective_to > locked.effective_to:
        raise DomainError(f"It ends on {us_date(locked.effective_to)} already.", field="effective_to")
    locked.effective_to = effective_to
    locked.save()
    memo.stop()
    return locked


@transaction.atomic
def withdraw(row: RuleValue, *, actor: Actor) -> None:
    """Take back a value that is not in force yet; the one before it goes on in its place.

    Raises Conflict once it is in force: then it can only be ended.
    """
    actor.require(PracticePermission.CHANGE_RULES)
    locked = _locked(row)
    if locked.effective_from <= practice_today(actor):
        raise Conflict("This value is in force: end it instead, so that the history stays true.")
    beside = RuleValue.objects.select_for_update(of=("self",), no_key=True).filter(
        code=locked.code, jurisdiction=locked.jurisdiction, effective_to=locked.effective_from - DAY
    )
    before, last = beside.first(), locked.effective_to
    locked.delete()
    if before is not None:
        before.effective_to = last
        before.save()
    memo.stop()


@transaction.atomic
def check(code: str, *, entry: Entry, found_in: str, actor: Actor) -> RuleCheck:
    """Say that a value was compared with its source today, and where. Raises DomainError when not said where."""
    actor.require(PracticePermission.CHECK_RULES)
    found_in = " ".join(found_in.split())
    if not found_in:
        raise DomainError("Say where you looked: the page, the letter, the contract.", field="found_in")
    return RuleCheck.objects.create(
        practice_id=actor.practice_id,
        code=definitions()[code].code,
        value=units.written(entry.value),
        jurisdiction=entry.state,
        effective_from=entry.effective_from,
        is_own=entry.own,
        checked_on=practice_today(actor),
        checked_by_id=actor.membership_id,
        found_in=found_in[:200],
    )
