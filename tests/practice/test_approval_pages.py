"""The pages of approvals: tabs, one request with its chain, decided by its buttons, hidden from strangers."""

import pytest

from practice.models import ApprovalRequest, Room
from practice.services import approvals
from tests.practice.approval_world import AMOUNT, KIND, kind, make_room  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


@pytest.fixture
def asked(acting):
    with acting("biller") as actor:
        return approvals.ask(KIND, subject=make_room(actor), reason="Needed soon", amount=AMOUNT, actor=actor)


def act(visitor, request, action, **data):
    key = f"{action}-{len(data)}"
    return visitor.send(f"approvals/{request.pk}/do/{action}/", {"idempotency_key": key, **data})


def test_it_waits_for_one_and_was_asked_by_the_other(asked, manager, biller, front_desk):
    address = f"/p/harbor/approvals/{asked.pk}/"
    assert address in manager.at("approvals/", view="me").content.decode()
    assert "Nothing waits for your decision" in biller.at("approvals/", view="me").content.decode()
    assert address in biller.at("approvals/", view="asked").content.decode()
    assert address not in front_desk.at("approvals/", view="all").content.decode()
    assert front_desk.get(address).status_code == 404


def test_a_request_is_read_and_approved_by_its_buttons(asked, manager, biller):
    page = manager.at(f"approvals/{asked.pk}/").content.decode()
    for words in ("Room of $250.00", "Needed soon", "North", "do/approve/", "do/refuse/", "do/ask-back/"):
        assert words in page
    own = biller.at(f"approvals/{asked.pk}/").content.decode()
    assert "do/approve/" not in own
    assert "somebody else decides" in own
    answer = act(manager, asked, "approve", note="Fine")
    assert answer.status_code == 302
    page = manager.get(answer["Location"]).content.decode()
    assert "Mara Mendez approved it" in page
    assert "Bill Brand asked for it" in page


def test_a_forged_button_is_refused_in_words_and_changes_nothing(asked, biller, acting):
    answer = act(biller, asked, "approve", note="")
    assert answer.status_code == 422
    assert "You asked for this" in answer.content.decode()
    with acting("biller"):
        assert ApprovalRequest.objects.get().state == "waiting"
        assert Room.objects.get().name == "North"


def test_a_double_click_decides_once(asked, manager, acting):
    first, second = (act(manager, asked, "approve", note="") for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    with acting("manager"):
        assert Room.objects.get().name == "North approved"


def test_another_practice_finds_nothing(asked, stranger):
    assert stranger.at(f"approvals/{asked.pk}/").status_code == 404
    assert act(stranger, asked, "approve").status_code == 404


def test_the_api_decides_as_the_page_does(asked, manager, biller):
    body = {"content_type": "application/json"}
    path = f"api/v1/approvals/{asked.pk}/approve/"
    own = biller.send(path, "{}", headers={"Idempotency-Key": "a"}, **body)
    assert own.status_code == 422
    answer = manager.send(path, "{}", headers={"Idempotency-Key": "b"}, **body)
    assert answer.status_code == 200, answer.content
    assert manager.at(f"api/v1/approvals/{asked.pk}/").json()["state"] == "approved"
