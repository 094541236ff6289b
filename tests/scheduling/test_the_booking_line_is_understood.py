"""The booking line: each word means one thing, wherever it stands."""

import pytest

from scheduling.line import Line, read_line

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
    ],
)
def test_a_line_is_read_word_by_word(text, known, meant):
    assert read_line(text, codes=CODES, patient_known=known) == meant


def test_what_stays_when_the_patient_is_chosen_reads_the_same_again():
    line = read_line("smith new pm +3w @lee hold", codes=CODES, patient_known=False)
    assert line.how == "new pm +3w @lee hold"
    assert read_line(line.how, codes=CODES, patient_known=True) == Line("", "new", "pm", 21, "lee", hold=True)
