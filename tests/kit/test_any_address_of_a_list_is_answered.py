"""Whatever stands in the address, a list answers: 200, or says what is wrong with it; never a server error."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kit import listing, registry
from kit.filters import filterset_class
from tests.kit.toyapp.holes import ToyActor
from tests.kit.toyapp.models import Maker, State, Toy

TOY = registry.get("toyapp.toy")
ACTOR = ToyActor(role="owner", practice="north")
NAMES = [
    *filterset_class(TOY).base_filters,
    "view",
    "sort",
    "page",
    "after",
    "size",
    "column",
    "density",
    "panel",
    "x",
]
DAYS = st.dates().map(lambda day: f"{day:%m/%d}/{day.year:04}")
HARD = st.sampled_from(
    [
        "9999-12-31",
        "0001-01-01",
        "12/31/9999",
        "1e999",
        "NaN",
        "-inf",
        "\x00",
        "\ud7ff",
        "--name",
        "name,",
        "[]",
        "{}",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "99999",
        "٣",
        "W10=",
        "unsound",
        "broken,,new",
        "pk",
    ]
)
VALUES = st.one_of(HARD, DAYS, st.text(max_size=20), st.integers().map(str), st.uuids().map(str))
QUERIES = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5)
QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(query=QUERIES)
@example(query=[("created_at_to", "9999-12-31")])
@example(query=[("created_at_from", "0001-01-01")])
@example(query=[("updated_since", "0001-01-01T00:00:00+14:00")])
@example(query=[("page", "30"), ("after", "WyJ4IiwgeyJhIjogMX1d"), ("sort", "bought")])
@QUICK
def test_any_query_is_answered(owner, query):
    answer = owner.get(f"/p/north/toys/?{urlencode(query)}")
    assert answer.status_code == 200
    assert owner.get(f"/p/north/api/v1/toys/?{urlencode(query)}").status_code in (200, 400, 422)


def walked(sort, size):
    """Names of all rows, page after page by the key of the last row."""
    params = {"sort": sort, "view": "all"}
    found, number, after = [], 1, ""
    while True:
        query = listing.QueryDict(urlencode({**params, "page": number, "after": after}))
        page = listing.run(listing.ask(TOY, params=query), actor=ACTOR)
        found += page.records
        if not page.more:
            return found
        number, after = number + 1, page.after


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([None, "", "a", "A", "b", "ä"]),
            st.one_of(st.none(), st.integers(0, 3)),
            st.one_of(st.none(), st.sampled_from(["x", "y"])),
        ),
        max_size=12,
    ),
    sort=st.sampled_from(
        [f"{way}{name}" for way in ("", "-") for name in ("name", "bought", "price", "maker", "state")]
    ),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_deep_pages_show_every_row_once_in_order(db, monkeypatch, rows, sort):
    monkeypatch.setattr("kit.listing.NUMBERED_PAGES", 1)
    monkeypatch.setattr("kit.listing.PAGE_SIZES", (3, 100))
    Toy.objects.all().delete()
    makers = {name: Maker.objects.get_or_create(practice="north", name=name)[0] for name in "xy"}
    for name, number, maker in rows:
        Toy.objects.create(
            practice="north",
            name=name or "n",
            maker=makers.get(maker),
            price=None if number is None else Decimal(number),
            bought=None if number is None else date(2026, 1, 1) + timedelta(number),
            state=State.NEW if number else State.BROKEN,
        )
    asked = listing.ask(TOY, params=listing.QueryDict(f"sort={sort}&view=all"))
    whole = list(asked.order.apply(Toy.objects.filter(practice="north")))
    assert [toy.pk for toy in walked(sort, 3)] == [toy.pk for toy in whole]


def test_a_page_marker_of_another_order_or_of_nobody_leads_to_the_first_page(owner, make, monkeypatch):
    monkeypatch.setattr("kit.listing.NUMBERED_PAGES", 1)
    monkeypatch.setattr("kit.listing.PAGE_SIZES", (2, 100))
    make(5)
    asked = listing.ask(TOY, params=listing.QueryDict("sort=name&view=all"))
    mark = listing.run(asked, actor=ACTOR).after
    for sort, after in (("price", mark), ("name", "forged"), ("name", mark[:-1])):
        moved = listing.ask(
            TOY, params=listing.QueryDict(urlencode({"sort": sort, "page": 2, "after": after}))
        )
        assert (moved.number, moved.after) == (1, None)


@pytest.mark.parametrize("value", ["10.505", "99999999999999999999", "1e40"])
def test_a_number_that_no_record_can_have_is_refused_in_words(owner, value):
    filters = filterset_class(registry.get("toyapp.toy")).base_filters
    assert "price_min" in filters
    answer = owner.at("toys/", view="all", price_min=value)
    assert "cannot be narrowed like that" in answer.content.decode()
