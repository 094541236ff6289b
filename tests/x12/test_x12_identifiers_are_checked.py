"""Forms of identifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from x12_samples import npis

from billing import x12


@pytest.mark.parametrize("value", ["1234567893", "1497758544", "2000000002"])
def test_valid_npis(value: str) -> None:
    assert x12.is_npi(value[:9] + x12.npi_check_digit(value[:9]))


@pytest.mark.parametrize("value", ["", "1234567890", "3234567893", "123456789", "12345678934", "12345678９3"])
def test_invalid_npis(value: str) -> None:
    assert not x12.is_npi(value)


def test_the_known_check_digit() -> None:
    assert x12.npi_check_digit("123456789") == "3"
    assert x12.is_npi("1234567893")


@pytest.mark.parametrize("value", ["", "12345678", "1234567890", "12345678A"])
def test_a_check_digit_needs_nine_digits(value: str) -> None:
    with pytest.raises(ValueError, match="nine digits"):
        x12.npi_check_digit(value)


@given(npis, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(npi: str, place: int, shift: int) -> None:
    assert x12.is_npi(npi)
    wrong = npi[:place] + str((int(npi[place]) + shift) % 10) + npi[place + 1 :]
    assert not x12.is_npi(wrong)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (x12.is_taxonomy, ["207Q00000X"], ["", "207Q000000", "207q00000X", "207Q0000X"]),
        (x12.is_diagnosis_code, ["J029", "J02.9", "S72001A", "U071"], ["", "J0", "029", "J02.", "J02912345"]),
        (x12.is_procedure_code, ["99213", "A0001", "0001F"], ["", "9921", "992133", "9921 "]),
        (x12.is_modifier, ["25", "GT"], ["", "2", "gt", "255"]),
        (x12.is_zip, ["12180", "121801234", "12180-1234"], ["", "1218", "1218012"]),
        (x12.is_zip_plus_four, ["121801234", "12180-1234"], ["", "12180"]),
        (x12.is_tax_id, ["123456789", "12-3456789", "123-45-6789"], ["", "12345678", "1-23456789"]),
        (x12.is_ndc, ["12345678901"], ["", "1234567890", "1234-5678-90"]),
        (x12.is_state, ["NY", "PR", "AE"], ["", "XX", "ny"]),
    ],
)  # fmt: skip
def test_forms_of_codes(check, good, bad) -> None:  # type: ignore[no-untyped-def]
    assert [value for value in good if not check(value)] == []
    assert [value for value in bad if check(value)] == []
