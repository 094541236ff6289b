"""Lists: what is shown, in which order, how it is narrowed, and what it costs."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.toyapp import holes
from tests.kit.toyapp.models import Maker, State, Toy


def names(response):
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', response.content.decode())


def test_a_list_shows_only_what_the_selector_lets_through(owner, make):
    make(name="Ours")
    make(name="Theirs", practice="south")
    assert names(owner.at("toys/", view="all")) == ["Ours"]


def test_words_find_by_the_start_of_a_name_whatever_its_case(owner, make):
    make(name="Red car"), make(name="Blue car"), make(name="Scared cat")
    assert names(owner.at("toys/", q="RED")) == ["Red car"]


@pytest.mark.parametrize("text", ["Red car", "red ca", "RED"])
def test_several_words_find_the_column_they_start_together(owner, make, text):
    make(name="Red car"), make(name="Red"), make(name="Car red")
    assert "Red car" in names(owner.at("toys/", q=text))
    assert "Car red" not in names(owner.at("toys/", q=text))


def test_search_looks_through_every_tab_unless_one_is_chosen(owner, make):
    make(name="Sound", state=State.SOUND)
    assert names(owner.at("toys/", q="sou")) == ["Sound"]
    assert names(owner.at("toys/", q="sou", view="unsound")) == []


def test_the_first_tab_is_where_a_list_opens(owner, make):
    make(name="Fine", state=State.SOUND), make(name="Hurt", state=State.BROKEN)
    assert names(owner.at("toys/")) == ["Hurt"]


def test_tabs_count_their_rows(owner, make):
    make(3), make(2, state=State.BROKEN)
    html = owner.at("toys/").content.decode()
    assert "Needs care <small>5</small>" in html
    assert "Broken <small>2</small>" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "broken"}, ["B"]),
        ({"state": "broken,sound"}, ["B", "C"]),
        ({"safe": "false"}, ["C"]),
        ({"bought_from": "03/05/2026"}, ["C"]),
        ({"bought_to": "2026-03-04"}, ["B"]),
        ({"bought_from": "03/04/2026", "bought_to": "03/04/2026"}, ["B"]),
    ],
)
def test_filters_narrow_and_combine(owner, make, query, expected):
    make(name="A"), make(name="B", state=State.BROKEN, bought=date(2026, 3, 4))
    make(name="C", state=State.SOUND, bought=date(2026, 3, 5), safe=False)
    assert names(owner.at("toys/", view="all", **query)) == expected


def test_applied_filters_are_said_in_words_and_can_be_taken_away(owner, make):
    maker = Maker.objects.create(practice="north", name="Acme")
    make(name="A", maker=maker, state=State.BROKEN)
    html = owner.at("toys/", state="broken,new", maker=str(maker.pk), bought_from="").content.decode()
    assert "State is New or Broken" in html or "State is Broken or New" in html
    assert "Maker is Acme" in html


def test_a_filter_on_a_foreign_record_finds_nothing_and_names_nothing(owner, make):
    foreign = Maker.objects.create(practice="south", name="Hidden Works")
    make(name="A")
    html = owner.at("toys/", view="all", maker=str(foreign.pk)).content.decode()
    assert "Hidden Works" not in html
    assert "No toys match" in html


def test_a_filter_that_makes_no_sense_says_so_instead_of_showing_everything(owner, make):
    make(name="A")
    response = owner.at("toys/", view="all", bought_from="soon")
    assert response.status_code == 200
    assert names(response) == []
    assert "cannot be narrowed like that" in response.content.decode()


@pytest.mark.parametrize("noise", ["\x00", "%", "_", "'", "\\", "x" * 101, "a,b c"])
def test_odd_search_text_never_breaks_a_list(owner, make, noise):
    make(name="A")
    assert owner.at("toys/", q=noise).status_code == 200


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["a", "B", "c"]),
        ("-name", ["c", "B", "a"]),
        ("price", ["B", "a", "c"]),
        ("-price", ["a", "B", "c"]),
        ("secret", ["a", "B", "c"]),
        ("", ["a", "B", "c"]),
    ],
)
def test_rows_come_in_the_asked_order_empty_ones_last(owner, make, sort, expected):
    make(name="B", price=Decimal(1)), make(name="a", price=Decimal(2)), make(name="c", price=None)
    assert names(owner.at("toys/", sort=sort)) == expected


def test_the_sorted_column_says_so_and_asks_for_the_opposite_next(owner, make):
    make()
    html = owner.at("toys/", sort="name").content.decode()
    assert 'aria-sort="ascending"><button type="submit" form="list-form" name="sort" value="-name"' in html


def test_every_row_stands_on_exactly_one_page_however_deep(owner, make):
    make(125, price=Decimal(5))
    found = [name for page in ("1", "2", "3") for name in names(owner.at("toys/", sort="price", page=page))]
    assert len(found) == 125
    assert len(set(found)) == 125


@pytest.mark.parametrize("sort", ["name", "-name", "bought", "-bought", "-created_at"])
def test_past_the_numbered_pages_next_goes_on_without_a_gap_or_a_repeat(owner, make, monkeypatch, sort):
    monkeypatch.setattr("kit.listing.NUMBERED_PAGES", 1)
    monkeypatch.setattr("kit.views.lists.NUMBERED_PAGES", 1)
    monkeypatch.setattr("kit.listing.PAGE_SIZES", (4, 100))
    for number, toy in enumerate(make(23)):
        Toy.objects.filter(pk=toy.pk).update(bought=None if number % 3 else date(2026, 1, 1 + number % 6))
    response, found = owner.at("toys/", sort=sort, view="all"), []
    for _ in range(8):
        found += names(response)
        following = re.search(r'href="(\?[^"]+)" rel="next"', response.content.decode())
        if following is None:
            break
        response = owner.get("/p/north/toys/" + following[1].replace("&amp;", "&"))
    assert len(found) == 23
    assert len(set(found)) == 23


def test_a_forged_page_marker_is_no_error(owner, make):
    make(3)
    for after in ("", "xx", "W10=", "e30=", "WzEsMl0="):
        assert owner.at("toys/", page="30", after=after).status_code == 200


def test_counts_stop_at_the_cap(owner, make, monkeypatch):
    monkeypatch.setattr("kit.listing.CAP", 10)
    make(12)
    assert "10+ toys found" in owner.at("toys/").content.decode()


def test_money_is_summed_over_everything_that_matches_not_over_one_page(owner, make):
    make(60, price=Decimal("10.50")), make(price=Decimal(999), state=State.SOUND)
    html = owner.at("toys/").content.decode()
    assert "Total of 60 toys" in html
    assert "$630.00" in html


def test_at_most_seven_columns_are_shown_and_others_can_be_chosen(owner, make):
    make()
    assert owner.at("toys/").content.decode().count('<th scope="col"') == 7
    html = owner.get("/p/north/toys/?column=name&column=created_at").content.decode()
    assert html.count('<th scope="col"') == 2


def test_htmx_gets_the_table_alone_and_history_the_whole_page(owner, make):
    make()
    part = owner.get("/p/north/toys/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "1 toy found" in part
    whole = owner.get("/p/north/toys/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()
    assert "HX-Request" in whole["Vary"]


def test_what_is_empty_says_why(owner, make):
    assert "No toy needs care." in owner.at("toys/").content.decode()
    assert "Everything to play with." in owner.at("toys/", view="all").content.decode()
    assert "under “Broken”" in owner.at("toys/", view="broken").content.decode()
    assert "No toys match" in owner.at("toys/", q="zzz").content.decode()


def test_only_who_may_add_is_offered_to(owner, clerk):
    assert "New toy" in owner.at("toys/", view="all").content.decode()
    assert "New toy" not in clerk.at("toys/", view="all").content.decode()


def test_names_are_escaped(owner, make):
    make(name="<script>alert(1)</script>")
    assert "<script>alert" not in owner.at("toys/").content.decode()


def test_reading_a_list_of_patient_data_is_noted_row_by_row(owner, make):
    toys = make(3)
    owner.at("toys/", sort="name")
    assert [("toyapp.toy", tuple(t.pk for t in toys), "listed")] == holes.READS


def test_a_search_is_noted_as_a_search(owner, make):
    toy = make(name="Red")
    owner.at("toys/", q="red")
    assert [("toyapp.toy", (toy.pk,), "searched")] == holes.READS


def test_a_list_asks_as_many_questions_for_thirty_rows_as_for_three(owner, make):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert owner.at("toys/").status_code == 200
        return len(queries)

    for number in range(3):
        make(maker=Maker.objects.create(practice="north", name=f"M{number}"))
    few = cost()
    for number in range(27):
        make(maker=Maker.objects.create(practice="north", name=f"N{number}"))
    assert cost() == few


def test_the_address_of_a_narrowed_list_holds_what_matters_and_nothing_else(owner, make):
    make()
    asked = "?view=all&q=&state=new&maker=&sort=name&sort=-price&column=name&column=price"
    answer = owner.get(f"/p/north/toys/{asked}", headers={"HX-Request": "true"})
    assert answer["HX-Push-Url"] == "/p/north/toys/?view=all&state=new&sort=-price&column=name&column=price"
    assert 'name="sort" form="list-form" value="-price"' in answer.content.decode()
