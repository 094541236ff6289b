"""What the API promises for every operation, asked of every operation there is (ARCHITECTURE.md 10).

Nothing is listed: an endpoint that is added tomorrow is asked the same questions.
"""

import json

import pytest

from practice.models import IdempotencyKey
from tests.api.operations import NOWHERE, ask, is_problem, operations, shape
from tests.api.world import within
from tests.cast import actor_named
from tests.tiers import DEEP, share

pytestmark = [pytest.mark.deep, pytest.mark.django_db]
METHODS = {"get", "post", "put", "patch", "delete"}
BOMB = "[" * 5_000 + "]" * 5_000
# Bodies no operation takes, and what may be said about each.
BROKEN = {
    "not json": ("{", {400}),
    "a list": ("[]", {400}),
    "a number": ("1", {400}),
    "a nested bomb": (BOMB, {400}),
    "not a number": ('{"a": NaN}', {400}),
    "beyond all numbers": ('{"a": 1e400}', {400}),
    "digits without end": ('{"a": ' + "9" * 5_000 + "}", {400}),
    "a name twice": ('{"a": 1, "a": 2}', {400}),
    "half a surrogate pair": ('{"a": "\\ud800"}', {400}),
    "not utf-8": (b'{"a": "\xff"}', {400}),
    "too large": ('{"a": "' + "x" * 1_000_001 + '"}', {413}),
    "an unknown field": ('{"colour": "red"}', {422}),
    "a practice": ('{"practice": "' + NOWHERE + '"}', {422}),
}


def test_every_operation_answers_what_it_promises(world):
    problems, asked, some = [], 0, share(operations(), one_in=10)
    for number, operation in enumerate(some):
        for name, allowed, answer in questions(operation, number, world):
            asked += 1
            if answer.status_code not in allowed:
                problems.append(
                    f"{operation.id}: {name}: {answer.status_code} {answer.content[:120]!r}, not {allowed}"
                )
            elif answer.status_code >= 400 and answer.content and not is_problem(answer):
                problems.append(f"{operation.id}: {name}: no problem+json: {answer.content[:120]!r}")
            if answer.get("Access-Control-Allow-Origin"):
                problems.append(f"{operation.id}: {name}: opens itself to other sites")
    assert not problems, f"{len(problems)}\n" + "\n".join(problems[:60])
    assert asked > 10 * len(some)


# The schema cannot say that one of several parameters must be given.
ONE_OF_SEVERAL = {"availability_list"}


def questions(operation, number, world):
    address, client, nobody = world.at(operation), world.client, world.nobody
    yield "nobody asks", {401}, ask(nobody, operation, address=address)
    yield "another practice asks", {404}, ask(world.foreign, operation, address=address)
    bad = {"Authorization": "Bearer wr_nonsense"}
    yield "a made-up token asks", {401}, ask(nobody, operation, address=address, **bad)
    yield "an unknown parameter", {400}, ask(client, operation, address=f"{address}?colour=red")
    yield "html is wanted", {406}, ask(client, operation, address=address, Accept="text/html")
    yield "no slash at the end", {404}, ask(client, operation, address=address.rstrip("/"))
    gone = operation.address()
    if NOWHERE in gone:
        yield "a record that is not there", {404, 422, 428}, ask(client, operation, address=gone)
    if operation.method == "get":
        yield from reading(operation, address, client)
    else:
        yield from writing(operation, number, address, client)


def reading(operation, address, client):
    whole = client.get(address)
    asks = any(each.get("required") for each in operation.parameters("query").values())
    asks = asks or operation.id in ONE_OF_SEVERAL
    right = {422} if asks else {200}
    yield "it is read", right, whole
    assert whole["Cache-Control"] == "no-store", operation.id
    head = client.head(address)
    assert not head.content, operation.id
    yield "only the head is read", right, head
    for name in operation.parameters("query"):
        twice = client.get(f"{address}?{name}=1&{name}=2")
        yield f"{name} is given twice", {400}, twice
    for given in ("0", "201", "-1", "x", "", "9" * 30):
        if "page_size" in operation.parameters("query"):
            right = {422} if given else {400}
            yield f"page_size {given}", right, client.get(f"{address}?page_size={given}")
    for given in ("x", "cD1ub25zZW5zZQ==", "bz0x", "Zm9vPWJhcg==", "%ff"):
        if "cursor" in operation.parameters("query") and given != "bz0x":
            yield f"cursor {given}", {422}, client.get(f"{address}?cursor={given}")


def writing(operation, number, address, client):
    every = list(BROKEN.items())
    # Every operation gets all of them in the deep tier, a few in turn otherwise: the parser is one for all.
    start = 0 if DEEP else (3 * number) % len(every)
    for name, (body, allowed) in every if DEEP else (every * 2)[start : start + 3]:
        yield name, allowed, ask(client, operation, address=address, body=body)
    plain = client.generic(
        operation.method.upper(), address, "a=1", "text/plain", headers=operation.headers()
    )
    yield "text instead of json", {415}, plain
    latin = client.generic(
        operation.method.upper(),
        address,
        '{"a": 1}',
        "application/json; charset=latin-1",
        headers=operation.headers(),
    )
    yield "another charset", {400, 415}, latin
    if operation.method == "post":
        for key in ("", "k" * 81, "with space", "é"):
            yield (
                f"the key {key[:12]!r}",
                {400, 428},
                ask(client, operation, address=address, Idempotency_Key=key),
            )
    for header in ("Idempotency-Key", "If-Match"):
        if operation.needs(header):
            headers = {name: value for name, value in operation.headers().items() if name != header}
            bare = client.generic(
                operation.method.upper(), address, "{}", "application/json", headers=headers
            )
            yield f"no {header}", {428}, bare


def test_every_address_knows_its_methods_and_no_others(world):
    client, wrong = world.client, []
    known = {}
    for operation in operations():
        known.setdefault(shape(operation.path), set()).add(operation.method)
    for path, methods in share(known.items(), one_in=6):
        for method in METHODS - methods:
            answer = client.generic(method.upper(), world.addresses[path], "{}", "application/json")
            allow = {word.strip().lower() for word in answer.get("Allow", "").split(",")}
            if (answer.status_code, allow & METHODS) != (405, methods) or not is_problem(answer):
                wrong.append(f"{method} {path}: {answer.status_code} {allow}")
        told = client.options(world.addresses[path], headers={"Origin": "https://elsewhere.example"})
        if told.status_code != 204 or any(name.startswith("Access-Control") for name in told.headers):
            wrong.append(f"options {path}: {told.status_code}")
    assert not wrong, "\n".join(wrong)


def test_a_refused_request_leaves_its_key_free(world):
    for operation in share(operations(), one_in=6):
        if operation.method == "post":
            ask(world.client, operation, address=world.at(operation), body='{"colour": "red"}')
    with within(actor_named("owner")):
        assert not IdempotencyKey.objects.exists()


def test_the_api_never_says_which_of_unknown_and_foreign_a_record_is(world):
    """Summit's ids in harbor's addresses read exactly like ids of nobody."""
    told, asked = [], 0
    every = sorted({each[0] for each in world.theirs.values() if each})
    for number, operation in enumerate(share(operations(), one_in=6)):
        if operation.method != "get" or NOWHERE not in operation.address():
            continue
        nothing = plain(world.client.get(operation.address()))
        for foreign in every if DEEP else every[number % 20 :: 20]:
            asked += 1
            answer = plain(world.client.get(operation.address().replace(NOWHERE, foreign)))
            if answer != nothing or answer["status"] != 404:
                told.append(f"{operation.id}: {answer}")
    assert not told, "\n".join(told[:50])
    assert asked > 20


def plain(answer):
    return {name: value for name, value in json.loads(answer.content).items() if name != "request_id"}
