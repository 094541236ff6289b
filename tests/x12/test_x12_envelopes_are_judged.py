"""Wrong counts warn, cut or tangled envelopes are refused."""

from __future__ import annotations

import pytest
from x12_samples import SAMPLE_835, SEGMENTS_835, replaced, segment_number

from billing import x12


def without(*starts: str) -> str:
    return "".join(s + "~\n" for s in SEGMENTS_835 if not s.startswith(starts))


@pytest.mark.parametrize(
    ("old", "new", "message", "element"),
    [
        ("SE*41*0001", "SE*40*0001", "wrong segment count", 1),
        ("SE*41*0001", "SE*41*0002", "wrong control number", 2),
        ("GE*1*17", "GE*2*17", "wrong transaction count", 1),
        ("GE*1*17", "GE*1*18", "wrong control number", 2),
        ("IEA*1*000000017", "IEA*3*000000017", "wrong group count", 1),
        ("IEA*1*000000017", "IEA*1*000000018", "wrong control number", 2),
    ],
)
def test_a_wrong_trailer_is_a_warning_and_the_content_stays(
    old: str, new: str, message: str, element: int
) -> None:
    result = x12.parse_835(replaced((old, new)))
    (warning,) = result.warnings
    assert (warning.message, warning.element) == (message, element)
    assert warning.segment_number == segment_number(old)
    assert result.transactions == x12.parse_835(SAMPLE_835).transactions


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        (without("SE"), "the group ends before SE", 43),
        (without("SE", "GE"), "the interchange ends before", 43),
        (without("SE", "GE", "IEA"), "ends before SE: it was cut", 42),
        (without("GE", "IEA"), "ends before GE: it was cut", 43),
        (without("GE"), "the interchange ends before GE", 44),
        (without("IEA"), "ends before IEA: it was cut", 44),
        (without("GS"), "transaction outside a group", 2),
        (without("ST"), "SE without ST", 42),
        (replaced(("GE*1*17", "GE*1*17~GE*1*17")), "GE without GS", 45),
        (SAMPLE_835 + "IEA*1*1~", "IEA without ISA", 46),
        (SAMPLE_835 + "GS*HP~", "group outside an interchange", 46),
        (replaced(("ST*835*0001", "ST*835*0001~ST*835*0002")), "begins before SE", 4),
        (replaced(("ST*835*0001", "GS*HP~ST*835*0001")), "begins before GE", 3),
        (SEGMENTS_835[0] + "~" + SAMPLE_835, "begins before IEA", 2),
    ],
)
def test_a_cut_or_tangled_envelope_is_refused_at_its_place(text: str, message: str, at: int) -> None:
    with pytest.raises(x12.X12Error, match=message) as caught:
        x12.parse_835(text)
    assert caught.value.segment_number == at


def test_an_acknowledgement_between_the_envelopes_is_passed_over_and_strays_warn() -> None:
    text = replaced(("GS*HP", "TA1*000000001*260304*1410*A*000~XYZ*1~GS*HP"))
    (warning,) = x12.parse_835(text).warnings
    assert str(warning) == "segment 3 (XYZ): segment outside a transaction"


def test_a_missing_last_terminator_is_a_warning() -> None:
    (warning,) = x12.parse_835(SAMPLE_835.rstrip("~\n")).warnings
    assert warning.message == "the last segment has no terminator"


def test_a_file_without_transactions_is_a_warning() -> None:
    text = "".join(s + "~" for s in (SEGMENTS_835[0], "IEA*0*000000017"))
    result = x12.parse_835(text)
    assert result.transactions == ()
    assert [w.message for w in result.warnings] == ["the file has no transaction"]


def test_the_raw_transaction_carries_its_envelope() -> None:
    (raw,) = x12.read_transactions(SAMPLE_835, warnings=[])
    assert raw.addressing == x12.Addressing("ZZ", "SANDBOX", "ZZ", "WELLRUN", "SANDBOX", "WELLRUN")
    assert (raw.kind, raw.control_number, raw.version, raw.usage) == ("835", "0001", "005010X221A1", "T")
    assert (raw.interchange_control, raw.group_control) == ("000000017", "17")
