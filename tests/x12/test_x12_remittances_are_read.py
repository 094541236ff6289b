"""parse_835: everything the file says, nothing it does not say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from x12_samples import SAMPLE_835, SEGMENTS_835, replaced, segment_number

from billing import x12

D = Decimal


def parsed(text: str = SAMPLE_835) -> x12.Transaction835:
    (transaction,) = x12.parse_835(text).transactions
    return transaction


def test_payment_trace_and_parties_are_read() -> None:
    transaction = parsed()
    pay = transaction.payment
    assert (pay.amount, pay.method, pay.credit_debit, pay.day) == (D(160), "ACH", "C", date(2026, 3, 4))
    assert (pay.payer_account, pay.payee_account, pay.originator_id) == ("111", "222", "1999999999")
    assert transaction.trace == x12.Trace("EFT0042", "1999999999")
    assert transaction.payer is not None
    assert (transaction.payer.name, transaction.payer.identifier) == ("SANDBOX HEALTH", "87726")
    assert transaction.payer.address == ("1 PAYER PLAZA", "FLOOR 2")
    assert transaction.payer.contacts == (x12.Contact("BL", "HELP DESK", (("TE", "8005550100"),)),)
    assert transaction.payee is not None
    assert transaction.payee.reference("TJ") == "123456789"
    assert transaction.segment_number == segment_number("ST*835")
    assert x12.parse_835(SAMPLE_835).warnings == ()


def test_a_claim_is_read_with_people_numbers_and_remarks() -> None:
    claim = parsed().claims[0]
    assert (claim.claim_id, claim.status, claim.charge, claim.paid) == ("WR1", "1", D(150), D(60))
    assert (claim.patient_responsibility, claim.payer_control_number) == (D(40), "PCN1")
    assert (claim.facility_code, claim.frequency, claim.header_number) == ("11", "1", "1")
    assert claim.member_id == "M200"
    assert claim.reference("F8") == "OLD1"
    assert claim.reference("ZZ") == ""
    assert claim.remark_codes == ("MA01", "N381")
    assert claim.service_dates == (date(2026, 2, 10), date(2026, 2, 10))
    assert claim.amounts == (x12.Amount("AU", D(100)),)
    assert claim.segment_number == segment_number("CLP*WR1")
    assert not claim.is_reversal


def test_a_line_is_read_with_adjustments_remarks_and_our_own_number() -> None:
    first, second = parsed().claims[0].lines
    assert first.procedure == x12.Procedure("HC", "99213", ("25",))
    assert (first.charge, first.paid, first.units, first.original_units) == (D(100), D(60), D(1), D(2))
    assert first.control_number == "L1"
    assert first.remarks == (x12.Remark("HE", "N381"),)
    assert first.adjustments == (
        x12.Adjustment("PR", "1", D("0.20")),
        x12.Adjustment("PR", "2", D("19.80")),
        x12.Adjustment("CO", "45", D(20)),
    )
    assert first.adjustments[2].segment_number == segment_number("CAS*CO*45")
    assert second.original_procedure == x12.Procedure("HC", "A0002")
    assert second.service_date == date(2026, 2, 10)
    assert second.control_number == ""


def test_a_reversal_without_lines_keeps_its_signs() -> None:
    claim = parsed(replaced(("CAS*OA*23*5", "CAS*OA*23*-5"))).claims[1]
    assert claim.is_reversal
    assert claim.adjustments[0].amount == D(-5)
    assert claim.member_id == "M300"
    assert claim.service_dates == (None, None)
    assert claim.patient_responsibility is None


def test_provider_adjustments_are_read_in_pairs() -> None:
    text = replaced(("*L6:PCN9*-5", "*L6:PCN9*-5***WO*3.5"))
    first, second = parsed(text).provider_adjustments
    assert (first.provider_id, first.period_end) == ("1234567893", date(2026, 12, 31))
    assert (first.reason, first.reference, first.amount) == ("L6", "PCN9", D(-5))
    assert (second.reason, second.reference, second.amount) == ("WO", "", D("3.50"))
    assert parsed(replaced(("*L6:PCN9*-5", ""))).provider_adjustments == ()


@pytest.mark.parametrize(
    ("old", "new", "payer_id"),
    [
        ("TRN*1*EFT0042*1999999999", "TRN*1*EFT0042*1999999999", "1999999999"),
        ("TRN*1*EFT0042*1999999999", "TRN*1*EFT0042", "87726"),
    ],
)
def test_the_payer_is_known_by_its_originator_number_first(old: str, new: str, payer_id: str) -> None:
    assert parsed(replaced((old, new))).payer_id == payer_id


def test_the_payer_is_known_by_its_reference_last_or_not_at_all() -> None:
    bare = SAMPLE_835.replace("TRN*1*EFT0042*1999999999", "TRN*1*EFT0042").replace("*XV*87726", "")
    assert parsed(bare).payer_id == "87726"
    assert parsed(bare.replace("N1*PR", "N1*XX")).payer_id == ""


@pytest.mark.parametrize(
    ("old", "new", "message", "element"),
    [
        ("BPR*I*160", "BPR*I*", "amount missing", 2),
        ("BPR*I*160", "BPR*I*1e5", "not a number", 2),
        ("BPR*I*160", "BPR*I*12345678901", "amount too large", 2),
        ("CLP*WR1*1*150", "CLP*WR1*1*150.005", "fractions of a cent", 3),
        ("CLP*WR1*1*150", "CLP**1*150", "claim number missing", 1),
        ("CLP*WR2*22*100*95", "CLP*WR2*22*100", "amount missing", 4),
        ("CAS*OA*23*5", "CAS*OA*23", "without an amount", 3),
        ("CAS*OA*23*5", "CAS*OA**5", "without a reason", 2),
        ("CAS*OA*23*5", "CAS*OA*23*amount", "not a number", 3),
        ("SVC*HC:99213:25*100*60", "SVC**100*60", "procedure missing", 1),
        ("AMT*B6*80", "AMT*B6", "amount missing", 2),
        ("*L6:PCN9*-5", "*L6:PCN9", "without an amount", 4),
        ("*L6:PCN9*-5", "**-5", "without a reason", 3),
        ("ST*835*0001", "ST*999*0001", "not an 835", 1),
        ("TRN*1*EFT0042*1999999999", "TRN*1", "TRN02 is missing", None),
        ("TRN*1*EFT0042*1999999999", "XYZ*1", "TRN02 is missing", None),
        ("BPR*I*160", "XYZ*I*160", "BPR is missing", None),
        ("CLP*WR1*1*150", "XYZ*WR1*1*150", "outside a claim", None),
    ],
)
def test_what_cannot_be_read_without_guessing_is_refused(
    old: str, new: str, message: str, element: int | None
) -> None:
    with pytest.raises(x12.X12Error, match=message) as caught:
        x12.parse_835(replaced((old, new)))
    error = caught.value
    assert (error.transaction, error.element) == ("0001", element)
    if old.startswith(("CLP*WR2", "CAS*OA")):
        assert error.claim == "WR2"
        assert error.segment_number == segment_number(old)


def test_an_error_says_where_it_is_without_quoting_the_value() -> None:
    with pytest.raises(x12.X12Error) as caught:
        x12.parse_835(replaced(("CAS*OA*23*5", "CAS*OA*23*JANEDOE")))
    assert str(caught.value) == "transaction 0001, claim WR2, segment 40 (CAS03): not a number"


@pytest.mark.parametrize(
    ("old", "new", "message", "element"),
    [
        ("DTM*050*20260212", "DTM*050*20269999", "not a date", 2),
        ("DTM*050*20260212", "DTM*050*soon", "not a date", 2),
        ("DTM*050*20260212", "DTM*050*20260212-20260214", "date range where one date belongs", 2),
        ("QTY*CA*1", "QTY*CA", "segment not expected here, kept unread", None),
        ("LQ*HE*N381", "K3*HELLO:YOU", "segment not expected here, kept unread", None),
        ("PER*CX**TE*8005550101", "XYZ*1", "segment not expected here, kept unread", None),
        ("REF*TJ*123456789", "XYZ*1", "segment not expected here, kept unread", None),
        ("TS3*1234567893", "XYZ*1", "segment not expected here, kept unread", None),
        ("REF*EV*SANDBOX", "XYZ*1", "segment not expected here, kept unread", None),
        ("TRN*1*EFT0042*1999999999", "TRN*1*A~TRN*1*B", "segment not expected here, kept unread", None),
        ("SE*41", "XYZ*1~SE*41", "segment not expected here, kept unread", None),
        ("REF*TJ*123456789", "N1*PE*AGAIN", "unexpected party", 1),
    ],
)
def test_what_is_odd_but_clear_is_a_warning(old: str, new: str, message: str, element: int | None) -> None:
    found = [(w.message, w.element) for w in x12.parse_835(replaced((old, new))).warnings]
    assert (message, element) in found


def test_unknown_segments_are_kept_as_they_came() -> None:
    text = replaced(("LQ*HE*N381", "K3*HELLO:YOU**X"), ("SE*41", "CUR*PR*USD~SE*41"))
    transaction = parsed(text)
    (kept,) = transaction.claims[0].lines[0].other
    assert kept == x12.RawSegment("K3", (("HELLO", "YOU"), (), ("X",)))
    assert [item.id for item in transaction.other] == ["CUR"]


def test_a_second_summary_block_stays_with_the_claim_and_a_remark_needs_a_line() -> None:
    text = replaced(("MOA***MA01*N381", "MOA***MA01~MOA***MA02~MIA*1****MA03~MIA*1~LQ*HE*N1"))
    claim = parsed(text).claims[0]
    assert claim.remark_codes == ("MA03", "MA01")
    assert [item.id for item in claim.other] == ["MOA", "MIA", "LQ"]


def test_transactions_can_be_read_one_at_a_time() -> None:
    warnings: list[x12.X12Warning] = []
    amounts = [t.payment.amount for t in x12.iter_835(SAMPLE_835 * 3, warnings=warnings)]
    assert (amounts, warnings) == ([D(160)] * 3, [])


def test_a_debit_takes_money_back() -> None:
    assert parsed(replaced(("BPR*I*160*C", "BPR*I*160*D"))).payment.net == D(-160)


def test_a_claim_without_any_member_number_has_none() -> None:
    assert parsed(replaced(("*MI*M300", ""))).claims[1].member_id == ""


def test_a_transaction_without_a_body_has_no_payment() -> None:
    text = "".join(s + "~" for s in (*SEGMENTS_835[:3], "SE*2*0001", *SEGMENTS_835[-2:]))
    with pytest.raises(x12.X12Error, match="BPR is missing"):
        x12.parse_835(text)
