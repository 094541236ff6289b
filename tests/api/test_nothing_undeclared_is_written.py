"""Mass assignment: no field the schema does not declare and no row of another practice is ever taken.

Enumerated: every write × every column of its model that its body does not declare, and × every field that
holds an id, filled with the ids of another practice's rows.
"""

import json
import re

import pytest
from django.apps import apps

from practice.checks import is_tenant
from tests.api.operations import NOWHERE, ask, kinds_of, operations, resolved
from tests.security.two_practices import fingerprint
from tests.tiers import DEEP, share

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
WRITES = [operation for operation in operations() if operation.method != "get"]
ID = re.compile(r"^[0-9a-f]{8}-[0-9a-f-]{27}$")


def sample(node, name=""):
    """A plain value of a schema."""
    node = resolved(node)
    for joined in ("allOf", "oneOf", "anyOf"):
        if node.get(joined):
            return sample(node[joined][0], name)
    if "enum" in node:
        return next(each for each in node["enum"] if each)
    kinds = kinds_of(node)
    if "array" in kinds:
        return [sample(node["items"], name)]
    if "object" in kinds:
        return {key: sample(each, key) for key, each in node.get("properties", {}).items()}
    formats = {"uuid": NOWHERE, "date": "2026-03-04", "date-time": "2026-03-04T14:00:00Z", "time": "09:00:00"}
    if node.get("format") in formats:
        return formats[node["format"]]
    return {"integer": 1, "number": 1, "boolean": True}.get(next(iter(kinds), ""), "x")


def columns():
    """Every column name of every tenant table, keys both as the model and as the table calls them."""
    names = set()
    for model in apps.get_models():
        if is_tenant(model):
            names |= {field.name for field in model._meta.concrete_fields}
            names |= {field.attname for field in model._meta.concrete_fields}
    return names


def no_column_the_schema_does_not_declare_is_taken(world):
    before, wrong = fingerprint("harbor"), []
    every = columns()
    assert len(every) > 300
    for number, operation in enumerate(share(WRITES, one_in=6)):
        body = operation.body
        valid = sample(body) if body else {}
        undeclared = sorted(every - set(valid))
        answer = ask(
            world.client,
            operation,
            address=world.at(operation),
            body=valid | dict.fromkeys(undeclared, NOWHERE),
        )
        named = set(re.split(r"[^\w]+", json.loads(answer.content).get("detail", "")))
        if answer.status_code != 422 or set(undeclared) - named:
            wrong.append(f"{operation.id}: {answer.status_code} {sorted(set(undeclared) - named)}")
        alone = sorted({"id", "practice", "practice_id", "created_by", "created_at"} - set(valid))
        for name in alone if DEEP else alone[number % len(alone) :][:1]:
            answer = ask(world.client, operation, address=world.at(operation), body=valid | {name: NOWHERE})
            if answer.status_code != 422 or f"Unknown field: {name}" not in answer.content.decode():
                wrong.append(f"{operation.id} {name}: {answer.status_code} {answer.content[:150]!r}")
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:40])
    assert changed(before) == set()


def links(node, path=()):
    """Where a body takes an id: paths of fields with format uuid."""
    node = resolved(node)
    if node.get("format") == "uuid":
        yield path
    for each in (*node.get("allOf", ()), *node.get("oneOf", ()), *node.get("anyOf", ())):
        yield from links(each, path)
    for name, each in node.get("properties", {}).items():
        yield from links(each, (*path, name))
    if "items" in node:
        yield from links(node["items"], (*path, 0))


def put(body, path, value):
    *way, last = path
    for step in way:
        body = body[step]
    body[last] = value


def no_row_of_another_practice_is_taken_in_a_body_a_query_or_a_path(world):
    ours, theirs = fingerprint("harbor"), fingerprint("summit")
    foreign = sorted({each[0] for each in world.theirs.values() if each})
    wrong, asked = [], 0
    for number, operation in enumerate(share(operations(), one_in=18)):
        some = foreign if DEEP else foreign[number % 9 :: 9]  # the others' turn comes with the next operation
        for where, answer in (
            *in_the_body(operation, world, some),
            *in_the_query(operation, world, some),
            *in_the_path(operation, world, some[:8]),
        ):
            asked += 1
            if answer.status_code not in (400, 403, 404, 409, 412, 422) and not (
                empty(answer) or done_to_none(answer)
            ):
                wrong.append(f"{operation.id} {where}: {answer.status_code} {answer.content[:150]!r}")
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:40])
    assert asked > 100
    assert changed(ours) == set()
    assert {table for table, value in fingerprint("summit").items() if theirs[table] != value} == set()


def in_the_body(operation, world, foreign):
    for path in links(operation.body) if operation.body else ():
        for key in foreign:
            body = sample(operation.body)
            put(body, path, key)
            yield f"{path} {key}", ask(world.client, operation, address=world.at(operation), body=body)


def in_the_query(operation, world, foreign):
    for name, each in operation.parameters("query").items():
        if resolved(each["schema"]).get("format") == "uuid" or name in ("patient", "payer", "provider"):
            for key in foreign:
                yield f"?{name}={key}", world.client.get(f"{world.at(operation)}?{name}={key}")


def in_the_path(operation, world, foreign):
    if NOWHERE in operation.address():
        for key in foreign:
            yield key, ask(world.client, operation, address=operation.address().replace(NOWHERE, key))


def empty(answer):
    """A list that a foreign id narrowed to nothing."""
    if answer.status_code != 200 or answer.wsgi_request.method != "GET":
        return False
    seen = json.loads(answer.content)
    return not (seen.get("results", [seen]) if isinstance(seen, dict) else seen)


def done_to_none(answer):
    """An act on many that refused each record it was asked to do."""
    return answer.status_code == 200 and json.loads(answer.content).get("done") == []


# What asking alone writes: who was refused, and that a token was used.
TRACES = (
    "practice_auditaccess",
    "practice_auditaccesspatient",
    "practice_apitoken",
    "practice_auditchange",
    "practice_lastuse",
    "practice_bulkrun",  # an act on many is kept with what it refused
    "practice_bulkitem",
)


def changed(before):
    """Tables of harbor whose rows are not what they were."""
    return {
        table
        for table, value in fingerprint("harbor").items()
        if before[table] != value and table not in TRACES
    }


def test_nothing_undeclared_and_nothing_foreign_is_taken(world):
    """Two questions of one world: what these requests commit is emptied out after the test that asks them."""
    no_column_the_schema_does_not_declare_is_taken(world)
    no_row_of_another_practice_is_taken_in_a_body_a_query_or_a_path(world)
