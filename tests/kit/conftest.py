import itertools
import os
from decimal import Decimal

import pytest
from django.test import Client

# The kit's own suite has its own settings (tests/kit/pytest.ini); the product's suite runs it as a whole
# through test_the_kit_stands_alone.py.
if os.environ.get("DJANGO_SETTINGS_MODULE") != "tests.kit.settings":
    collect_ignore_glob = ["test_[!t]*.py", "test_t[!h]*.py"]  # all but test_the_*
else:
    collect_ignore_glob = ["test_the_kit_stands_alone.py"]


class Visitor(Client):
    """A client whose addresses start in its practice."""

    def at(self, path, **query):
        return self.get(f"/p/north/{path}", query)


def client(role, *, practice="north"):
    return Visitor(headers={"X-Toy-Actor": f"{role}@{practice}"} if role else {})


@pytest.fixture
def owner(db):
    return client("owner")


@pytest.fixture
def clerk(db):
    return client("clerk")


@pytest.fixture
def visitor(db):
    return client("visitor")


@pytest.fixture
def stranger(db):
    return client("owner", practice="south")


@pytest.fixture
def make(db):
    from tests.kit.toyapp.models import Toy

    numbers = itertools.count(1)

    def made(count=1, **values):
        start = {"practice": "north", "price": Decimal("10.50"), **values}
        toys = [Toy.objects.create(**{"name": f"Toy {next(numbers):03}", **start}) for _ in range(count)]
        return toys[0] if count == 1 else toys

    return made


@pytest.fixture(autouse=True)
def _watched():
    from tests.kit.toyapp import holes

    holes.READS.clear()
    holes.ANSWERS.clear()
    holes.SAVED.clear()
    holes.OPENED.clear()
    holes.LATER.clear()
