"""What a person adds to a list and finds again: own views, the side panel, undo, ⌘K."""

import uuid

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from kit import palette
from kit.ports import OwnView
from tests.kit.toyapp import holes
from tests.kit.toyapp.middleware import ToyMiddleware
from tests.kit.toyapp.models import State

PANEL = {"HX-Request": "true", "HX-Target": "panel-body"}
MINE = "?sort=-price&state=new&view=all"


@pytest.fixture
def asking(rf: RequestFactory):
    def made(role="owner"):
        request = rf.get("/p/north/palette/", headers={"X-Toy-Actor": f"{role}@north"})
        ToyMiddleware(None).process_view(request, None, (), {"practice": "north"})
        return request

    return made


def test_own_views_follow_the_declared_ones_with_their_count(owner, make):
    make(2), make(state=State.BROKEN)
    holes.SAVED.append(OwnView(id=uuid.uuid4(), label="Dear ones", query=MINE))
    html = owner.at("toys/").content.decode()
    assert html.index("All <small>3") < html.index("Dear ones <small>2")
    assert '<a href="?view=unsound" aria-current="page">' in html


def test_the_own_view_whose_question_is_asked_is_the_current_tab(owner, make):
    make()
    holes.SAVED.append(OwnView(id=uuid.uuid4(), label="Dear ones", query=MINE))
    html = owner.at("toys/", view="all", state="new", sort="-price", page="1", panel="/x/").content.decode()
    assert '&amp;view=all" aria-current="page">Dear ones' in html
    assert '<a href="?view=all">All' in html


def test_a_list_opens_with_ones_own_default_view(owner, make):
    holes.SAVED.append(OwnView(id=uuid.uuid4(), label="Dear ones", query=MINE, default=True))
    assert owner.get("/p/north/toys/")["Location"] == f"/p/north/toys/{MINE}"
    assert owner.get("/p/north/toys/?view=all").status_code == 200


def test_a_record_can_be_looked_at_beside_its_list(owner, make):
    toy = make(name="Red car")
    assert f'href="/p/north/toys/{toy.pk}/" data-panel' in owner.at("toys/").content.decode()
    html = owner.get(f"/p/north/toys/{toy.pk}/", headers=PANEL).content.decode()
    assert "<html" not in html
    assert "<h2>Red car</h2>" in html
    assert f'href="/p/north/toys/{toy.pk}/edit/" data-key="e" data-panel' in html
    assert "Open the page" in html


@pytest.mark.parametrize("tail", ["edit/", "do/break/"])
def test_forms_stay_inside_the_panel_and_refuse_there(owner, make, tail):
    toy = make()
    assert (
        'method="post" data-panel'
        in owner.get(f"/p/north/toys/{toy.pk}/{tail}", headers=PANEL).content.decode()
    )
    refused = owner.post(f"/p/north/toys/{toy.pk}/{tail}", {}, headers=PANEL)
    assert refused.status_code == 422
    assert "<html" not in refused.content.decode()


def test_what_was_done_can_be_taken_back_at_once_by_those_who_may(owner, make, monkeypatch):
    toy = make()
    done = owner.post(f"/p/north/toys/{toy.pk}/do/break/", {"reason": "r"})["Location"]
    html = owner.get(done).content.decode()
    assert "Break: done" in html
    assert f'action="/p/north/toys/{toy.pk}/do/mend/"' in html
    assert 'data-key="z"' in html
    owner.post(f"/p/north/toys/{toy.pk}/do/mend/")
    toy.refresh_from_db()
    assert toy.state == State.SOUND
    monkeypatch.setitem(holes.ROLES, "owner", holes.ROLES["owner"] - {"toy.change"})
    assert 'data-key="z"' not in owner.get(done).content.decode()


def test_opening_a_record_is_remembered_for_recents(owner, make):
    toy = make()
    owner.at(f"toys/{toy.pk}/")
    assert [("toyapp.toy", toy.pk)] == holes.OPENED


def test_records_are_found_by_prefix_in_one_question_a_kind_and_noted(asking, make):
    red = make(name="Red car")
    make(30, name="Green"), make(name="Red foreign", practice="south")
    with CaptureQueriesContext(connection) as queries:
        hits = list(palette.records(asking(), text="red"))
    assert [(hit["label"], hit["url"]) for hit in hits] == [("Red car", f"/p/north/toys/{red.pk}/")]
    assert len(queries) == 1
    assert [("toyapp.toy", (red.pk,), "searched")] == holes.READS
    assert len(list(palette.records(asking(), text="gre"))) == 5
    assert list(palette.records(asking(), text="r")) == []
    assert list(palette.records(asking(), text="\x00re")) == []
    assert list(palette.records(asking("visitor"), text="red")) == []


def test_things_to_add_and_to_do_here_follow_permission_and_state(asking, make):
    toy = make()
    assert [hit["label"] for hit in palette.things_to_add(asking(), text="new to")] == ["New toy"]
    assert list(palette.things_to_add(asking("clerk"), text="new")) == []
    path = f"/p/north/toys/{toy.pk}/"
    assert [hit["label"] for hit in palette.things_to_do(asking(), path=path, text="")] == [
        "Mend",
        "Break",
        "Edit",
    ]
    assert list(palette.things_to_do(asking("clerk"), path=path, text="")) == []
    foreign = make(practice="south")
    for other in (
        f"/p/north/toys/{foreign.pk}/",
        f"/p/south/toys/{foreign.pk}/",
        "/x/",
        "",
        "/p/north/toys/",
        "http://e",
    ):
        assert list(palette.things_to_do(asking(), path=other, text="")) == []
