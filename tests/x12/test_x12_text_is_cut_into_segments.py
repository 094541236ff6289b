"""The tokenizer: delimiters are declared by the file, and real files are untidy."""

from __future__ import annotations

import io

import pytest
from x12_samples import SAMPLE_835, SEGMENTS_835

from billing import x12
from billing.x12.tokenizer import CHUNK_BYTES


def ids(source: str | bytes) -> list[str]:
    return [segment.id for segment in x12.tokenize(source)]


EXPECTED = [segment.split("*")[0] for segment in SEGMENTS_835]


@pytest.mark.parametrize(
    "text",
    [
        SAMPLE_835,
        SAMPLE_835.replace("\n", ""),
        SAMPLE_835.replace("\n", "\r\n"),
        SAMPLE_835.replace("\n", "\r"),
        SAMPLE_835.replace("\n", "\n\n   "),
        SAMPLE_835.replace("~\n", "\n"),
        SAMPLE_835.replace("~\n", "\r\n"),
        SAMPLE_835.replace("~\n", "\x1d"),
        SAMPLE_835.replace("~\n", "~~\n"),
        "\ufeff" + SAMPLE_835,
        " \r\n\t" + SAMPLE_835 + "\x1a\x00",
        SAMPLE_835.replace("          ", "").replace("SANDBOX        ", "SANDBOX"),
        SAMPLE_835.rstrip("~\n"),
    ],
)
def test_any_line_end_terminator_and_width_gives_the_same_segments(text: str) -> None:
    assert ids(text) == EXPECTED
    assert [t.payment.amount for t in x12.parse_835(text).transactions] == [160]


def test_lines_wrapped_at_a_fixed_column_are_joined() -> None:
    flat = SAMPLE_835.replace("\n", "")
    head, rest = flat[:106], flat[106:]
    wrapped = head + "\n".join(rest[i : i + 80] for i in range(0, len(rest), 80))
    assert x12.parse_835(wrapped).transactions == x12.parse_835(SAMPLE_835).transactions


def test_each_segment_knows_its_number_line_and_byte() -> None:
    text = "\ufeff\n" + SAMPLE_835.replace("DOE*JANE", "DÖE*JANE")
    raw = text.encode()
    for index, segment in enumerate(x12.tokenize(raw), start=1):
        assert segment.number == index
        assert segment.line == index + 1
        assert raw[segment.offset :].startswith(segment.id.encode() + b"*")


def test_lines_are_counted_when_the_newline_is_the_terminator() -> None:
    segments = list(x12.tokenize(SAMPLE_835.replace("~\n", "\n")))
    assert [segment.line for segment in segments] == [segment.number for segment in segments]


def test_each_interchange_of_a_file_has_its_own_delimiters() -> None:
    other = SAMPLE_835.translate(str.maketrans("*:~^", "|>!&"))
    result = x12.parse_835(SAMPLE_835 + other)
    first, second = result.transactions
    assert first == second
    assert second.segment_number == len(SEGMENTS_835) + 3


def test_a_large_file_is_read_in_pieces() -> None:
    many = 3 * CHUNK_BYTES // len(SAMPLE_835)
    stream = io.BytesIO((SAMPLE_835 * many).encode())
    assert ids(stream.getvalue()) == EXPECTED * many
    assert len(x12.parse_835(stream).transactions) == many


def test_foreign_letters_are_read_as_utf8_or_windows_latin() -> None:
    text = SAMPLE_835.replace("DOE*JANE", "MÜLLER*JANE")
    for raw in (text.encode(), text.encode("cp1252")):
        patient = x12.parse_835(raw).transactions[0].claims[0].name("QC")
        assert patient is not None
        assert patient.last_name == "MÜLLER"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        (" \r\n ", "empty"),
        ("HELLO", "does not start with an ISA"),
        ("ISA", "does not start with an ISA"),
        ("ISA*00*~", "incomplete"),
        (SAMPLE_835[:105], "incomplete"),
        (SAMPLE_835[:104] + "A~", "must not be a letter"),
        (SAMPLE_835[:104] + "*~", "differ"),
        (SAMPLE_835[:104] + "\n~", "line end"),
        (SAMPLE_835[:104] + "é~", "ASCII"),
        (SAMPLE_835[:106] + "A" * 200_000, "no segment terminator"),
    ],
)
def test_a_header_that_cannot_be_read_is_refused_at_its_place(text: str, message: str) -> None:
    with pytest.raises(x12.X12Error, match=message) as caught:
        x12.parse_835(text)
    assert caught.value.segment_number == (2 if len(text) > 110 else 1)


def test_the_repetition_mark_is_optional_as_before_5010() -> None:
    text = SAMPLE_835.replace("*^*00501", "*U*00401")
    assert next(x12.tokenize(text)).delimiters.repetition == ""
    assert len(x12.parse_835(text).transactions) == 1


def test_elements_that_are_absent_are_empty() -> None:
    segment = next(x12.tokenize(SAMPLE_835))
    assert segment.get(99) == ""
    assert segment.components(2) == ()
    assert segment.components(6) == ("SANDBOX",)


def test_a_long_run_of_blanks_between_segments_is_passed_over() -> None:
    assert ids(SAMPLE_835.replace("\nGS*", "\n" + " " * (2 * CHUNK_BYTES) + "GS*")) == EXPECTED
