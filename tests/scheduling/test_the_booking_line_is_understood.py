"""The booking line: each word means one thing, wherever it stands."""

from datetime import date, time

import pytest

from scheduling.line import Line, first_day, read_line, read_time, typed_day

CODES = {"fu", "new"}


@pytest.mark.parametrize(
    ("text", "known", "meant"),
    [
        ("smith 1980 fu tomorrow am @okafor", False, Line("smith 1980", "fu", "am", 1, "okafor")),
        ("Smith FU hold", False, Line("Smith", "fu", hold=True)),
        ("hold pm +2w", True, Line(part="pm", days=14, hold=True)),
        ("hold", False, Line("hold")),  # somebody may be called so
        ("fu", False, Line("fu")),
        ("fu today", True, Line(code="fu")),
        ("fu next mon", True, Line(code="fu", on="mon")),
        ("on 12/15 am", True, Line(part="am", on="12/15")),
        ("fu 2/30", True, Line("2/30", "fu")),  # what is no day is said not to be understood
        ("sun mon", False, Line("sun mon")),  # people are called so
    ],
)
def test_a_line_is_read_word_by_word(text, known, meant):
    assert read_line(text, codes=CODES, patient_known=known) == meant


def test_what_stays_when_the_patient_is_chosen_reads_the_same_again():
    line = read_line("smith new pm +3w @lee hold", codes=CODES, patient_known=False)
    assert line.how == "new pm +3w @lee hold"
    assert read_line(line.how, codes=CODES, patient_known=True) == Line("", "new", "pm", 21, "lee", hold=True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mon", date(2026, 12, 7)),
        ("tuesday", date(2026, 12, 1)),
        ("sat +1w", date(2026, 12, 12)),
        ("12/15", date(2026, 12, 15)),
        ("1/5", date(2027, 1, 5)),
        ("3/24/27", date(2027, 3, 24)),
        ("tomorrow", date(2026, 12, 2)),
    ],
)
def test_openings_are_looked_for_from_the_day_that_was_said(text, day):
    line = read_line(text, codes=CODES, patient_known=True)
    assert first_day(line, start=date(2026, 12, 1)) == day


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2:10 PM", time(14, 10)),
        ("2 p.m.", time(14)),
        ("110p", time(13, 10)),
        ("9a", time(9)),
        ("14:10", time(14, 10)),
        ("9", None),  # morning or evening?
        ("99p", None),
    ],
)
def test_a_time_is_read_as_it_is_typed(text, at):
    assert read_time(text) == at


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "soon", ""])
def test_a_day_no_schedule_has_is_none(text):
    assert typed_day(text) is None
