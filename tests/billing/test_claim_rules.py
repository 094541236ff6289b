"""Each scrubber test holds what is wrong and passes what is right, on plain values."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.rules.scrub import TESTS, ClaimFacts, Found, LineFacts, run
from billing.services.rules_catalogue import CATALOGUE

LINE = LineFacts(
    number=1, charged_code="99213", code="99213", amount=Decimal("150.00"), service_date=date(2026, 3, 2),
    modifiers=("25",), diagnoses=("I10",),
)  # fmt: skip
CLEAN = ClaimFacts(
    today=date(2026, 3, 4), service_date=date(2026, 3, 2), file_by=date(2026, 5, 31), total=Decimal("150.00"),
    lines=(LINE,), diagnoses=("I10",), billing_npi="1245319599", billing_taxonomy="207Q00000X",
    billing_zip="105620001", rendering_npi="1619876547", rendering_taxonomy="207Q00000X", payer_identifier="NWH01",
    member_id="M100", coverage_starts=date(2025, 1, 1), coverage_ends=None, birth_date=date(1958, 11, 2), sex="M",
    street="4 Elm Street", city="Harborview", state="NY", zip_code="10562",
)  # fmt: skip


def line(**changes):
    return {"lines": (replace(LINE, **changes),)}


WRONG = [
    ("rendering_npi", "", {"rendering_npi": ""}, None),
    ("rendering_npi", "", {"rendering_npi": "1234567890"}, None),
    ("billing_npi", "", {"billing_npi": "1245319598"}, None),
    ("billing_taxonomy", "", {"billing_taxonomy": "207Q"}, None),
    ("billing_zip", "", {"billing_zip": "10562"}, None),
    ("payer_identifier", "", {"payer_identifier": " "}, None),
    ("member_id", "", {"member_id": ""}, None),
    ("coverage_in_force", "", {"coverage_starts": None}, None),
    ("coverage_in_force", "", {"coverage_starts": date(2026, 3, 3)}, None),
    ("coverage_in_force", "", {"coverage_ends": date(2026, 3, 1)}, None),
    ("patient_person", "", {"street": ""}, None),
    ("patient_person", "", {"state": "ZZ"}, None),
    ("patient_person", "", {"birth_date": None}, None),
    ("patient_person", "", {"birth_date": date(2026, 3, 3)}, None),
    ("patient_person", "", {"sex": ""}, None),
    ("diagnosis_missing", "", {"diagnoses": ()}, None),
    ("diagnosis_missing", "", {"diagnoses": tuple(f"I1{n}" for n in "0123456789ABC")}, None),
    ("diagnosis_shape", "", {"diagnoses": ("I10.1",)}, None),
    ("diagnosis_shape", "", {"diagnoses": ("10I",)}, None),
    ("diagnosis_pointer", "", line(diagnoses=()), 1),
    ("diagnosis_pointer", "", line(diagnoses=("E119",)), 1),
    ("diagnosis_pointer", "", line(diagnoses=("I10",) * 5), 1),
    ("procedure_code", "", line(code=""), 1),
    ("procedure_code", "", line(code="430193006"), 1),
    ("modifiers", "", line(modifiers=("2",)), 1),
    ("modifiers", "", line(modifiers=("25", "25")), 1),
    ("total", "", {"total": Decimal("150.01")}, None),
    ("total", "", {"lines": (), "total": Decimal(0)}, None),
    ("total", "", {"total": Decimal(0), **line(amount=Decimal(0))}, None),
    ("service_in_future", "", line(service_date=date(2026, 3, 5)), 1),
    ("filing_limit", "", {"file_by": date(2026, 3, 3)}, None),
    ("filing_limit", "7", {"file_by": date(2026, 3, 11)}, None),
    ("duplicate", "", line(twins=("0000001ABCD",)), 1),
    ("enrolment", "", {"enrolled": False}, None),
    ("licence", "", {"licence": "lapsed"}, None),
    ("licence", "unknown", {"licence": "unknown"}, None),
    ("format", "", {"format_problems": ("payer name missing",)}, None),
]


@pytest.mark.parametrize(("name", "parameter", "changes", "on_line"), WRONG)
def test_what_is_wrong_is_found_on_its_line(name, parameter, changes, on_line):
    found = run(name, facts=replace(CLEAN, **changes), parameter=parameter)
    assert [each.line for each in found] == [on_line]
    assert found[0].detail


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_a_clean_claim_passes_every_shipped_rule(rule):
    assert run(rule.test, facts=CLEAN, parameter=rule.parameter) == []


def test_every_test_is_used_by_a_rule_and_has_a_wrong_case():
    assert {rule.test for rule in CATALOGUE} == set(TESTS) == {name for name, *_ in WRONG}


@pytest.mark.parametrize(
    ("file_by", "days", "found"),
    [
        (date(2026, 3, 4), "", []),
        (date(2026, 3, 4), "7", [Found("The last day is 03/04/2026")]),
        (date(2026, 3, 12), "7", []),
        (date(2026, 3, 3), "7", []),
    ],
)
def test_the_filing_limit_counts_its_last_day(file_by, days, found):
    assert run("filing_limit", facts=replace(CLEAN, file_by=file_by), parameter=days) == found


def test_an_unknown_licence_is_not_a_lapsed_one():
    assert run("licence", facts=replace(CLEAN, licence="unknown")) == []
