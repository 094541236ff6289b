"""A list of a million rows asks no more of the database than one of a thousand."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext


def asked(client, **query):
    """The statements behind one list."""
    with CaptureQueriesContext(connection) as queries:
        assert client.at("toys/", **query).status_code == 200
    return [each["sql"] for each in queries]


def test_past_the_cap_the_page_is_summed_and_says_so(owner, make, monkeypatch):
    monkeypatch.setattr("kit.listing.CAP", 10)
    monkeypatch.setattr("kit.listing.PAGE_SIZES", (5, 100))
    make(12, price=Decimal("2.50")), make(price=None)
    html = owner.at("toys/").content.decode()
    assert "Total of these 5 toys" in html
    assert "$12.50" in html


@pytest.mark.parametrize("query", [{}, {"view": "all"}, {"q": "toy"}, {"state": "new", "sort": "-price"}])
def test_every_count_and_sum_stops_at_the_cap(owner, make, query):
    make(3)
    sums = [sql for sql in asked(owner, **query) if re.search(r"\b(COUNT|SUM)\(", sql)]
    assert sums
    assert [sql for sql in sums if "LIMIT 1001" not in sql] == []


def test_count_and_totals_are_one_question(owner, make):
    make(3)
    rows = [sql for sql in asked(owner, view="all") if "toyapp_toy" in sql]
    tabs = 3
    assert len(rows) == tabs + 2


@pytest.mark.parametrize(("sort", "may_be_empty"), [("name", False), ("-name", False), ("-price", True)])
def test_empty_values_are_put_last_only_where_there_may_be_some(owner, make, sort, may_be_empty):
    make(3)
    page = next(sql for sql in asked(owner, sort=sort) if "ORDER BY" in sql)
    assert ("NULLS LAST" in page) is may_be_empty


def test_a_deep_page_starts_where_the_last_one_ended(owner, make, monkeypatch):
    monkeypatch.setattr("kit.listing.NUMBERED_PAGES", 1)
    monkeypatch.setattr("kit.views.lists.NUMBERED_PAGES", 1)
    monkeypatch.setattr("kit.listing.PAGE_SIZES", (5, 100))
    make(12)
    following = re.search(r'href="\?([^"]+)" rel="next"', owner.at("toys/").content.decode())[1]
    query = QueryDict(following.replace("&amp;", "&")).dict()
    page = next(sql for sql in asked(owner, **query) if "ORDER BY" in sql)
    assert re.search(r'"name_lower" >= ', page)
