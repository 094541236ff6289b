"""kit.money: rounding, splitting."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import ZERO, round_cents, split

AMOUNTS = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2, allow_nan=False)
WEIGHTS = st.lists(
    st.decimals(min_value=0, max_value=10_000, places=3, allow_nan=False), min_size=1, max_size=12
)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("1.005", "1.01"),
        ("1.004", "1.00"),
        ("-1.005", "-1.01"),
        ("0", "0.00"),
        ("12", "12.00"),
        ("-0.001", "0.00"),
    ],
)
def test_half_a_cent_goes_away_from_zero(given_: str, expected: str) -> None:
    assert str(round_cents(Decimal(given_))) == expected


def test_a_float_is_no_money() -> None:
    with pytest.raises(TypeError, match="float"):
        round_cents(1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_money_is_finite(text: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        round_cents(Decimal(text))


def test_the_first_parts_get_the_cents_left_over() -> None:
    assert split(Decimal("10.00"), parts=3) == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]


def test_shares_follow_their_weights_and_the_largest_remainder_wins() -> None:
    assert split(Decimal("100.00"), weights=[1, 1, 4]) == [
        Decimal("16.67"),
        Decimal("16.67"),
        Decimal("66.66"),
    ]
    assert split(Decimal("0.05"), weights=[Decimal("0.7"), Decimal("0.3")]) == [
        Decimal("0.04"),
        Decimal("0.01"),
    ]


def test_a_negative_amount_is_split_like_its_opposite() -> None:
    assert split(Decimal("-10.00"), parts=3) == [-part for part in split(Decimal("10.00"), parts=3)]


def test_weights_that_are_all_zero_share_equally() -> None:
    assert split(Decimal("0.03"), weights=[0, 0]) == [Decimal("0.02"), Decimal("0.01")]


def test_a_weight_of_zero_gets_nothing() -> None:
    assert split(Decimal("9.99"), weights=[0, 3, 0]) == [ZERO, Decimal("9.99"), ZERO]


def test_a_weight_may_be_written_with_an_exponent() -> None:
    assert split(Decimal("3.00"), weights=[Decimal("1E+2"), Decimal("2E+2")]) == [
        Decimal("1.00"),
        Decimal("2.00"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"parts": 2, "weights": [1]},
        {"parts": 0},
        {"weights": []},
        {"weights": [1, -1]},
        {"weights": [Decimal("NaN")]},
    ],
)
def test_a_split_needs_parts_or_weights_that_make_sense(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"parts|weight"):
        split(Decimal("1.00"), **arguments)  # type: ignore[arg-type]


def test_parts_of_a_cent_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="whole cents"):
        split(Decimal("1.001"), parts=2)


@given(amount=AMOUNTS, parts=st.integers(min_value=1, max_value=40))
def test_equal_parts_add_up_and_differ_by_a_cent_at_most(amount: Decimal, parts: int) -> None:
    shares = split(amount, parts=parts)
    assert sum(shares) == amount
    assert len(shares) == parts
    assert max(shares) - min(shares) <= Decimal("0.01")


@given(amount=AMOUNTS, weights=WEIGHTS)
def test_weighted_parts_add_up_and_stay_within_a_cent_of_their_share(
    amount: Decimal, weights: list[Decimal]
) -> None:
    shares = split(amount, weights=weights)
    assert sum(shares) == amount
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        exact = amount * weight / total if total else amount / len(weights)
        assert abs(share - exact) < Decimal("0.0101")
