"""The cases every Resource has by existing, on the real ones. Records come from ``tests/<app>/samples.py``."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.conf import settings

from kit import registry
from kit.testing import ResourceCases, Stage
from tests.cast import actor_named, in_practice

ROLES = ("owner", "manager", "physician", "biller", "front_desk")


def samples():
    found = {}
    for app in settings.HOUSE:
        if find_spec(f"tests.{app}") and find_spec(f"tests.{app}.samples"):
            found |= import_module(f"tests.{app}.samples").SAMPLES
    return found


def sample_of(resource):
    found = samples().get(resource.name)
    if found is None:
        pytest.skip("has no sample yet: see test_every_resource_has_a_sample")
    return found


def test_every_resource_has_a_sample():
    missing = sorted({resource.name for resource in registry.every()} - set(samples()))
    assert missing == [], "add a kit.testing.Sample to tests/<app>/samples.py"


def test_the_declarations_name_only_what_is_there():
    assert registry.check_resources(None) == []


class TestEveryResource(ResourceCases):
    @pytest.fixture
    def stage(self, db, request):
        names = {"": "nobody", **{role: role for role in (*ROLES, "stranger")}}
        acting = cache(actor_named)

        def records(resource, count):
            with in_practice(acting("owner")) as actor:
                return list(sample_of(resource).make(actor, count))

        def form(resource):
            made = sample_of(resource).form
            if made is None:
                return None
            with in_practice(acting("owner")) as actor:
                return made(actor)

        def count(resource):
            with in_practice(acting("owner")) as actor:
                return resource.visible_to(actor).count()

        return Stage(
            slug="harbor",
            roles=ROLES,
            client=lambda role: request.getfixturevalue(names[role]),
            may=lambda role, permission: acting(role).may(permission),
            records=records,
            form=form,
            count=count,
        )
