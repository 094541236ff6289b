"""The schema is the truth: every endpoint of the resolver, every status, words for everything, examples."""

import pytest

from kit.problem import TITLES
from kit.schema import ALWAYS, WRITES
from tests.api.operations import operations, routes, schema, shape

EVERY = operations()
NAMES = [operation.id for operation in EVERY]
# GET answers that are one list without pages, each with the reason why it cannot grow.
UNPAGED = {
    "rules_list": "the catalogue is part of the program",
    "rules_history": "the values of one rule",
    "kpis_list": "the catalogue is part of the program",
    "practice_import_columns": "the columns of one sheet",
    "checklist_steps_list": "the steps of one checklist: sixty at most",
    "patients_coverages_list": "the coverage of one patient",
    "patients_missing_consents_list": "the consent forms in use: a dozen",
    "visit_restrictions_list": "the plans one visit is kept from",
    "billing_visit_charges_list": "the charges of one visit",
}


def test_no_operation_is_missing_and_none_is_made_up():
    described = {(operation.method, shape(operation.path)) for operation in EVERY}
    assert described == routes()


def test_names_are_unique_and_plain():
    assert len(NAMES) == len(set(NAMES))
    assert [name for name in NAMES if not name.replace("_", "").isalnum() or name != name.lower()] == []


@pytest.mark.parametrize("operation", EVERY, ids=NAMES)
def test_an_operation_says_what_it_does_takes_and_answers(operation):
    assert len(operation.spec.get("description", "")) > 8
    assert operation.spec["summary"]
    assert operation.spec["tags"]
    assert operation.spec["security"] == [{"token": []}]
    expected = {*ALWAYS, *(WRITES if operation.method != "get" else ())}
    assert expected <= operation.statuses
    for status, answer in operation.spec["responses"].items():
        if int(status) >= 400 and "$ref" not in answer:
            assert list(answer["content"]) == ["application/problem+json"], status
    if operation.method == "post":
        assert "Idempotency-Key" in operation.parameters("header")
    body = operation.body
    if body is not None:
        assert body["additionalProperties"] is False


@pytest.mark.parametrize("operation", [o for o in EVERY if o.method == "get"], ids=lambda o: o.id)
def test_a_list_has_pages_or_a_reason_not_to(operation):
    content = operation.spec["responses"]["200"]["content"]["application/json"]["schema"]
    if content.get("type") == "array":
        assert operation.id in UNPAGED
    elif {"cursor", "page_size"} & set(operation.parameters("query")):
        assert operation.parameters("query")["page_size"]["schema"]["maximum"] == 200


def test_every_refusal_is_shown_once_with_an_example():
    shared = schema()["components"]["responses"]
    assert set(shared) == {f"Refused{status}" for status in (*ALWAYS, *WRITES)}
    for status in (*ALWAYS, *WRITES):
        example = shared[f"Refused{status}"]["content"]["application/problem+json"]["example"]
        assert (example["status"], example["title"]) == (status, TITLES[status])
        assert example["detail"]
    for status in (429, 503):
        assert "Retry-After" in shared[f"Refused{status}"]["headers"]


def test_every_parameter_and_field_of_a_body_has_a_type():
    vague = [
        f"{operation.id} {name}"
        for operation in EVERY
        for name, each in {**operation.parameters("query"), **operation.parameters("header")}.items()
        if not each["schema"]
    ]
    vague += [
        f"{operation.id} {name}"
        for operation in EVERY
        for name, each in (operation.body or {}).get("properties", {}).items()
        if not each
    ]
    assert vague == []
