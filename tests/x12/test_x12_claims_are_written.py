"""write_837p: accepted by the independent validator, read back unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from x12_samples import (
    BILLING,
    CHILD,
    HOME,
    PARENT,
    PAYER,
    SELF,
    SUBMITTER,
    batch,
    batches,
    claim,
    delimiter_sets,
    full_claim,
    pyx12_verdict,
    service_line,
    write,
)

from billing import x12

D = Decimal


def segments(text: str, *starts: str) -> list[str]:
    return [line.rstrip("~") for line in text.splitlines() if line.startswith(starts)]


def many_claims(number: int, **changes: object) -> list[x12.ClaimData]:
    return [claim(claim_id=f"WR{n}", **changes) for n in range(number)]


BATCHES = {
    "patient is the subscriber": batch(),
    "patient is a dependent": batch(claim(subscriber=PARENT, patient=CHILD)),
    "everything": batch(full_claim()),
    "mixed people": batch(
        claim(),
        claim(claim_id="WR2", subscriber=PARENT, patient=CHILD),
        claim(claim_id="WR3", subscriber=PARENT, patient=replace(CHILD, first_name="LEE")),
        claim(claim_id="WR4", subscriber=replace(SELF, sequence="S", insurance_type="12", filing_code="MB")),
    ),
    "fifty lines": batch(
        claim(charge=D(5000), lines=tuple(service_line(control_number=f"L{n}") for n in range(50)))
    ),
    "a person bills": batch(
        billing_provider=replace(BILLING, first_name="DANA", tax_id_qualifier="SY", taxonomy="", pay_to=HOME)
    ),
    "void": batch(claim(frequency="8", payer_control_number="PCN1")),
    "payer with address, e-mail only": batch(
        claim(payer=replace(PAYER, address=HOME)), submitter=replace(SUBMITTER, phone="", extension="")
    ),
}


@pytest.mark.parametrize("value", BATCHES.values(), ids=BATCHES.keys())
def test_each_kind_of_claim_is_accepted_by_pyx12_and_read_back(value: x12.Batch837P) -> None:
    text = write(value)
    accepted, report = pyx12_verdict(text)
    assert accepted, report
    result = x12.parse_837p(text)
    assert result.batches == (value,)
    assert result.warnings == ()


@settings(deadline=None, max_examples=10)
@given(batches())
def test_any_batch_is_accepted_by_pyx12(value: x12.Batch837P) -> None:
    accepted, report = pyx12_verdict(write(value))
    assert accepted, report


@settings(deadline=None, max_examples=30)
@given(batches(), delimiter_sets)
def test_any_batch_is_read_back_the_same_for_any_delimiters(
    value: x12.Batch837P, delimiters: x12.Delimiters
) -> None:
    result = x12.parse_837p(write(value, delimiters=delimiters))
    assert result.batches == (value,)
    assert result.warnings == ()


def test_control_numbers_come_from_the_caller_and_are_read_back() -> None:
    text = write(batch())
    assert segments(text, "GE", "IEA", "SE") == ["SE*25*0009", "GE*1*8", "IEA*1*000000007"]
    (read,) = x12.parse_837p(text).batches
    numbers = (read.interchange_control, read.group_control, read.control_number, read.reference)
    assert numbers == ("000000007", "8", "0009", "BATCH1")


def test_levels_are_numbered_and_a_hundred_claims_share_one() -> None:
    value = batch(
        *many_claims(150),
        *[claim(claim_id=f"D{n}", subscriber=PARENT, patient=CHILD) for n in range(101)],
    )
    text = write(value)
    assert segments(text, "HL") == [
        "HL*1**20*1", "HL*2*1*22*0", "HL*3*1*22*0", "HL*4*1*22*1", "HL*5*4*23*0", "HL*6*4*23*0",
    ]  # fmt: skip
    assert x12.parse_837p(text).batches == (value,)
    assert pyx12_verdict(text)[0]


def test_a_position_in_the_file_leads_to_the_claim() -> None:
    text = write(batch(claim(), full_claim()))
    lines = text.splitlines()
    for read in x12.parse_837p(text).batches[0].claims:
        assert lines[read.segment_number - 1].startswith(f"CLM*{read.claim_id}*")


def test_a_dependents_claim_does_not_carry_the_subscribers_birth_date() -> None:
    text = write(batch(claim(subscriber=SELF, patient=CHILD)))
    assert segments(text, "DMG") == ["DMG*D8*20150506*U"]


def test_text_is_brought_into_the_character_set_and_loses_the_delimiters() -> None:
    person = replace(
        SELF, last_name="Núñez~Groß*", first_name="Zoë:\n  Ann", address=replace(HOME, line1="5 “Elm”")
    )
    text = write(batch(claim(subscriber=person, note="片A^B")))
    assert segments(text, "NM1*IL") == ["NM1*IL*1*NUNEZGROSS*ZOE ANN****MI*M100"]
    assert segments(text, "NTE") == ["NTE*ADD*AB"]
    assert segments(text, "N3*5") == ['N3*5 "ELM"*APT 2']
    assert text.isascii()


def test_points_and_hyphens_of_codes_are_left_out() -> None:
    value = batch(claim(diagnoses=("J02.9",)), billing_provider=replace(BILLING, tax_id="12-3456789"))
    text = write(value)
    assert segments(text, "HI", "REF*EI") == ["REF*EI*123456789", "HI*ABK:J029"]


@pytest.mark.parametrize(
    ("amount", "written"),
    [(D("100"), "100"), (D("100.00"), "100"), (D("0.50"), "0.5"), (D("1E+2"), "100"), (D("0"), "0")],
)
def test_money_is_written_in_its_shortest_form(amount: D, written: str) -> None:
    text = write(batch(claim(charge=amount, lines=(service_line(charge=amount),))))
    assert segments(text, "CLM")[0].split("*")[2] == written


def bad_line(**changes: object) -> dict[str, object]:
    return {"lines": (service_line(**changes),)}


ORG = x12.Provider("X", "1234567890")
REFUSED_CLAIMS = [
    ({"claim_id": ""}, "claim id", "CLM"),
    ({"claim_id": "A" * 39}, "claim id", "CLM"),
    ({"claim_id": "abc"}, "claim id", "CLM"),
    ({"place_of_service": ""}, "place of service missing", "CLM"),
    ({"frequency": "2"}, "frequency", "CLM"),
    ({"frequency": "7"}, "payer control number", "REF"),
    ({"diagnoses": ()}, "1 to 12 diagnoses", "HI"),
    ({"diagnoses": ("J029",) * 13}, "1 to 12 diagnoses", "HI"),
    ({"diagnoses": ("123",)}, "ICD-10", "HI"),
    ({"lines": (), "charge": D(0)}, "1 to 50 lines", "LX"),
    ({"charge": D("100.01")}, "sum of its lines", "CLM"),
    ({"lines": (service_line(), service_line()), "charge": D(200)}, "same control number", "REF"),
    ({"subscriber": replace(SELF, last_name="片")}, "subscriber last name missing", "NM1"),
    ({"subscriber": replace(SELF, member_id="")}, "member id missing", "NM1"),
    ({"subscriber": replace(SELF, sequence="X")}, "P, S or T", "SBR"),
    ({"subscriber": replace(SELF, birth_date=None)}, "birth date", "DMG"),
    ({"subscriber": replace(SELF, sex="")}, "birth date", "DMG"),
    ({"subscriber": PARENT}, "address", "DMG"),
    ({"subscriber": replace(SELF, address=replace(HOME, zip_code="1"))}, "patient zip code", "N4"),
    ({"payer": replace(PAYER, identifier="")}, "payer id missing", "NM1"),
    ({"patient": replace(CHILD, relationship="18")}, "must not be listed apart", "PAT"),
    ({"patient": replace(CHILD, relationship="")}, "relationship missing", "PAT"),
    ({"patient": replace(CHILD, last_name="")}, "patient last name missing", "NM1"),
    ({"referring": ORG}, "referring provider NPI", "NM1"),
    ({"rendering": x12.Provider("", "")}, "rendering provider name missing", "NM1"),
    ({"supervising": x12.Provider("X", "", taxonomy="1")}, "supervising provider taxonomy", "PRV"),
    ({"facility": x12.Facility("", HOME)}, "facility name missing", "NM1"),
    ({"facility": x12.Facility("X", replace(HOME, line1=""))}, "facility street missing", "N3"),
    (bad_line(control_number=""), "line control number", "REF"),
    (bad_line(procedure="9921"), "procedure code", "SV1"),
    (bad_line(modifiers=("25",) * 5), "four modifiers", "SV1"),
    (bad_line(modifiers=("255",)), "four modifiers", "SV1"),
    (bad_line(charge=D(-1)) | {"charge": D(-1)}, "not negative", "SV1"),
    (bad_line(charge=D("1.005")) | {"charge": D("1.005")}, "whole cents", "SV1"),
    (bad_line(units=D(0)), "units above zero", "SV1"),
    (bad_line(unit="XX"), "units above zero", "SV1"),
    (bad_line(pointers=()), "1 to 4 diagnoses", "SV1"),
    (bad_line(pointers=(2,)), "1 to 4 diagnoses", "SV1"),
    (bad_line(service_end=date(2026, 2, 9)), "ends before it begins", "DTP"),
    (bad_line(drug=x12.Drug("1", D(1), "ML")), "eleven digits", "LIN"),
]


@pytest.mark.parametrize(("change", "message", "segment_id"), REFUSED_CLAIMS)
def test_a_claim_that_cannot_be_right_is_refused_by_name(
    change: dict[str, object], message: str, segment_id: str
) -> None:
    bad = claim(**({"claim_id": "BAD"} | change))
    assert [p.segment_id for p in x12.claim_problems(bad)][:1] == [segment_id]
    with pytest.raises(x12.X12Error, match=message) as caught:
        write(batch(claim(), bad))
    error = caught.value
    assert (error.segment_id, error.claim, error.transaction) == (segment_id, bad.claim_id, "0009")
    assert error.segment_number > 3


REFUSED_BATCHES = [
    ({"claims": ()}, "no claim"),
    ({"claims": (claim(), claim())}, "same id"),
    ({"reference": ""}, "batch reference missing"),
    ({"receiver": x12.Receiver("", "R")}, "receiver name missing"),
    ({"submitter": replace(SUBMITTER, contact_name="")}, "contact missing"),
    ({"submitter": replace(SUBMITTER, phone="", email="")}, "phone or e-mail missing"),
    ({"billing_provider": replace(BILLING, npi="1234567890")}, "NPI"),
    ({"billing_provider": replace(BILLING, tax_id="1")}, "tax id is not nine digits"),
    ({"billing_provider": replace(BILLING, tax_id_qualifier="XX")}, "EI or SY"),
    ({"billing_provider": replace(BILLING, taxonomy="1")}, "taxonomy"),
    ({"billing_provider": replace(BILLING, address=replace(HOME, zip_code="12180"))}, "nine digits"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED_BATCHES)
def test_a_batch_without_its_people_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(x12.X12Error, match=message):
        write(replace(batch(), **change))


def test_a_valid_claim_has_no_problems() -> None:
    assert list(x12.claim_problems(full_claim())) == []
    assert list(x12.batch_problems(batch())) == []
