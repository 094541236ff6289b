"""A count whose statement is built once tells the number of now, for whoever asks."""

import pytest

from kit.prepared import PreparedCount


@pytest.fixture
def built():
    return []


@pytest.fixture
def counted(built):
    from tests.kit.toyapp.models import Toy

    def toys(practice, most):
        built.append((practice, most))
        return Toy.objects.filter(practice=practice)[:most]

    return PreparedCount(toys)


def test_the_number_is_todays_although_the_statement_is_built_once(make, counted, built):
    make(2)
    assert counted("north", 10) == 2
    make()
    assert counted("north", 10) == 3
    assert counted("north", 2) == 2
    assert built == [("north", 10), ("north", 2)]


def test_who_asks_for_others_counts_others(make, counted):
    make(2)
    make(3, practice="south")
    assert [counted(practice, 10) for practice in ("north", "south", "north", "west")] == [2, 3, 2, 0]


def test_what_no_row_can_match_is_none(db):
    from tests.kit.toyapp.models import Toy

    assert PreparedCount(lambda: Toy.objects.none())() == 0
    assert PreparedCount(lambda names: Toy.objects.filter(name__in=names))(()) == 0
