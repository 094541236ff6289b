"""Sixteen identical keyed requests at once, over HTTP and real connections: one effect, one body, no 5xx."""

from __future__ import annotations

import contextvars
import itertools
import json
import os
import threading
import time
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from billing.models import Charge, Claim, Remittance, RemittanceFile
from billing.services import adjustment_catalogue, remittances
from kit import clock
from practice.transactions import acting_in
from scheduling.models import Appointment
from tests.billing import claim_world, remittance_world
from tests.billing.remittance_text import answer, line, payment, text
from tests.cast import PEOPLE, actor_named, owner_cursor
from tests.scheduling.clinic import MONDAY, SEVEN, at, make_clinic
from tests.tiers import DEEP

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
TWINS = 16
TRIALS = int(os.environ.get("WELLRUN_TRIALS", "1000" if DEEP else "4"))
_numbers = itertools.count(1)


class Twins:
    """Sixteen clients of one person, each in a thread and on a connection of its own."""

    def __init__(self, key: str) -> None:
        from practice.models import User

        _, slug, _ = PEOPLE[key]
        person = User.objects.get(email=f"{key}@{slug}.example")
        self.clients = [Client(raise_request_exception=False) for _ in range(TWINS)]
        for client in self.clients:
            client.force_login(person)
        self.work, self.answers, self.contexts = None, [None] * TWINS, []
        self.start, self.end = threading.Barrier(TWINS + 1), threading.Barrier(TWINS + 1)
        self.threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(TWINS)]
        for thread in self.threads:
            thread.start()

    def _run(self, number):
        while True:
            self.start.wait()
            if self.work is None:
                connection.close()
                return
            try:
                self.answers[number] = self.contexts[number].run(self.work, self.clients[number])
            except Exception as error:
                self.answers[number] = error
            self.end.wait()

    def ask(self, work):
        """What each of the sixteen was answered."""
        self.work, self.contexts = work, [contextvars.copy_context() for _ in range(TWINS)]
        self.start.wait()
        self.end.wait()
        return list(self.answers)

    def close(self):
        self.work = None
        self.start.wait()
        for thread in self.threads:
            thread.join(10)


@pytest.fixture
def twins():
    made = []

    def make(key):
        made.append(Twins(key))
        return made[0]

    yield make
    for each in made:
        each.close()


def posted(path, body):
    key = f"twin-{next(_numbers)}"

    def work(client):
        return client.post(
            f"/p/harbor/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )

    return work


def same(answers, *, status):
    """One body for all of them, fifteen of them replayed."""
    for each in answers:
        assert not isinstance(each, Exception), each
    assert {each.status_code for each in answers} == {status}, [each.content[:300] for each in answers]
    assert len({each.content for each in answers}) == 1
    assert len({each.get("ETag") for each in answers}) == 1
    assert sum(each.get("Idempotency-Replayed") == "true" for each in answers) == TWINS - 1


def count(sql, *values):
    with owner_cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def test_a_visit_is_booked_once(twins, evidence):
    actor = actor_named("manager")
    with clock.at(SEVEN), acting_in(actor.practice_id, actor=actor):
        clinic = make_clinic(actor, providers=4)
        patients = [clinic.patient(last=f"Twin{number}") for number in range(20)]
    slots = itertools.product(range(40), range(4), (*range(8, 12), *range(13, 17)), (0, 20, 40))
    crowd, began, done = twins("front_desk"), time.monotonic(), 0
    with clock.at(SEVEN):
        for day, provider, hour, minute in slots:
            when = MONDAY + timedelta(days=day)
            if when.weekday() > 4:
                continue
            body = {
                "patient": str(patients[done % 20].pk),
                "provider": str(clinic.providers[provider].pk),
                "location": str(clinic.site.pk),
                "type": str(clinic.types["fu"].pk),
                "starts_at": at(hour, minute, day=when).isoformat(),
            }
            same(crowd.ask(posted("appointments/", body)), status=201)
            done += 1
            if done == TRIALS:
                break
    assert done == TRIALS
    with acting_in(actor.practice_id, actor=actor):
        assert Appointment.objects.count() == TRIALS
    evidence(
        trials=TRIALS, twins=TWINS, booked=TRIALS, server_errors=0, seconds=round(time.monotonic() - began, 1)
    )


def test_a_payment_is_posted_once(twins, evidence):
    actor = actor_named("biller")
    with acting_in(actor.practice_id, actor=actor):
        adjustment_catalogue.install(actor=actor)
    crowd, began = twins("biller"), time.monotonic()
    with acting_in(actor.practice_id, actor=actor):
        world = remittance_world.build(actor)
    for number in range(TRIALS):
        with acting_in(actor.practice_id, actor=actor):
            claim = world.claim("150.00")
            said = answer(claim, line("99211", "150.00", "90.00", "CO-45 60.00"), number=f"P{number}")
            remittances.receive(
                text(payment(said, trace=f"T{number}"), number=number + 1), name="x.835", actor=actor
            )
            wanted = Remittance.objects.get(trace_number=f"T{number}").pk
        same(crowd.ask(posted(f"remittances/{wanted}/post/", {})), status=200)
    assert count("SELECT count(*) FROM billing_ledgerentry WHERE kind = 'insurance_payment'") == TRIALS
    assert (
        count("SELECT -sum(amount) FROM billing_ledgerentry WHERE kind = 'insurance_payment'") == 90 * TRIALS
    )
    evidence(
        trials=TRIALS, twins=TWINS, posted=TRIALS, server_errors=0, seconds=round(time.monotonic() - began, 1)
    )


@pytest.fixture
def room(settings, tmp_path):
    settings.OUTGOING, settings.INCOMING = tmp_path / "out", tmp_path / "in"
    actor = actor_named("manager")
    with clock.at(claim_world.NOW):
        with acting_in(actor.practice_id, actor=actor):
            world = claim_world.build(actor)
        yield world


def test_charges_are_entered_once(twins, room):
    with acting_in(room.actor.practice_id, actor=room.actor):
        visit = room.visit()
    body = {"lines": [{"code": "99213", "diagnoses": ["I10"]}]}
    same(twins("biller").ask(posted(f"visits/{visit.pk}/charges/", body)), status=201)
    with acting_in(room.actor.practice_id, actor=room.actor):
        assert Charge.objects.count() == 1


def test_a_claim_is_submitted_once(twins, room):
    with acting_in(room.actor.practice_id, actor=room.actor):
        claim = room.claim()
    same(twins("biller").ask(posted("claims/submit/", {"claims": [str(claim.pk)]})), status=201)
    with acting_in(room.actor.practice_id, actor=room.actor):
        assert Claim.objects.get().state == "submitted"
        assert count("SELECT count(*) FROM billing_claimbatch") == 1


def test_a_payment_file_is_kept_once_also_under_sixteen_keys(twins):
    actor = actor_named("biller")
    with acting_in(actor.practice_id, actor=actor):
        content = text(payment(answer("NOBODY", line("99211", "10.00", "10.00"), names=()))).encode()

    def work(client, key="upload"):
        given = SimpleUploadedFile("x.835", content)
        return client.post(
            "/p/harbor/billing/remittances/files/new/", {"file": given, "idempotency_key": key}
        )

    crowd = twins("biller")
    answers = crowd.ask(work)
    assert {each.status_code for each in answers} == {302}, [each.content[-500:] for each in answers]
    assert len({each["Location"] for each in answers}) == 1
    again = crowd.ask(lambda client: work(client, key=f"upload-{next(_numbers)}"))
    assert {each.status_code for each in again} == {409}
    with acting_in(actor.practice_id, actor=actor):
        assert RemittanceFile.objects.count() == Remittance.objects.count() == 1


def test_the_same_key_for_another_wish_is_refused_and_books_nothing(twins):
    actor = actor_named("manager")
    with clock.at(SEVEN), acting_in(actor.practice_id, actor=actor):
        clinic = make_clinic(actor)
        patient = clinic.patient()
    crowd = twins("front_desk")
    hours = itertools.count(8)

    def work(client):
        body = {
            "patient": str(patient.pk),
            "provider": str(clinic.providers[0].pk),
            "location": str(clinic.site.pk),
            "type": str(clinic.types["fu"].pk),
            "starts_at": at(8, next(hours) % 3 * 20, day=date(2026, 3, 3)).isoformat(),
        }
        return client.post(
            "/p/harbor/api/v1/appointments/",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": "one-key"},
        )

    with clock.at(SEVEN):
        statuses = [each.status_code for each in crowd.ask(work)]
    assert set(statuses) == {201, 422}
    with acting_in(actor.practice_id, actor=actor):
        assert Appointment.objects.count() == 1
