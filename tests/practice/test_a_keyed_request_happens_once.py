"""Idempotency keys: replayed, refused for another body, free again after a rollback."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from practice.models import IdempotencyKey, Location
from practice.services.idempotency import Answer, KeyReused, once
from practice.transactions import acting_in
from tests.cast import actor_named, in_practice


def make(actor, name="Main"):
    def produce():
        place = Location.objects.create(practice_id=actor.practice_id, name=name)
        return Answer(status=201, body={"id": str(place.id)})

    return produce


@pytest.mark.django_db
def test_the_second_ask_gets_the_first_answer(acting):
    with acting("manager") as actor:
        first = once("k1", asked="a", produce=make(actor), actor=actor)
        second = once("k1", asked="a", produce=make(actor), actor=actor)
        assert second.body == first.body
        assert (first.replayed, second.replayed) == (False, True)
        assert Location.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_for_something_else_is_refused_and_does_nothing(acting):
    with acting("manager") as actor:
        once("k1", asked="a", produce=make(actor), actor=actor)
        with pytest.raises(KeyReused):
            once("k1", asked="b", produce=make(actor, "Other"), actor=actor)
        assert Location.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_free_again_when_its_work_failed(acting):
    def fail():
        raise RuntimeError

    with acting("manager") as actor:
        with pytest.raises(RuntimeError), transaction.atomic():
            once("k1", asked="a", produce=fail, actor=actor)
        assert not IdempotencyKey.objects.exists()
        assert once("k1", asked="a", produce=make(actor), actor=actor).status == 201


@pytest.mark.django_db(transaction=True)
def test_sixteen_twins_make_one_row():
    actor, bodies, gate = actor_named("manager"), [], threading.Barrier(16)

    def ask():
        try:
            gate.wait()
            with acting_in(actor.practice_id, actor=actor):
                bodies.append(once("twin", asked="a", produce=make(actor), actor=actor).body)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with in_practice(actor):
        assert Location.objects.count() == 1
    assert len(bodies) == 16
    assert all(body == bodies[0] for body in bodies)


def _age(key, hours):
    IdempotencyKey.objects.filter(key=key).update(created_at=timezone.now() - timedelta(hours=hours))


@pytest.mark.django_db
def test_a_key_is_new_again_after_a_day_and_not_before(acting):
    with acting("manager") as actor:
        once("k1", asked="a", produce=make(actor), actor=actor)
        _age("k1", 23.9)
        assert once("k1", asked="a", produce=make(actor, "Other"), actor=actor).replayed
        _age("k1", 24.1)
        assert not once("k1", asked="b", produce=make(actor, "Other"), actor=actor).replayed
        assert once("k1", asked="b", produce=make(actor, "Third"), actor=actor).replayed
        assert Location.objects.count() == 2
