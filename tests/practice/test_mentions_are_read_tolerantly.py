"""``@Dana Reyes`` means Dana Reyes however it is typed; doubt is asked back; what is nobody's stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.rules.mentions import meant

NAMES = {1: "Dana Reyes", 2: "Dana Holt", 3: "José O’Neil", 4: "Mei-Ling Wu", 5: "Bo"}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@Dana Reyes please", [1]),
        ("ask @dana reyes, or @DANA  HOLT.", [1, 2]),
        ("@dana.reyes and @DanaHolt", [1, 2]),
        ("@reyes", [1]),
        ("@jose oneil!", [3]),
        ("(@Mei-Ling Wu)", [4]),
        ("@mei ling wu", [4]),
        ("@Bo is in", [5]),
        ("mail dana@reyes.example", []),
        ("@ 5 pm, @noon, @", []),
        ("@Dana Reyes and again @dana reyes", [1]),
    ],
)
def test_sure_ones(text, people):
    found = meant(text, names=NAMES)
    assert [one.people[0] for one in found] == people
    assert all(one.sure for one in found)


@pytest.mark.parametrize(("text", "people"), [("@Dana", (1, 2)), ("@Dnaa Reyes", (1,)), ("@Joze", (3,))])
def test_doubt_is_asked_back(text, people):
    (one,) = meant(text, names=NAMES)
    assert not one.sure
    assert set(one.people) >= set(people)


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_only_members_are_meant(text):
    assert {key for one in meant(text, names=NAMES) for key in one.people} <= set(NAMES)
