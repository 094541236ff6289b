"""Whatever arrives, the answer is a result or an X12Error with a position."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from x12_samples import SAMPLE_835, batch, claim, full_claim, write

from billing import x12

SAMPLE_837P = write(batch(claim(), full_claim()))


def test_a_remittance_cut_at_any_byte_is_refused_unless_only_its_last_mark_is_gone() -> None:
    raw = SAMPLE_835.encode()
    whole = x12.parse_835(raw).transactions
    tail = raw.index(b"IEA*") + len(b"IEA")
    places = []
    for size in range(len(raw)):
        try:
            result = x12.parse_835(raw[:size])
        except x12.X12Error as error:
            places.append(error.segment_number)
        else:
            assert size >= tail
            assert result.transactions == whole
    assert min(places) >= 1


def test_a_claim_file_cut_at_any_byte_is_refused_unless_only_its_last_mark_is_gone() -> None:
    raw = SAMPLE_837P.encode()
    whole = x12.parse_837p(raw).batches
    tail = raw.index(b"IEA*") + len(b"IEA")
    places = []
    for size in range(len(raw)):
        try:
            result = x12.parse_837p(raw[:size])
        except x12.X12Error as error:
            places.append(error.segment_number)
        else:
            assert size >= tail
            assert result.batches == whole
    assert min(places) >= 1


def survives(raw: bytes | str) -> None:
    places = []
    for parse in (x12.parse_835, x12.parse_837p):
        try:
            parse(raw)
        except x12.X12Error as error:
            places.append(error.segment_number)
    assert all(place >= 1 for place in places)


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"\xff\xfeI\x00S\x00A\x00")
def test_any_bytes(raw: bytes) -> None:
    survives(raw)
    survives(SAMPLE_835[:106].encode() + raw)


@settings(deadline=None)
@given(st.text(max_size=100))
@example("\ud800")
def test_any_text(text: str) -> None:
    survives(text)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from([SAMPLE_835, SAMPLE_837P]), st.data())
def test_a_file_with_bytes_overwritten(sample: str, data: st.DataObject) -> None:
    raw = bytearray(sample.encode())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place] = data.draw(st.sampled_from([*b"*:~^0-.A\n ", 0, 255]))
    survives(bytes(raw))


@settings(deadline=None, max_examples=150)
@given(st.sampled_from([SAMPLE_835, SAMPLE_837P]), st.randoms(use_true_random=False))
def test_a_file_with_its_segments_dropped_doubled_and_shuffled(sample: str, random: st.randoms) -> None:  # type: ignore[valid-type]
    segments = sample.splitlines()
    head, body = segments[:3], segments[3:]
    for _ in range(random.randint(1, 5)):  # type: ignore[attr-defined]
        place = random.randrange(len(body))  # type: ignore[attr-defined]
        moved = body.pop(place)
        for _ in range(random.randint(0, 2)):  # type: ignore[attr-defined]
            body.insert(random.randrange(len(body)), moved)  # type: ignore[attr-defined]
    survives("\n".join(head + body))


@pytest.mark.parametrize("sample", [SAMPLE_835, SAMPLE_837P])
def test_every_element_emptied_or_spoiled_in_turn(sample: str) -> None:
    segments = [line.rstrip("~").split("*") for line in sample.splitlines()]
    for row in range(1, len(segments)):
        for element in range(len(segments[row])):
            for value in ("", "?", "9" * 40, "-", ":::", "20261301"):
                changed = [list(s) for s in segments]
                changed[row][element] = value
                survives("~".join("*".join(s) for s in changed) + "~")
