"""kit.money.parse_money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import MoneyError, parse_money
from kit.words import dollars


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("45", "45.00"),
        ("45.5", "45.50"),
        (" $1,234.56 ", "1234.56"),
        ("1234.56", "1234.56"),
        (".5", "0.50"),
        ("7.", "7.00"),
        ("-3.50", "-3.50"),
        ("−3.50", "-3.50"),
        ("-$3.50", "-3.50"),
        ("$-3.50", "-3.50"),
        ("($12.00)", "-12.00"),
        ("( 12 )", "-12.00"),
        ("$ 9", "9.00"),
        ("-0.00", "0.00"),
        ("9,999,999,999.99", "9999999999.99"),
    ],
)
def test_usual_ways_to_write_dollars_are_understood(text: str, amount: str) -> None:
    assert str(parse_money(text)) == amount


@pytest.mark.parametrize("text", ["", "   ", "\u00a0"])
def test_an_empty_text_asks_for_an_amount(text: str) -> None:
    with pytest.raises(MoneyError, match=r"like 45\.00"):
        parse_money(text)


@pytest.mark.parametrize("text", ["1.234", "$0.001", "1,000.9999"])
def test_more_than_two_decimals_are_refused_with_the_reason(text: str) -> None:
    with pytest.raises(MoneyError, match="two digits"):
        parse_money(text)


@pytest.mark.parametrize(
    "text", ["abc", "1,23.45", "12,34", "--5", "1 000", "$", "(5", "5)", "1e3", ".", "NaN", "٣"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MoneyError, match="like 1,234"):
        parse_money(text)


def test_an_amount_that_does_not_fit_is_refused() -> None:
    with pytest.raises(MoneyError, match="below"):
        parse_money("10,000,000,000.00")


@given(st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2))
def test_what_we_write_we_can_read(amount: Decimal) -> None:
    assert parse_money(dollars(amount)) == amount


@given(st.text(max_size=30))
def test_no_text_crashes_the_reader(text: str) -> None:
    try:
        read = parse_money(text)
    except MoneyError:
        return
    assert read.as_tuple().exponent == -2
