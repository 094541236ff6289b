"""The inherited cases, run on the toys."""

import itertools

import pytest

from kit.testing import ResourceCases, Stage
from tests.kit.conftest import client
from tests.kit.toyapp import holes
from tests.kit.toyapp.models import Maker, Toy

FORMS = {"toyapp.toy": {"name": "Red", "state": "new"}, "toyapp.maker": {"name": "Acme"}}
NUMBERS = itertools.count()


def records(resource, count):
    def one():
        maker = Maker.objects.create(practice="north", name=f"Maker {next(NUMBERS)}")
        if resource.name == "toyapp.maker":
            return maker
        return Toy.objects.create(practice="north", name=f"Toy {next(NUMBERS)}", maker=maker)

    return [one() for _ in range(count)]


def browser(role):
    return client("owner", practice="south") if role == "stranger" else client(role)


class TestEveryToy(ResourceCases):
    @pytest.fixture
    def stage(self, db):
        return Stage(
            slug="north",
            roles=("owner", "clerk", "visitor"),
            client=browser,
            may=lambda role, permission: permission in holes.ROLES[role],
            records=records,
            form=lambda resource: FORMS[resource.name],
            count=lambda resource: resource.model_class.objects.filter(practice="north").count(),
        )
