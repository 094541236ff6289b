import pytest

from kit import clock
from tests.scheduling.clinic import SEVEN, make_clinic


@pytest.fixture
def seven():
    """It is Monday, March 2, 2026, 7:00 AM in New York."""
    with clock.at(SEVEN):
        yield SEVEN


@pytest.fixture
def clinic(acting, seven):
    """The clinic of practice "harbor", made by its manager; the test goes on as the manager."""
    with acting("manager") as actor:
        yield make_clinic(actor)
