"""A heat table: figures as text, the shade against the largest, sums at the foot."""

from decimal import Decimal

import pytest
from django.template import Context, Template

from kit.heat import heat, level

ROWS = [("Northway", (Decimal("1000.40"), 20)), ("Patients", (0, 260))]


def drawn(**more):
    return heat(ROWS, title="T", about="A", columns=("Payer", "0–30", "Over 30"), **more)


def test_the_largest_figure_is_darkest_and_nothing_is_not_shaded():
    assert [[cell.level for cell in row.cells] for row in drawn().rows] == [[5, 0], [0, 3]]


@pytest.mark.parametrize(
    ("figure", "expected"), [(3, 0), (4, 1), (11, 2), (26, 3), (51, 4), (76, 5), (-5, 0)]
)
def test_the_steps_are_shares_of_the_largest(figure, expected):
    assert level(figure, top=100) == expected


def test_every_column_and_the_whole_are_summed():
    assert drawn().foot == ("Total $1,280", "$1,000", "$280")


def test_a_figure_leads_to_its_rows_and_is_escaped():
    table = drawn(href=lambda row, column: f"/x?a={row}&b={column}")
    html = Template("{% load kit_format %}{% heat table id='h' %}").render(Context({"table": table}))
    assert '<td class="wr-heat--3"><a href="/x?a=1&amp;b=1">$260</a></td>' in html


def test_without_rows_it_says_what_is_not_there():
    table = heat([], title="Nothing is old", about="A", columns=("Payer",))
    html = Template("{% load kit_format %}{% heat table id='h' empty_title='Nobody owes' %}")
    shown = html.render(Context({"table": table}))
    assert "Nothing is old" in shown
    assert "Nobody owes" in shown
    assert "<table" not in shown
