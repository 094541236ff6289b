"""Eight threads post the same payment, and its charges are worked on meanwhile: every cent moves once."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from billing.models import DenialCase, LedgerEntry, OpenItem, Remittance
from billing.services import adjustment_catalogue, invariants, posting, remittances
from kit.errors import Conflict
from practice.transactions import acting_in
from tests.billing.remittance_text import answer, line, payment, text
from tests.billing.remittance_world import build
from tests.cast import actor_named

THREADS = 8


def together(work):
    """Run ``work(number)`` in eight threads that start at once; returns what each returned or raised."""
    gate, results = threading.Barrier(THREADS), [None] * THREADS

    def run(number):
        try:
            gate.wait(10)
            results[number] = work(number)
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return results


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_eight_posters_write_a_payment_once(evidence):
    actor = actor_named("biller")
    with acting_in(actor.practice_id, actor=actor):
        adjustment_catalogue.install(actor=actor)
        world = build(actor)
        claims = [world.claim("150.00", "20.00") for _ in range(5)]
        said = [
            answer(
                claim,
                line("99211", "150.00", "90.00", "CO-45 40.00", "PR-3 20.00"),
                line("99212", "20.00", "0.00", "CO-97 20.00"),
                number=f"P{place}",
            )
            for place, claim in enumerate(claims)
        ]
        remittances.receive(text(payment(*said)), name="x.835", actor=actor)

    def post(number):
        with acting_in(actor.practice_id, actor=actor):
            return posting.post(Remittance.objects.get(), actor=actor)

    results = together(post)
    assert sorted(result.already for result in results) == [False] + [True] * 7
    with acting_in(actor.practice_id, actor=actor):
        paid = LedgerEntry.objects.filter(kind="insurance_payment").values_list("amount", flat=True)
        assert sorted(paid) == [Decimal("-90.00")] * 5
        assert DenialCase.objects.count() == 5
        assert sum(OpenItem.objects.values_list("balance", flat=True)) == Decimal("200.00")
        assert invariants.check(actor=actor).findings == ()
    evidence(posters=8, posted=1, told_it_was_done=7)


@pytest.mark.django_db(transaction=True)
def test_eight_receivers_keep_a_file_once():
    actor = actor_named("biller")
    with acting_in(actor.practice_id, actor=actor):
        content = text(payment(answer("NOBODY", line("99211", "10.00", "10.00"), names=())))

    def receive(number):
        with acting_in(actor.practice_id, actor=actor):
            return remittances.receive(content, name=f"{number}.835", actor=actor)

    results = together(receive)
    assert sum(isinstance(result, Conflict) for result in results) == 7
    with acting_in(actor.practice_id, actor=actor):
        assert Remittance.objects.count() == 1
