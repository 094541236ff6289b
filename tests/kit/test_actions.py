"""Guarded acts: asked for, explained, done once, refused when too late."""

from tests.kit.toyapp.models import State


def test_the_question_names_the_object_and_the_consequence(owner, make):
    toy = make(name="Red car")
    html = owner.at(f"toys/{toy.pk}/do/break/").content.decode()
    assert "Break toy Red car</button>" in html
    assert "It cannot be played with again." in html


def test_a_reason_is_required_and_nothing_happens_without_it(owner, make):
    toy = make()
    response = owner.post(f"/p/north/toys/{toy.pk}/do/break/", {"reason": " "})
    assert response.status_code == 422
    toy.refresh_from_db()
    assert toy.state == State.NEW


def test_an_act_runs_its_service_with_the_answers(owner, make):
    toy = make()
    response = owner.post(f"/p/north/toys/{toy.pk}/do/break/", {"reason": "It was unsafe"})
    assert response["Location"] == f"/p/north/toys/{toy.pk}/?done=break"
    toy.refresh_from_db()
    assert (toy.state, toy.secret) == (State.BROKEN, "It was unsafe")


def test_an_act_that_is_no_longer_possible_is_refused(owner, make):
    toy = make(state=State.BROKEN, secret="first")
    assert owner.at(f"toys/{toy.pk}/do/break/").status_code == 422
    response = owner.post(f"/p/north/toys/{toy.pk}/do/break/", {"reason": "again"})
    assert response.status_code == 409
    toy.refresh_from_db()
    assert toy.secret == "first"


def test_an_unknown_act_is_not_found(owner, make):
    assert owner.post(f"/p/north/toys/{make().pk}/do/sell/").status_code == 404


def test_an_act_cannot_be_done_by_a_link(owner, make):
    toy = make(state=State.NEW)
    owner.at(f"toys/{toy.pk}/do/mend/")
    toy.refresh_from_db()
    assert toy.state == State.NEW


def test_an_act_needs_its_own_permission(clerk, make):
    toy = make()
    response = clerk.post(f"/p/north/toys/{toy.pk}/do/break/", {"reason": "no"})
    assert response.status_code == 403
    assert "toy.break" in response.content.decode()
    toy.refresh_from_db()
    assert toy.state == State.NEW
