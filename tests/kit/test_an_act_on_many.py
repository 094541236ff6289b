"""Bulk: selected rows or all that match; each by its own service, refused ones with the reason and untouched."""

import json
import uuid
from urllib.parse import urlencode

import pytest

from kit.errors import StepUpNeeded
from tests.kit.toyapp import holes
from tests.kit.toyapp.models import State, Toy

BREAK, MEND, API = "/p/north/toys/bulk/break/", "/p/north/toys/bulk/mend/", "/p/north/api/v1/toys/bulk/break/"


def post(client, address, ids=(), **more):
    return client.post(
        address,
        urlencode({"pk": [str(i) for i in ids], **more}, doseq=True),
        content_type="application/x-www-form-urlencoded",
    )


def send(client, body, **headers):
    return client.post(
        API, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": "b1", **headers}
    )


def states():
    return dict(Toy.objects.values_list("name", "state"))


def test_rows_can_be_selected_only_by_those_who_may_act_on_them(owner, clerk, make):
    make()
    assert "data-select>" in owner.at("toys/").content.decode()
    assert 'formaction="/p/north/toys/bulk/break/"' in owner.at("toys/").content.decode()
    assert 'name="pk"' not in clerk.at("toys/").content.decode()


def test_what_asks_says_first_to_how_many_and_does_nothing_yet(owner, make):
    toys = make(3)
    answer = post(owner, BREAK, [t.pk for t in toys])
    assert answer.status_code == 200
    assert "Break 3 toys</button>" in answer.content.decode()
    assert set(states().values()) == {"new"}


def test_each_is_done_by_its_service_and_each_refusal_is_told(owner, make):
    fine, broken = make(name="Fine"), make(name="Gone", state=State.BROKEN, secret="first")
    foreign = make(name="Theirs", practice="south")
    answer = send(owner, {"ids": [str(t.pk) for t in (fine, broken, foreign)], "reason": "unsafe"})
    assert answer.status_code == 200
    assert answer.json()["done"] == [str(fine.pk)]
    refused = {each["id"]: each["detail"] for each in answer.json()["refused"]}
    assert "has changed meanwhile" in refused[str(broken.pk)]
    assert "not yours to see" in refused[str(foreign.pk)]
    assert states() == {"Fine": "broken", "Gone": "broken", "Theirs": "new"}
    assert Toy.objects.get(pk=broken.pk).secret == "first"


def test_the_page_and_the_endpoint_do_the_same(owner, make):
    toys = make(2)
    answer = post(owner, BREAK, [t.pk for t in toys], sure="1", reason="old")
    assert (answer.status_code, answer["Location"]) == (302, "/ran/?2")
    assert {(t.state, t.secret) for t in Toy.objects.all()} == {("broken", "old")}


def test_without_the_reason_nothing_is_done(owner, make):
    toy = make()
    assert post(owner, BREAK, [toy.pk], sure="1", reason=" ").status_code == 422
    assert states() == {toy.name: "new"}
    assert send(owner, {"ids": [str(toy.pk)]}).status_code == 422
    assert states() == {toy.name: "new"}


def test_what_does_not_ask_is_done_at_once(owner, make):
    toy = make(state=State.BROKEN)
    assert post(owner, MEND, [toy.pk]).status_code == 302
    assert states() == {toy.name: "sound"}


def test_all_that_match_are_asked_for_then_done_in_the_background(owner, make):
    make(3), make(2, state=State.BROKEN)
    asked = post(owner, MEND, all="1", query="?view=broken")
    assert "Mend 2 toys</button>" in asked.content.decode()
    answer = post(owner, MEND, all="1", query="?view=broken", sure="1")
    assert answer["Location"] == "/job/"
    assert len(holes.LATER[0]["ids"]) == 2
    assert set(holes.LATER[0]["ids"]) == set(Toy.objects.filter(state="broken").values_list("pk", flat=True))


def test_all_that_match_takes_a_fresh_proof(owner, make):
    make()
    holes.STALE.append(True)
    try:
        with pytest.raises(StepUpNeeded):
            post(owner, MEND, all="1", query="?view=all", sure="1")
    finally:
        holes.STALE.clear()
    assert holes.LATER == []


@pytest.mark.parametrize("ids", [["x"], [""], ["1"], [str(uuid.UUID(int=n)) for n in range(501)]])
def test_ids_that_are_none_or_too_many_are_refused(owner, make, ids):
    toy = make()
    assert post(owner, BREAK, [toy.pk, *ids], sure="1", reason="r").status_code == 422
    assert send(owner, {"ids": [str(toy.pk), *ids], "reason": "r"}).status_code == 422
    assert states() == {toy.name: "new"}


@pytest.mark.parametrize(
    "body", [{"reason": "r"}, {"ids": [], "reason": "r"}, {"ids": "x"}, {"ids": [1]}, {"ids": [{}]}, []]
)
def test_a_body_without_a_list_of_ids_is_refused(owner, body):
    assert send(owner, body).status_code in (400, 422)


def test_it_takes_the_permission_and_is_no_get(clerk, owner, make):
    toy = make()
    assert post(clerk, BREAK, [toy.pk], sure="1", reason="r").status_code == 403
    assert send(clerk, {"ids": [str(toy.pk)], "reason": "r"}).status_code == 403
    assert owner.get(BREAK)["Location"] == "/p/north/toys/"
    assert post(owner, "/p/north/toys/bulk/sell/", [toy.pk]).status_code == 404
    assert states() == {toy.name: "new"}


def test_a_service_that_fails_half_way_leaves_nothing_of_that_record(owner, make, monkeypatch):
    from kit.errors import DomainError
    from tests.kit.toyapp import services

    def half(toy, *, actor, reason):
        Toy.objects.filter(pk=toy.pk).update(state=State.BROKEN)
        if toy.name == "B":
            raise DomainError("Not this one")

    monkeypatch.setattr(services, "break_it", half)
    ids = [str(make(name=name).pk) for name in "ABC"]
    answer = send(owner, {"ids": ids, "reason": "r"})
    assert answer.json()["refused"] == [{"id": ids[1], "detail": "Not this one"}]
    assert states() == {"A": "broken", "B": "new", "C": "broken"}
