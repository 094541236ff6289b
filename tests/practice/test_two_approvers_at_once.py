"""Two people decide the same request at the same moment: one decision, one effect."""

import threading

import pytest
from django.db import connection

from kit.errors import Conflict
from practice.models import ApprovalEvent, ApprovalRequest
from practice.services import approvals
from practice.transactions import acting_in
from tests.cast import actor_named
from tests.practice.approval_world import AMOUNT, KIND, done, kind, make_room  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("kind")]


def test_two_at_once_are_one_decision_and_one_effect():
    biller = actor_named("biller")
    with acting_in(biller.practice_id, actor=biller):
        request = approvals.ask(KIND, subject=make_room(biller), reason="x", amount=AMOUNT, actor=biller)
    people = [actor_named("manager"), actor_named("owner")] * 3
    gate, results = threading.Barrier(len(people)), []

    def decide(actor, act):
        try:
            gate.wait(10)
            with acting_in(actor.practice_id, actor=actor):
                act(request, note="Said", actor=actor)
            results.append("done")
        except Exception as error:
            results.append(type(error))
        finally:
            connection.close()

    acts = [approvals.approve, approvals.approve, approvals.refuse] * 2
    threads = [threading.Thread(target=decide, args=pair) for pair in zip(people, acts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(str, results)) == sorted(map(str, ["done", *[Conflict] * 5]))
    with acting_in(biller.practice_id, actor=biller):
        decided = ApprovalEvent.objects.exclude(outcome="asked")
        assert decided.count() == 1
        assert ApprovalRequest.objects.get().state == decided.get().outcome
    assert len(done) == 1
