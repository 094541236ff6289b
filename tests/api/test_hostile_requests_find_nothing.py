"""Anything may come in, on any address and method; nothing answers 5xx, and nothing sleeps because SQL told it to."""

import logging
import os
import re
import time
from collections import Counter

import pytest
from django.apps import apps
from django.test import Client

from practice.checks import is_tenant
from practice.models import User
from tests.api.hostile import SQL, requests
from tests.api.operations import operations
from tests.api.world import World
from tests.security.test_no_address_shows_another_practice import Rows, filled, practice_addresses
from tests.tiers import DEEP

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
SLEEPS = 2.5  # seconds; the probes ask for three
COUNT = int(os.environ.get("WELLRUN_HOSTILE", "20000" if DEEP else "300"))
PARAMETERS = (
    "q", "page", "size", "sort", "view", "after", "day", "month", "date", "from", "to", "column", "density", "next",
    "cursor", "page_size", "updated_since", "state", "payer", "patient", "provider", "location", "line", "type",
    "idempotency_key", "csrfmiddlewaretoken", "version", "reason", "file", "practice", "tab", "format", "id",
)  # fmt: skip
OUTSIDE = (
    "/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/2fa/", "/api/schema/",
    "/api/docs/", "/livez", "/readyz", "/static/x", "/demo/mailbox/", "/demo/mailbox/x/", "/p/", "/p/harbor",
)  # fmt: skip


def names():
    """Parameters of ours: those of the API, of every form (named after columns) and of the pages."""
    known = set(PARAMETERS)
    for operation in operations():
        known |= set(operation.parameters("query")) | set((operation.body or {}).get("properties", {}))
    for model in apps.get_models():
        if is_tenant(model):
            known |= {field.name for field in model._meta.concrete_fields}
    return tuple(sorted(known))


def every_address(world: World):
    rows = Rows()
    found = {filled(*each, rows).format(slug="harbor") for each in practice_addresses()}
    return sorted(found | set(OUTSIDE))


def people(world):
    """A machine, an owner without CSRF checks (to get past them), one with, and nobody."""
    owner = User.objects.get(email="owner@harbor.example")
    signed = [
        Client(raise_request_exception=False),
        Client(raise_request_exception=False, enforce_csrf_checks=True),
    ]
    for client in signed:
        client.force_login(owner)
    return [world.client, signed[0], signed[0], signed[1], world.nobody]


def test_no_hostile_request_answers_5xx(world, evidence, settings, tmp_path):
    settings.MEDIA_ROOT, settings.OUTGOING, settings.INCOMING = tmp_path / "m", tmp_path / "o", tmp_path / "i"
    crowd, wrong, statuses = people(world), {}, Counter()
    began = time.monotonic()
    logging.disable(logging.WARNING)
    try:
        for number, (method, address, body, kind, headers) in enumerate(
            requests(every_address(world), names=names(), count=COUNT, seed=20261122)
        ):
            answer = send(crowd[number % len(crowd)], method, address, body, kind, headers)
            statuses[answer.status_code] += 1
            if answer.status_code >= 500:
                place = re.sub(r"[0-9a-f-]{36}", "<id>", address.split("?")[0])[:80]
                wrong.setdefault(
                    f"{method} {place}", f"{address[:300]} {kind} {headers} {body[:200]!r}"[:900]
                )
    finally:
        logging.disable(logging.NOTSET)
    evidence(
        requests=COUNT,
        addresses=len(every_address(world)),
        statuses=dict(sorted(statuses.items())),
        server_errors=sum(statuses[code] for code in statuses if code >= 500),
        seconds=round(time.monotonic() - began, 1),
    )
    assert not wrong, f"{len(wrong)}\n" + "\n".join(
        f"{kind}: {words}" for kind, words in sorted(wrong.items())
    )


def send(client, method, address, body, kind, headers):
    """One request, as raw as the test client lets it be."""
    extra = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if f"HTTP_{name}" in extra:
            extra[name] = extra.pop(f"HTTP_{name}")
    extra = {"CONTENT_TYPE": kind} | extra
    path, _, query = address.partition("?")
    return client.generic(method, path, body, kind, QUERY_STRING=query, **extra)


def timed(client, address, query):
    """An answer and the seconds it took."""
    began = time.monotonic()
    return client.get(address, query), time.monotonic() - began


def sleeps(client, address, *, name, probe):
    """Whether the probe takes so much longer than a plain word, again: a busy machine is slow with both."""
    return timed(client, address, {name: probe})[1] - timed(client, address, {name: "x"})[1] > SLEEPS


def test_no_parameter_reaches_sql_as_sql(world, evidence):
    """Every declared parameter and every page's usual ones × twelve probes: no 5xx and nobody sleeps."""
    crowd, slow, wrong, asked = people(world), [], [], 0
    pages = [address for address in every_address(world) if "/api/" not in address]
    targets = [(0, world.at(each), name) for each in operations() for name in each.parameters("query")]
    targets += [
        (1, address, name) for address in pages for name in ("q", "sort", "view", "day", "after", "state")
    ]
    logging.disable(logging.WARNING)
    try:
        for number, (who, address, name) in enumerate(targets if DEEP else targets[::32]):
            for probe in SQL if DEEP else (SQL[number % 12],):
                asked += 1
                answer, seconds = timed(crowd[who], address, {name: probe})
                if seconds > SLEEPS and sleeps(crowd[who], address, name=name, probe=probe):
                    slow.append(f"{address} {name}={probe}")
                if answer.status_code >= 500:
                    wrong.append(f"{address} {name}={probe}: {answer.status_code}")
    finally:
        logging.disable(logging.NOTSET)
    evidence(probes=asked, parameters=len(targets), slow=len(slow), server_errors=len(wrong))
    assert (slow, wrong) == ([], [])
