"""Something of everything in harbor, little of it in summit, and a token that may do all there is."""

from __future__ import annotations

import itertools
import re
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client

from billing.services import adjustment_catalogue, remittances
from kit import clock, registry
from practice.actor import system_actor
from practice.checks import is_tenant
from practice.models import Practice, Role, RolePermission
from practice.permissions import all_permissions
from practice.services.people import issue_token
from practice.transactions import acting_in
from tests.api.operations import Operation, shape
from tests.billing import remittance_world
from tests.billing.claim_world import cover
from tests.billing.remittance_text import answer, line, payment, text
from tests.cast import actor_named, in_practice, owner_cursor
from tests.scheduling.clinic import SEVEN, at, make_clinic
from tests.security.test_no_address_shows_another_practice import Rows, filled, practice_addresses

ROWS_EACH = 2
_numbers = itertools.count(1)


@contextmanager
def within(actor: Any) -> Any:
    """A transaction of this actor, committed where the test commits."""
    if connection.in_atomic_block:
        with in_practice(actor):
            yield
    else:
        with acting_in(actor.practice_id, actor=actor):
            yield


def furnish() -> None:
    """Two records of every Resource and a clinic for harbor, one of every Resource for summit."""
    for who, count in (("owner", ROWS_EACH), ("stranger", 1)):
        actor = actor_named(who)
        made = _samples()
        for resource in registry.every():
            if resource.name in made:
                with within(actor):
                    made[resource.name].make(actor, count)
        with clock.at(SEVEN), within(actor):
            clinic = make_clinic(actor, name=f"Clinic {next(_numbers)}")
            for hour in range(9, 9 + count):
                clinic.book(starts_at=at(hour), kind="fu")
        with within(actor):
            _bill(actor, count)


def _bill(actor: Any, count: int) -> None:
    """Claims with charges, and payments of them that nobody has posted."""
    adjustment_catalogue.install(actor=actor)
    remittance_world._numbers = itertools.count(9_000)  # its "Site 1" would be a sample's
    world = remittance_world.build(actor)
    cover(actor, patient=world.patient, payer=world.payer, member_id="M200", priority=2)
    for number in range(count):
        claim = world.claim("150.00")
        said = answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00"), number=f"P{number}")
        remittances.receive(
            text(payment(said, trace=f"T{next(_numbers)}"), number=number + 1),
            name=f"{number}.835",
            actor=actor,
        )


def _samples() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for app in settings.HOUSE:
        if find_spec(f"tests.{app}") and find_spec(f"tests.{app}.samples"):
            found |= import_module(f"tests.{app}.samples").SAMPLES
    return found


def token(slug: str = "harbor") -> str:
    """A token whose role holds every permission there is."""
    practice = Practice.objects.get(slug=slug)
    actor = system_actor(practice_id=practice.id)
    with within(actor):
        role = Role.objects.create(practice_id=practice.id, code=f"all{next(_numbers)}", name="All")
        for permission in all_permissions():
            RolePermission.objects.create(practice_id=practice.id, role=role, permission=str(permission))
        _, raw = issue_token("test", role=role, actor=actor)
    return raw


def machine(slug: str = "harbor") -> Client:
    """A client of the API that may do everything in one practice."""
    return Client(headers={"Authorization": f"Bearer {token(slug)}"}, raise_request_exception=False)


def addresses() -> dict[str, str]:
    """The path of each endpoint ({} for parameters) → the same with ids of harbor's rows."""
    found, rows = {}, Rows()
    for name, route, entry in practice_addresses():
        if "/api/v1/" in route:
            address = filled(name, route, entry, rows)
            found[_shape_of(route)] = address.format(slug="harbor")
    return found


def _shape_of(route: str) -> str:
    return shape("/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route).replace("^", "").replace("$", ""))


def ids(slug: str = "harbor") -> dict[str, list[str]]:
    """Ids of rows, by model: at most five each."""
    found: dict[str, list[str]] = {}
    with owner_cursor() as cursor:
        cursor.execute("SELECT id FROM practice_practice WHERE slug = %s", [slug])
        practice = cursor.fetchone()[0]
        for model in apps.get_models():
            if is_tenant(model):
                cursor.execute(
                    f'SELECT id FROM "{model._meta.db_table}" WHERE practice_id = %s ORDER BY id LIMIT 5',
                    [practice],
                )
                found[model._meta.label] = [str(row[0]) for row in cursor.fetchall()]
    return found


class World:
    """What there is to ask about: made once, read by every test of a file."""

    def __init__(self) -> None:
        token("harbor")  # the first one: a page that revokes tokens may have it
        self.client = machine("harbor")
        self.foreign = machine("summit")
        self.nobody = Client(raise_request_exception=False)
        self.addresses = addresses()
        self.ours, self.theirs = ids("harbor"), ids("summit")

    def at(self, operation: Operation) -> str:
        """An operation's address with ids of harbor's rows."""
        return self.addresses[shape(operation.path)]
