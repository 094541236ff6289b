"""The catalogue of rules: described, typed, each value with its source, no two of a rule at once."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from practice.rules import units
from practice.rules.dated import Entry, in_force, timeline
from practice.rules.units import Limits, Unit
from practice.services.rule_catalogue import ELSEWHERE, definitions, shipped


def test_every_rule_has_a_title_an_area_and_a_source():
    assert [code for code, known in definitions().items() if known.area == ELSEWHERE] == []
    assert [code for code, entries in shipped().items() if not all(entry.citation for entry in entries)] == []
    assert set(definitions()) == set(shipped())


def test_no_two_shipped_values_of_a_rule_hold_on_one_day_in_one_state():
    for code, entries in shipped().items():
        starts = [(entry.state, entry.effective_from) for entry in entries]
        assert len(starts) == len(set(starts)), code


@pytest.mark.parametrize(
    ("text", "unit", "of"),
    [
        ("calendar days before expiry", Unit.DAYS, "before expiry"),
        ("days", Unit.DAYS, ""),
        ("business days", Unit.BUSINESS_DAYS, ""),
        ("hours both tokens work", Unit.HOURS, "both tokens work"),
        ("count of openings", Unit.COUNT, "of openings"),
        ("time of day the office opens", Unit.TIME, "the office opens"),
    ],
)
def test_a_unit_is_the_first_words_of_its_text(text, unit, of):
    assert units.measure(text) == (unit, of)


@pytest.mark.parametrize(
    ("text", "unit", "written", "words"),
    [
        ("45", Unit.DAYS, "45", "45 calendar days"),
        ("1", Unit.BUSINESS_DAYS, "1", "1 business day"),
        ("$5,000", Unit.MONEY, "5000", "$5,000.00"),
        ("12.50 %", Unit.PERCENT, "12.5", "12.5%"),
        ("YES", Unit.YES_NO, "yes", "Yes"),
        ("8:00", Unit.TIME, "08:00", "8:00 AM"),
        ("b", Unit.CHOICE, "b", "b"),
    ],
)
def test_a_value_is_read_as_people_type_it(text, unit, written, words):
    value = units.parse(text, unit=unit, limits=Limits(choices=("a", "b")))
    assert (units.written(value), units.words(value, unit=unit)) == (written, words)


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("soon", Unit.DAYS, "Enter a number"),
        ("1.5", Unit.DAYS, "whole number"),
        ("-1", Unit.DAYS, "not negative"),
        ("NaN", Unit.PERCENT, "not negative"),
        ("1.005", Unit.MONEY, "two digits"),
        ("maybe", Unit.YES_NO, "yes or no"),
        ("25:00", Unit.TIME, "a time like"),
        ("c", Unit.CHOICE, "one of: a, b"),
        ("61", Unit.HOURS, "at most 60 hours"),
        ("0", Unit.HOURS, "at least 1 hour"),
    ],
)
def test_a_value_that_the_unit_cannot_be_says_what_to_enter(text, unit, said):
    with pytest.raises(ValueError, match=said):
        units.parse(text, unit=unit, limits=Limits(least=Decimal(1), most=Decimal(60), choices=("a", "b")))


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
entries = st.lists(
    st.builds(
        Entry,
        value=st.decimals(0, 99, places=0),
        effective_from=days,
        effective_to=st.none() | st.dates(date(2031, 1, 1), date(2032, 1, 1)),
        state=st.sampled_from(["", "NY"]),
        own=st.booleans(),
    ),
    max_size=6,
)
BASE = Entry(value=Decimal(60), effective_from=date(2000, 1, 1), citation="law")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine is shared
@given(given=entries, day=days, state=st.sampled_from(["", "NY", "CA"]))
def test_the_history_says_of_every_day_what_was_in_force(given, day, state):
    every = [BASE, *given]
    told = [
        period for period in timeline(every, state=state)
        if period.first <= day and (period.last is None or day <= period.last)
    ]  # fmt: skip
    assert [period.entry for period in told] == [in_force(every, day=day, state=state)]
