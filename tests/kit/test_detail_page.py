"""The detail page: values, next steps, children, history, and nothing for those who may not."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.toyapp import holes
from tests.kit.toyapp.models import Maker, State


def test_values_stand_beside_their_labels(owner, make):
    toy = make(name="Red car", bought=date(2026, 3, 4), state=State.BROKEN)
    html = owner.at(f"toys/{toy.pk}/").content.decode().replace("\n</dd>", "</dd>")
    assert "<h1>Red car</h1>" in html
    assert '<dt>Bought</dt><dd><time datetime="2026-03-04">03/04/2026</time></dd>' in html
    assert '<span class="wr-status wr-status--bad wr-status--pill">Broken</span>' in html
    assert "<dt>Price</dt><dd>$10.50</dd>" in html


def test_a_link_to_another_record_leads_there_only_for_those_who_may_open_it(owner, make, monkeypatch):
    maker = Maker.objects.create(practice="north", name="Acme")
    toy = make(maker=maker)
    address = f'<a href="/p/north/makers/{maker.pk}/">Acme</a>'
    assert address in owner.at(f"toys/{toy.pk}/").content.decode()
    monkeypatch.setitem(holes.ROLES, "owner", holes.ROLES["owner"] - {"maker.view"})
    assert address not in owner.at(f"toys/{toy.pk}/").content.decode()


def test_a_section_with_a_permission_of_its_own_is_left_out_for_others(owner, clerk, make):
    toy = make(secret="under the bed")
    assert "under the bed" in owner.at(f"toys/{toy.pk}/").content.decode()
    assert "under the bed" not in clerk.at(f"toys/{toy.pk}/").content.decode()


def test_only_what_is_possible_and_permitted_is_offered_next(owner, clerk, make):
    toy, broken = make(), make(state=State.BROKEN)
    assert "Break" in owner.at(f"toys/{toy.pk}/").content.decode()
    assert f"{broken.pk}/do/break/" not in owner.at(f"toys/{broken.pk}/").content.decode()
    assert "/do/" not in clerk.at(f"toys/{toy.pk}/").content.decode()


def test_related_records_are_listed_without_the_way_back(owner, make):
    maker = Maker.objects.create(practice="north", name="Acme")
    toys = make(12, maker=maker)
    html = owner.at(f"makers/{maker.pk}/").content.decode()
    assert f"/p/north/toys/{toys[0].pk}/" in html
    assert html.count('<th scope="row">') == 10
    assert f"/p/north/toys/?maker={maker.pk}" in html
    assert '<th scope="col">Maker</th>' not in html


def test_the_list_behind_a_child_table_opens_narrowed_to_its_parent(owner, make):
    maker = Maker.objects.create(practice="north", name="Acme")
    make(maker=maker, name="Theirs", state=State.SOUND), make(name="Other")
    html = owner.at("toys/", maker=str(maker.pk)).content.decode()
    assert "Theirs" in html
    assert "Other" not in html


def test_the_past_is_told_in_sentences(owner, make):
    toy = make()
    assert "Dana Reyes made it" in owner.at(f"toys/{toy.pk}/").content.decode()


def test_opening_a_record_is_noted(owner, make):
    toy = make()
    owner.at(f"toys/{toy.pk}/")
    assert [("toyapp.toy", (toy.pk,), "opened")] == holes.READS


def test_only_declared_words_are_said_after_an_act(owner, make):
    toy = make()
    assert "Mended" in owner.at(f"toys/{toy.pk}/", done="mend").content.decode()
    assert "Call 555" not in owner.at(f"toys/{toy.pk}/", done="Call 555").content.decode()


def test_a_page_with_ten_children_asks_no_more_than_one_with_one(owner, make):
    def cost(maker):
        with CaptureQueriesContext(connection) as queries:
            owner.at(f"makers/{maker.pk}/")
        return len(queries)

    one, many = (Maker.objects.create(practice="north", name=name) for name in ("One", "Many"))
    make(maker=one), make(10, maker=many)
    assert cost(one) == cost(many)
