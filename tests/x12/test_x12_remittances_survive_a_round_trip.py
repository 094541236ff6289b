"""parse(write(x)) == x for any legal delimiters; the digest sees content, not dress."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from x12_samples import (
    ADDRESSING,
    SAMPLE_835,
    WHEN,
    delimiter_sets,
    pyx12_verdict,
    replaced,
    transactions,
    write_remittance,
)

from billing import x12

D = Decimal


@settings(deadline=None, max_examples=30)
@given(st.lists(transactions(), min_size=1, max_size=2), delimiter_sets)
def test_what_is_written_is_read_back_the_same(
    values: list[x12.Transaction835], delimiters: x12.Delimiters
) -> None:
    result = x12.parse_835(write_remittance(*values, delimiters=delimiters))
    assert result.transactions == tuple(values)
    assert {w.message for w in result.warnings} <= {"segment not expected here, kept unread"}
    for value, read in zip(values, result.transactions, strict=True):
        assert x12.transaction_digest(value) == x12.transaction_digest(read)


def test_the_own_sample_survives_and_is_accepted_by_the_independent_validator() -> None:
    (value,) = x12.parse_835(SAMPLE_835).transactions
    text = write_remittance(value)
    assert x12.parse_835(text).transactions == (value,)


def test_a_remittance_as_the_sandbox_payer_makes_it_is_accepted_by_pyx12() -> None:
    party = {"address": ("1 PAYER PLAZA",), "city": "ALBANY", "state": "NY", "zip_code": "12207"}
    line = x12.Line835(
        x12.Procedure("HC", "99213"), D(100), D(60), units=D(1),
        dates=(x12.DatedEvent("472", date(2026, 2, 10)),),
        adjustments=(x12.Adjustment("CO", "45", D(20)), x12.Adjustment("PR", "2", D(20))),
        references=(x12.Reference("6R", "L1"),), amounts=(x12.Amount("B6", D(80)),),
    )  # fmt: skip
    claim = x12.Claim835(
        "WR1", "1", D(100), D(60), D(20), "12", "PCN1", "11", "1", header_number="1", lines=(line,),
        names=(x12.Name("QC", "DOE", "JANE", id_qualifier="MI", identifier="M100"),),
        dates=(x12.DatedEvent("050", date(2026, 2, 12)),),
    )  # fmt: skip
    payment = x12.Payment(
        D(60), "ACH", date(2026, 3, 4), format="CCP", payer_bank_qualifier="01", payer_bank="021000021",
        payer_account_qualifier="DA", payer_account="111", originator_id="1999999999",
        payee_bank_qualifier="01", payee_bank="021000021", payee_account_qualifier="DA", payee_account="222",
    )  # fmt: skip
    value = x12.Transaction835(
        "0001", payment, x12.Trace("EFT1", "1999999999"),
        x12.Party("PR", "SANDBOX HEALTH", "XV", "87726", **party, contacts=(
            x12.Contact("BL", "HELP", (("TE", "8005550100"),)),)),
        x12.Party("PE", "ELM STREET CLINIC", "XX", "1234567893", **party),
        dates=(x12.DatedEvent("405", date(2026, 3, 3)),), groups=(x12.HeaderGroup("1"),), claims=(claim,),
    )  # fmt: skip
    text = write_remittance(value)
    accepted, report = pyx12_verdict(text)
    assert accepted, report
    assert x12.imbalances(x12.parse_835(text).transactions[0]) == []


SAME_CONTENT = [
    SAMPLE_835.replace("\n", ""),
    SAMPLE_835.translate(str.maketrans("*:~^", "|>!&")),
    SAMPLE_835.replace("*.20*", "*0.2*").replace("BPR*I*160*", "BPR*I*160.00*"),
    SAMPLE_835.replace("*19.8~", "*19.80****~"),
    SAMPLE_835.replace("ST*835*0001", "ST*835*0009").replace("SE*41*0001", "SE*41*0009"),
]


@pytest.mark.parametrize("text", SAME_CONTENT)
def test_the_digest_does_not_see_delimiters_number_style_or_control_numbers(text: str) -> None:
    (one,), (other,) = x12.parse_835(SAMPLE_835).transactions, x12.parse_835(text).transactions
    assert x12.transaction_digest(one) == x12.transaction_digest(other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("BPR*I*160", "BPR*I*160.01"),
        ("REF*6R*L1", "REF*6R*L2"),
        ("CLP*WR2", "CLP*0WR2"),
        ("*L6:PCN9*-5", "*L6:PCN9*5"),
        ("LQ*HE*N381", "XYZ*1"),
        ("DTM*050*20260212", "DTM*050*20269999"),
    ],
)
def test_the_digest_sees_every_change_of_content(old: str, new: str) -> None:
    (one,), (other,) = (
        x12.parse_835(SAMPLE_835).transactions,
        x12.parse_835(replaced((old, new))).transactions,
    )
    assert x12.transaction_digest(one) != x12.transaction_digest(other)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"usage": "X"}, "usage must be P"),
        ({"interchange_control": 0}, "one to nine digits"),
        ({"group_control": 10**9}, "one to nine digits"),
        ({"addressing": x12.Addressing("ZZ", "", "ZZ", "B")}, "needs 1 to 15 characters"),
        ({"addressing": x12.Addressing("ZZ", "A", "ZZZ", "B")}, "needs 1 to 2 characters"),
        ({"delimiters": x12.Delimiters("*", "*")}, "differ"),
        ({"delimiters": x12.Delimiters(element="-")}, "minus"),
        ({"delimiters": x12.Delimiters(repetition="")}, "repetition delimiter missing"),
    ],
)
def test_an_envelope_x12_does_not_allow_is_refused(change: dict[str, object], message: str) -> None:
    good: dict[str, object] = {
        "addressing": ADDRESSING, "interchange_control": 1, "group_control": 1, "when": WHEN, "usage": "P",
    }  # fmt: skip
    assert x12.write_835([], **good)  # type: ignore[arg-type]
    with pytest.raises(x12.X12Error, match=message):
        x12.write_835([], **(good | change))  # type: ignore[arg-type]


def test_a_transaction_control_number_of_the_wrong_length_is_refused() -> None:
    value = x12.Transaction835("1", x12.Payment(D(0), "NON", None), x12.Trace("T"))
    with pytest.raises(x12.X12Error, match="4 to 9 letters"):
        write_remittance(value)
