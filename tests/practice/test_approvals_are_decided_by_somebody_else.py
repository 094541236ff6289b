"""Approvals: asked for, decided in steps by who may, asked back, refused, withdrawn; each with what follows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import ApprovalEvent, ApprovalRequest, Role, Room, WorkItem
from practice.selectors import approvals as found
from practice.selectors.days import practice_today
from practice.services import approval_clock, approval_limits, approvals, people
from tests.practice import approval_world
from tests.practice.approval_world import AMOUNT, KIND, done, kind, make_room  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


@pytest.fixture
def asked(acting):
    """A request of the biller's about a room."""
    with acting("biller") as actor:
        room = make_room(actor)
        return approvals.ask(KIND, subject=room, reason="Needed", amount=AMOUNT, actor=actor)


def limit(actor, code, **more):
    values = {"step": 1, "effective_from": practice_today(actor), **more}
    return approval_limits.add_limit(kind=KIND, role=Role.objects.get(code=code), actor=actor, **values)


def outcomes(request):
    return list(
        ApprovalEvent.objects.filter(approval=request).order_by("id").values_list("outcome", flat=True)
    )


def refused_and_nothing_changed(request, words, call, error=DomainError):
    before = (outcomes(request), ApprovalRequest.objects.get(pk=request.pk).state)
    with pytest.raises(error, match=words), transaction.atomic():
        call()
    assert (outcomes(request), ApprovalRequest.objects.get(pk=request.pk).state) == before
    assert done == []
    assert not Room.objects.filter(name__contains="approved").exists()


def test_somebody_elses_word_carries_it_out_and_takes_it_off_the_list(asked, acting):
    with acting("manager") as actor:
        assert WorkItem.objects.get(kind="practice.approval").state == "open"
        approvals.approve(asked, note="Fine", actor=actor)
        assert Room.objects.get().name == "North approved"
        assert ApprovalRequest.objects.get().state == "approved"
        assert outcomes(asked) == ["asked", "approved"]
        assert WorkItem.objects.get(kind="practice.approval").state == "done"
    assert done == [f"approved {asked.number}"]


def test_who_asked_does_not_decide_not_even_as_the_owner(acting):
    with acting("owner") as actor:
        mine = approvals.ask(KIND, subject=make_room(actor), reason="Mine", amount=AMOUNT, actor=actor)
        for act in (approvals.approve, approvals.refuse, approvals.ask_back):
            refused_and_nothing_changed(
                mine, "You asked for this", lambda act=act: act(mine, note="Yes", actor=actor)
            )


def test_a_role_without_the_permission_decides_nothing(asked, acting):
    with acting("front_desk") as actor:
        refused_and_nothing_changed(
            asked, "beyond what you may approve", lambda: approvals.approve(asked, actor=actor)
        )
        assert not found.visible_to(actor).exists()


def test_a_limit_ends_where_it_ends(acting):
    with acting("owner") as actor:
        limit(actor, "manager", up_to=Decimal("300.00"))
        limit(actor, "owner")
    with acting("biller") as actor:
        small, large = (
            approvals.ask(
                KIND, subject=make_room(actor, name), reason="x", amount=Decimal(amount), actor=actor
            )
            for name, amount in (("A", "300.00"), ("B", "300.01"))
        )
    with acting("manager") as actor:
        assert list(found.for_me(found.visible_to(actor), actor=actor)) == [small]
        refused_and_nothing_changed(
            large, "beyond what you may approve", lambda: approvals.approve(large, actor=actor)
        )
        approvals.approve(small, actor=actor)
    with acting("owner") as actor:
        assert list(found.for_me(found.visible_to(actor), actor=actor)) == [large]
        approvals.approve(large, actor=actor)
    assert len(done) == 2


def test_a_large_amount_takes_two_people_in_order(acting):
    with acting("owner") as actor:
        limit(actor, "manager")
        limit(actor, "owner")
        limit(actor, "owner", step=2, above=Decimal("1000.00"))
    with acting("biller") as actor:
        large = approvals.ask(
            KIND, subject=make_room(actor), reason="x", amount=Decimal("5000.00"), actor=actor
        )
    with acting("owner") as actor:
        approvals.approve(large, actor=actor)
        assert done == []
        refused_and_nothing_changed(
            large, "decided an earlier step", lambda: approvals.approve(large, actor=actor)
        )
        assert not found.for_me(found.visible_to(actor), actor=actor).exists()
    with acting("manager") as actor:
        refused_and_nothing_changed(
            large, "beyond what you may approve", lambda: approvals.approve(large, actor=actor)
        )


def test_what_nobody_else_could_decide_is_not_asked_for(acting):
    with acting("owner") as actor:
        limit(actor, "manager", up_to=Decimal("100.00"))
        room = make_room(actor)
        with pytest.raises(DomainError, match="limit reaches"), transaction.atomic():
            approvals.ask(KIND, subject=room, reason="x", amount=AMOUNT, actor=actor)
    with acting("manager") as actor:
        with pytest.raises(DomainError, match="Nobody but you"), transaction.atomic():
            approvals.ask(KIND, subject=room, reason="x", amount=Decimal("50.00"), actor=actor)
        assert not ApprovalRequest.objects.exists()


def test_what_has_changed_is_asked_for_again(asked, acting):
    with acting("manager") as actor:
        Room.objects.update(name="South")
        refused_and_nothing_changed(
            asked, "has changed since", lambda: approvals.approve(asked, actor=actor), error=Conflict
        )
    with acting("biller") as actor:
        approvals.ask_again(asked, note="It moved", actor=actor)
    with acting("manager") as actor:
        approvals.approve(asked, actor=actor)
        assert Room.objects.get().name == "South approved"


def test_an_effect_that_fails_leaves_the_request_undecided(acting):
    with acting("biller") as actor:
        request = approvals.ask(
            KIND, subject=make_room(actor, "Fails"), reason="x", amount=AMOUNT, actor=actor
        )
    with acting("manager") as actor:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            approvals.approve(request, actor=actor)
        assert ApprovalRequest.objects.get().state == "waiting"
        assert outcomes(request) == ["asked"]
        assert WorkItem.objects.get(kind="practice.approval").state == "open"


def test_asking_back_hands_it_to_who_asked_and_answering_hands_it_back(asked, acting):
    with acting("manager") as actor:
        approvals.ask_back(asked, note="For whom?", actor=actor)
        refused_and_nothing_changed(
            asked, "nothing to decide", lambda: approvals.approve(asked, actor=actor), error=Conflict
        )
        item = WorkItem.objects.get(kind="practice.approval_answer", state="open")
        assert item.owner == asked.requested_by
        refused_and_nothing_changed(
            asked, "Only the person who asked", lambda: approvals.ask_again(asked, note="x", actor=actor)
        )
    with acting("biller") as actor:
        assert list(found.for_me(found.visible_to(actor), actor=actor)) == [asked]
        approvals.ask_again(asked, note="For the new provider", actor=actor)
        assert not WorkItem.objects.filter(kind="practice.approval_answer", state="open").exists()
    with acting("manager") as actor:
        approvals.approve(asked, actor=actor)
        assert outcomes(asked) == ["asked", "asked_back", "answered", "approved"]


def test_a_refusal_needs_its_words_and_has_its_effect(asked, acting):
    with acting("manager") as actor:
        refused_and_nothing_changed(asked, "Say why", lambda: approvals.refuse(asked, note=" ", actor=actor))
        approvals.refuse(asked, note="Too dear", actor=actor)
        assert Room.objects.get().name == "North"
    assert done == [f"refused {asked.number}"]


def test_withdrawn_is_over_and_can_be_asked_anew(asked, acting):
    with acting("biller") as actor:
        with pytest.raises(Conflict, match="asked for already"), transaction.atomic():
            approvals.ask(KIND, subject=Room.objects.get(), reason="x", amount=AMOUNT, actor=actor)
        approvals.withdraw(asked, reason="A mistake", actor=actor)
        again = approvals.ask(KIND, subject=Room.objects.get(), reason="x", amount=AMOUNT, actor=actor)
    with acting("manager") as actor:
        with pytest.raises(Conflict, match="withdrawn"), transaction.atomic():
            approvals.approve(asked, actor=actor)
        approvals.approve(again, actor=actor)
    assert done == [f"withdrawn {asked.number}", f"approved {again.number}"]


def test_a_record_one_cannot_see_is_not_decided_about(asked, acting, monkeypatch):
    monkeypatch.setattr("practice.services.approvals.subject_of", lambda request, *, actor: None)
    with acting("manager") as actor:
        refused_and_nothing_changed(
            asked, "cannot see the record", lambda: approvals.approve(asked, actor=actor)
        )


def test_time_makes_it_overdue_once_and_ends_it(asked, acting):
    with acting("owner") as actor:
        assert approval_clock.run(actor=actor) == {"expired": 0, "overdue": 0}
        with clock.at(clock.now() + timedelta(days=8)):
            assert approval_clock.run(actor=actor) == {"expired": 0, "overdue": 1}
            assert approval_clock.run(actor=actor) == {"expired": 0, "overdue": 0}
            assert "overdue" in WorkItem.objects.get(kind="practice.approval").title
        with clock.at(clock.now() + timedelta(days=40)):
            assert approval_clock.run(actor=actor) == {"expired": 1, "overdue": 0}
        assert ApprovalRequest.objects.get().state == "expired"
        assert not WorkItem.objects.filter(state="open", kind="practice.approval").exists()
    assert done == [f"expired {asked.number}"]


def test_limits_are_the_owners_to_set_and_need_the_permission_behind_them(acting):
    with acting("manager") as actor, pytest.raises(Forbidden), transaction.atomic():
        limit(actor, "manager")
    with acting("owner") as actor:
        with pytest.raises(DomainError, match="cannot decide this"), transaction.atomic():
            limit(actor, "front_desk")
        made = limit(actor, "manager")
        approval_limits.end_limit(made, actor=actor)
        assert not found.limits_now(found.limits(actor), actor=actor).exists()


def test_a_token_asks_for_its_maker_and_never_decides(asked, acting):
    with acting("owner") as actor:
        token, _ = people.issue_token("ERP", role=Role.objects.get(code="manager"), actor=actor)
    program = approval_world.token(token)
    with acting("owner") as actor:
        theirs = approvals.ask(KIND, subject=make_room(actor, "T"), reason="x", amount=AMOUNT, actor=program)
        assert theirs.requested_by_id == actor.membership_id
        for request in (asked, theirs):
            refused_and_nothing_changed(
                request, "A person decides", lambda request=request: approvals.approve(request, actor=program)
            )
        refused_and_nothing_changed(
            theirs, "You asked for this", lambda: approvals.approve(theirs, actor=actor)
        )
