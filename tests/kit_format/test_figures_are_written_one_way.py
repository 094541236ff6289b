"""Filters of {% load kit_format %} for money, percent, counts and phones."""

from decimal import Decimal

import pytest
from django.template import Context, Template

from kit import words


def shown(expression: str, **values: object) -> str:
    return Template("{% load kit_format %}{{ " + expression + " }}").render(Context(values))


@pytest.mark.parametrize(
    ("expression", "value", "expected"),
    [
        ("v|money", Decimal("1234.56"), "$1,234.56"),
        ("v|money", Decimal("-45"), "−$45.00"),
        ("v|money", 0, "$0.00"),
        ("v|money", Decimal("-0.004"), "$0.00"),
        ("v|signed_money", Decimal("7075"), "+$7,075.00"),
        ("v|signed_money", Decimal("-1.5"), "−$1.50"),
        ("v|signed_money", Decimal("0"), "$0.00"),
        ("v|whole_money", Decimal("59763.40"), "$59,763"),
        ("v|pnl_money", Decimal("-17413.20"), "(17,413)"),
        ("v|pnl_money", Decimal("76512"), "76,512"),
        ("v|percent", Decimal("0.9584"), "95.8%"),
        ("v|percent", Decimal("-0.219"), "−21.9%"),
        ("v|signed_percent", Decimal("0.03"), "+3.0%"),
        ("v|count", 41206, "41,206"),
        ("v|phone", "2075550148", "(207) 555-0148"),
        ("v|phone", "+1 207 555 0148", "(207) 555-0148"),
        ("v|phone", "+44 20 7946 0000", "+44 20 7946 0000"),
        ("v|phone", "call 2075550148", "call 2075550148"),
        ('v|plural:"claim,claims"', 1, "1 claim"),
        ('v|plural:"claim,claims"', 1204, "1,204 claims"),
        ('v|plural:"visit"', 0, "0 visits"),
        ("v|known", "x", "x"),
    ],
)
def test_a_figure_reads_like_the_guide_says(expression: str, value: object, expected: str) -> None:
    assert shown(expression, v=value) == expected


@pytest.mark.parametrize(
    "name",
    [
        "money",
        "signed_money",
        "whole_money",
        "pnl_money",
        "percent",
        "signed_percent",
        "count",
        "phone",
        "usdate",
        "longdate",
        "ustime",
        "usdatetime",
        "known",
    ],
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_value_is_a_dash_with_hidden_words(name: str, value: object) -> None:
    html = shown(f"v|{name}", v=value)
    assert '<span aria-hidden="true">—</span>' in html
    assert '<span class="wr-hidden">Not known</span>' in html


@pytest.mark.parametrize("value", [1.5, True, "12"])
def test_a_float_or_text_is_refused_where_money_belongs(value: object) -> None:
    with pytest.raises(TypeError, match="Decimal or int"):
        shown("v|money", v=value)


def test_pnl_cents_can_be_shown() -> None:
    assert words.pnl_dollars(Decimal("-1.5"), whole=False) == "(1.50)"
