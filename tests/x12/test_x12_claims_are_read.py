"""parse_837p: reads more than we send, and refuses what has lost a required part."""

from __future__ import annotations

from dataclasses import replace

import pytest
from x12_samples import CHILD, PARENT, batch, claim, full_claim, service_line, write

from billing import x12

TEXT = write(batch(full_claim(), claim(subscriber=PARENT, patient=CHILD)))


def changed(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ST*837", "ST*835", "not an 837"),
        ("BHT*", "XYZ*", "BHT, submitter or receiver is missing"),
        ("NM1*41", "NM1*XX", "BHT, submitter or receiver is missing"),
        ("HL*1**20*1~", "HL*1**99*1~", "unknown level"),
        ("NM1*85", "NM1*XX", "name 85 is missing"),
        ("HL*1**20*1~\n", "", "claim without header|subscriber"),
        ("SBR*P*18", "XYZ*P*18", "SBR is missing"),
        ("NM1*IL*1*DOE", "NM1*XX*1*DOE", "name IL is missing"),
        ("DMG*D8*20150506*U", "DMG*D8**U", "birth date is missing"),
        ("NM1*QC*1*ROE*KIM~\nN3*1 ELM STREET*APT 2", "NM1*QC*1*ROE*KIM", "address is missing"),
        ("CLM*WR1*100", "CLM*WR1*", "amount missing"),
        ("SV1*HC:99213*100*UN*1***1", "SV1*HC:99213*100*UN*1***A", "pointer is not a number"),
        ("SV1*HC:99213*100*UN*1***1", "XYZ*1", "SV1 or its date is missing"),
        ("DTP*472*D8*20260210~\nREF*6R*L1", "DTP*472*D8*20269999~\nREF*6R*L1", "not a date"),
    ],
)
def test_a_file_that_lost_a_required_part_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(x12.X12Error, match=message) as caught:
        x12.parse_837p(changed(old, new))
    assert caught.value.segment_number > 2


def test_a_line_before_any_claim_is_refused() -> None:
    text = write(batch()).replace("CLM*WR1", "LX*1~CLM*WR1")
    with pytest.raises(x12.X12Error, match="service line outside a claim"):
        x12.parse_837p(text)


def test_another_payers_loop_is_skipped_with_warnings_and_does_not_leak_into_the_claim() -> None:
    loop = (
        "SBR*S*18*******MB~\nAMT*F5*99~\nREF*G1*OTHER~\nOI***Y***Y~\n"
        "NM1*IL*1*OTHER*NAME****MI*X9~\nNM1*82*1*OTHER~\nNM1*PR*2*OTHER*****PI*1~\nLX*1"
    )
    text = write(batch()).replace("LX*1", loop)
    result = x12.parse_837p(text)
    assert result.batches[0].claims == (claim(),)
    skipped = [w.segment_id for w in result.warnings if w.message == "segment skipped"]
    assert skipped == ["SBR", "OI"]
    assert {w.claim for w in result.warnings if w.message == "segment skipped"} == {"WR1"}


def test_several_billing_providers_of_one_transaction_give_several_batches() -> None:
    text = write(batch())
    start, end = text.index("HL*1"), text.index("SE*25*")
    result = x12.parse_837p(text[:end] + text[start:end] + text[end:])
    assert [len(found.claims) for found in result.batches] == [1, 1]


def test_a_billing_level_without_claims_gives_no_batch() -> None:
    text = write(batch())
    result = x12.parse_837p(text[: text.index("HL*2")] + text[text.index("SE*25*") :])
    assert result.batches == ()


def test_elements_others_leave_out_have_plain_meanings() -> None:
    text = write(batch(claim(lines=(service_line(),))))
    for old, new in (
        ("SV1*HC:99213*100*UN*1***1", "SV1*HC:99213*100*UN****1"),
        ("HI*ABK:J029~\n", ""),
        ("PER*IC*BO LEE*TE*5185550100*EX*12*EM*BO@ELM.EXAMPLE~\n", ""),
    ):
        assert old in text
        text = text.replace(old, new)
    (read,) = x12.parse_837p(text).batches
    assert read.submitter.contact_name == ""
    assert read.claims[0].diagnoses == ()
    assert read.claims[0].lines == claim().lines


def test_a_drug_without_quantity_counts_one_and_other_product_numbers_are_left() -> None:
    text = write(batch(full_claim()))
    (read,) = x12.parse_837p(text.replace("CTP****1.5*ML", "CTP*****ML")).batches
    drug = read.claims[0].lines[1].drug
    assert drug is not None
    assert drug.quantity == 1
    for old, new in (("LIN**N4", "LIN**EN"), ("CTP****1.5*ML~\n", "")):
        (read,) = x12.parse_837p(text.replace(old, new)).batches
        assert read.claims[0].lines[1].drug is None


def test_an_accident_date_without_a_cause_is_kept() -> None:
    text = write(batch(full_claim())).replace("*AA:EM::NY", "")
    (read,) = x12.parse_837p(text).batches
    accident = full_claim().accident
    assert accident is not None
    assert read.claims[0].accident == replace(accident, causes=(), state="")


def test_a_transaction_without_a_body_gives_no_batch() -> None:
    text = write(batch())
    result = x12.parse_837p(text[: text.index("BHT*")] + text[text.index("SE*25*") :])
    assert result.batches == ()
