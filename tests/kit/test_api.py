"""Endpoints: the same records, forms, services and refusals as the pages."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.toyapp import holes
from tests.kit.toyapp.models import Maker, State, Toy

TOYS = "/p/north/api/v1/toys/"


def send(client, path, body, *, method="post", **headers):
    return getattr(client, method)(path, json.dumps(body), content_type="application/json", headers=headers)


def test_a_record_shows_its_declared_fields_and_no_secret(owner, make):
    toy = make(name="Red", secret="hush")
    answer = owner.get(f"{TOYS}{toy.pk}/")
    assert answer.json()["name"] == "Red"
    assert answer.json()["price"] == "10.50"
    assert "secret" not in answer.json()
    assert answer["ETag"].startswith('"')


def test_a_list_pages_by_cursor_without_gap_or_repeat(owner, make):
    expected = [str(toy.pk) for toy in make(7)]
    address, found = f"{TOYS}?page_size=3", []
    while address:
        page = owner.get(address).json()
        found += [each["id"] for each in page["results"]]
        address = page["next"]
    assert found == expected


def test_a_list_narrows_by_the_filters_of_the_page(owner, make):
    make(name="A"), make(name="B", state=State.BROKEN)
    assert [each["name"] for each in owner.get(f"{TOYS}?state=broken").json()["results"]] == ["B"]
    assert [each["name"] for each in owner.get(f"{TOYS}?q=a").json()["results"]] == ["A"]


def test_only_what_changed_since_a_moment_can_be_asked_for(owner, make):
    old, new = make(name="Old"), make(name="New")
    Toy.objects.filter(pk=old.pk).update(updated_at=datetime(2026, 1, 1, tzinfo=UTC))
    answer = owner.get(TOYS, {"updated_since": "2026-02-01T00:00:00Z"}).json()
    assert [each["name"] for each in answer["results"]] == [new.name]


def test_a_filter_that_makes_no_sense_is_refused(owner):
    answer = owner.get(f"{TOYS}?bought_from=soon")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == "bought_from"


def test_adding_runs_the_same_service_as_the_page(owner):
    answer = send(owner, TOYS, {"name": "Red", "state": "new", "bought": "2026-03-04", "safe": False})
    assert answer.status_code == 201
    toy = Toy.objects.get()
    assert (toy.practice, str(toy.pk), toy.safe) == ("north", answer.json()["id"], False)


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"state": "new"}, "name", "Enter the name"),
        ({"name": "Gun", "state": "new"}, "name", "Choose a toy that is no weapon"),
        ({"name": "A", "state": "new", "secret": "x"}, "", "Unknown field: secret"),
        ({"name": "A", "state": "new", "practice": "south"}, "", "Unknown field: practice"),
    ],
)
def test_a_refused_body_says_what_to_mend_and_writes_nothing(owner, body, field, message):
    answer = send(owner, TOYS, body)
    assert answer.status_code == 422
    assert {"field": field, "message": message} in answer.json()["errors"]
    assert not Toy.objects.exists()


def test_a_change_touches_only_the_given_fields(owner, make):
    maker = Maker.objects.create(practice="north", name="Acme")
    toy = make(name="Red", maker=maker, state=State.SOUND)
    answer = send(owner, f"{TOYS}{toy.pk}/", {"name": "Blue"}, method="patch")
    assert answer.status_code == 200
    toy.refresh_from_db()
    assert (toy.name, toy.maker, toy.state, toy.safe) == ("Blue", maker, State.SOUND, True)


def test_a_change_against_an_older_version_is_refused(owner, make):
    toy = make(name="Red")
    old = owner.get(f"{TOYS}{toy.pk}/")["ETag"]
    toy.save()
    answer = send(owner, f"{TOYS}{toy.pk}/", {"name": "Blue"}, method="patch", If_Match=old)
    assert answer.status_code == 412
    fresh = owner.get(f"{TOYS}{toy.pk}/")["ETag"]
    assert (
        send(owner, f"{TOYS}{toy.pk}/", {"name": "Blue"}, method="patch", If_Match=fresh).status_code == 200
    )


def test_a_conflict_offers_its_alternatives(owner, make):
    answer = send(owner, f"{TOYS}{make().pk}/", {"name": "Taken"}, method="patch")
    assert answer.status_code == 409
    assert answer.json()["alternatives"] == ["Taken 2"]


def test_an_act_is_a_route_of_its_own(owner, make):
    toy = make()
    answer = send(owner, f"{TOYS}{toy.pk}/break/", {"reason": "unsafe"}, Idempotency_Key="a1")
    assert answer.json()["state"] == "broken"


def test_an_act_that_must_be_keyed_is_refused_without_a_key(owner, make):
    toy = make()
    assert send(owner, f"{TOYS}{toy.pk}/break/", {"reason": "unsafe"}).status_code == 428
    toy.refresh_from_db()
    assert toy.state == State.NEW


def test_a_repeated_key_is_answered_not_repeated(owner):
    body = {"name": "Red", "state": "new"}
    answers = [send(owner, TOYS, body, Idempotency_Key="a2") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert Toy.objects.count() == 1


def test_a_role_without_the_permission_is_told_which_one_it_lacks(clerk, make):
    answer = send(clerk, TOYS, {"name": "A", "state": "new"})
    assert (answer.status_code, answer.json()["permission"], answer.json()["roles"]) == (
        403,
        "toy.add",
        ["owner"],
    )
    assert not Toy.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[" * 20_000 + "]" * 20_000, 400),
        ('{"a":' * 50 + "1" + "}" * 50, 400),
        ("{", 400),
        ("[]", 400),
        ("1", 400),
        ('{"name": NaN}', 400),
        ('{"name": Infinity}', 400),
        (b"\xff\xfe", 400),
        ('{"name": ' + "9" * 5000 + "}", 400),
        ('{"name": "' + "a" * 1_000_001 + '"}', 413),
        ('{"name": "a\\u0000b", "state": "new"}', 422),
        ('{"name": {"a": 1}, "state": ["new"]}', 422),
        ("", 422),
        ('"' + "[" * 100 + '"', 400),
    ],
)
def test_a_malformed_body_is_refused_and_never_a_crash(owner, body, status):
    answer = owner.post(TOYS, body, content_type="application/json")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert not Toy.objects.exists()


def test_brackets_inside_text_are_no_depth(owner):
    answer = send(owner, TOYS, {"name": "[" * 50, "state": "new"})
    assert answer.status_code == 201


def test_what_is_read_over_the_api_is_noted_too(owner, make):
    toy = make()
    owner.get(TOYS)
    owner.get(f"{TOYS}{toy.pk}/")
    assert [("toyapp.toy", (toy.pk,), "listed"), ("toyapp.toy", (toy.pk,), "opened")] == holes.READS


def test_what_a_resource_does_not_declare_is_not_there(owner):
    maker = Maker.objects.create(practice="north", name="Acme")
    assert (
        send(owner, f"/p/north/api/v1/makers/{maker.pk}/", {"name": "B"}, method="patch").status_code == 405
    )
    assert owner.delete(f"{TOYS}{maker.pk}/").status_code == 405


def test_the_schema_names_every_operation_after_its_resource(client, db):
    schema = client.get("/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    operations = {op["operationId"]: op for path in schema["paths"].values() for op in path.values()}
    assert {
        "toyapp_toy_list",
        "toyapp_toy_retrieve",
        "toyapp_toy_create",
        "toyapp_toy_partial_update",
        "toyapp_toy_break",
        "toyapp_toy_mend",
        "toyapp_maker_create",
    } <= set(operations)
    assert "toyapp_maker_partial_update" not in operations
    body = schema["components"]["schemas"]["toyapp_toy_new"]
    assert body["properties"]["maker"]["format"] == "uuid"
    assert set(body["required"]) == {"name", "state"}
    parameters = {each["name"] for each in operations["toyapp_toy_list"]["parameters"]}
    assert {"q", "state", "maker", "bought_from", "updated_since", "cursor"} <= parameters


def test_a_page_of_the_api_costs_the_same_for_thirty_rows_as_for_three(owner, make):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(TOYS).status_code == 200
        return len(queries)

    for number in range(3):
        make(maker=Maker.objects.create(practice="north", name=f"M{number}"))
    few = cost()
    for number in range(27):
        make(maker=Maker.objects.create(practice="north", name=f"N{number}"))
    assert cost() == few


def test_a_refusal_leaves_its_error_where_the_middleware_logs_it(clerk):
    answer = send(clerk, TOYS, {"name": "A", "state": "new"})
    assert answer.wsgi_request.failure.permission == "toy.add"


def test_the_port_can_tell_another_body_under_the_same_key(owner):
    answer = send(owner, TOYS, {"name": "Red", "state": "new"}, Idempotency_Key="a3")
    assert json.loads(answer.wsgi_request.api_data) == {"name": "Red", "state": "new"}
