"""Thousands of races for the same and partly overlapping times, provider and room, over HTTP and straight by service.

Each race is 2 to 50 desks that begin at one moment. One gets a time, or as many as really fit beside each other; every
other one hears 409, and of a full slot the three nearest openings. Nothing is booked twice, nothing deadlocks, nothing
is a server error.
"""

from __future__ import annotations

import contextvars
import json
import os
import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from kit import clock
from practice.models import User
from scheduling.errors import SlotTaken
from tests.cast import actor_named, in_practice, owner_cursor
from tests.scheduling.clinic import MONDAY, SEVEN, at, make_clinic
from tests.tiers import DEEP

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]
RACES = int(os.environ.get("WELLRUN_TRIALS", "10000" if DEEP else "14"))
MOST = 50
AGAIN = 100  # races after which everybody signs in anew: a session ends, whatever the races take
KINDS = ("same", "overlapping", "shared room")
# Most races are between a few desks, as in a practice; every size from 2 to 50 comes.
SIZES = (2, 3, 50, 2, 4, 3, 12, 2, 5, 3, 32, 2, 4, 8, *[2] * 10, *[3] * 7, *[4] * 4, *[5] * 2, 6, 6, 20)

# Lanes of one resource, and of one provider at two sites, that overlap among what is active.
DOUBLE = """
SELECT count(*) FROM scheduling_resourcebooking a JOIN scheduling_resourcebooking b
  ON b.practice_id = a.practice_id AND b.id > a.id AND b.active AND a.active
 AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
 AND (a.resource_id = b.resource_id OR (a.provider_id = b.provider_id AND a.provider_id IS NOT NULL))
"""
HALF = """
SELECT count(*) FROM scheduling_appointment v WHERE v.status = 'booked' AND NOT EXISTS (
  SELECT FROM scheduling_resourcebooking b WHERE b.appointment_id = v.id AND b.active)
"""
CLEAR = (
    "UPDATE scheduling_resourcebooking SET active = false WHERE active",
    "UPDATE scheduling_appointment SET status = 'cancelled' WHERE status = 'booked'",
)


class Desks:
    """Fifty desks, each in a thread with a connection and a browser of its own."""

    def __init__(self, clinic, patients):
        self.clinic, self.patients = clinic, patients
        self.person = User.objects.get(email="manager@harbor.example")
        self.clients = [Client(raise_request_exception=False) for _ in range(MOST)]
        self.wishes, self.said, self.contexts, self.number = [], [], [], 0
        self.start, self.end = threading.Barrier(MOST + 1), threading.Barrier(MOST + 1)
        self.gate = threading.Barrier(1)
        self.threads = [threading.Thread(target=self._sit, args=(n,), daemon=True) for n in range(MOST)]
        for thread in self.threads:
            thread.start()

    def _sit(self, number):
        while True:
            self.start.wait()
            if self.wishes is None:
                connection.close()
                return
            if number < len(self.wishes):
                self.said[number] = self.contexts[number].run(self._want, number, self.wishes[number])
            self.end.wait()

    def _want(self, number, wish):
        self.gate.wait(timeout=60)
        try:
            return self._by_http(number, wish) if wish["http"] else self._by_service(number, wish)
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:200]

    def _by_service(self, number, wish):
        room = None if wish["room"] is None else self.clinic.rooms[wish["room"]]
        try:
            with in_practice(self.clinic.actor):
                self.clinic.book(
                    self.patients[number], starts_at=wish["starts_at"], provider=wish["provider"], room=room
                )
            return "booked"
        except SlotTaken as taken:
            return "refused" if len(taken.openings) == 3 else f"{len(taken.openings)} openings"

    def _by_http(self, number, wish):
        room = {} if wish["room"] is None else {"room": str(self.clinic.rooms[wish["room"]].pk)}
        answer = self.clients[number].post(
            "/p/harbor/api/v1/appointments/",
            json.dumps(
                {
                    "patient": str(self.patients[number].pk),
                    "provider": str(self.clinic.providers[wish["provider"]].pk),
                    "location": str(self.clinic.site.pk),
                    "type": str(self.clinic.types["fu"].pk),
                    "starts_at": wish["starts_at"].isoformat(),
                    **room,
                }
            ),
            content_type="application/json",
            headers={"Idempotency-Key": f"race-{self.number}-{number}"},
        )
        if answer.status_code == 201:
            return "booked"
        body = answer.json()
        openings = len(body.get("openings", ()))
        return (
            "refused" if (answer.status_code, openings) == (409, 3) else f"{answer.status_code} {body}"[:200]
        )

    def race(self, wishes):
        """What each desk heard."""
        if self.number % AGAIN == 0:
            for client in self.clients:
                client.force_login(self.person)
        self.number += 1
        self.wishes, self.said = wishes, [None] * len(wishes)
        self.contexts = [contextvars.copy_context() for _ in wishes]
        self.gate = threading.Barrier(len(wishes))
        self.start.wait()
        self.end.wait()
        return Counter(self.said)

    def close(self):
        self.wishes = None
        self.start.wait()
        for thread in self.threads:
            thread.join(10)


def wishes_of(kind, *, size, day, dice):
    """What the desks of a race want: one time, times that overlap in part, or two providers and one room."""
    hour = dice.choice((8, 9, 10, 13, 14, 15))
    start = at(hour, dice.choice((0, 20, 40)), day=day)
    shifts = (0, 10, 20) if kind != "same" else (0,)
    return [
        {
            "starts_at": start + timedelta(minutes=dice.choice(shifts)),
            "provider": dice.randrange(2) if kind == "shared room" else 0,
            "room": 0 if kind == "shared room" else None,
            "http": dice.random() < 0.5,
        }
        for _ in range(size)
    ]


def asked(sql):
    with owner_cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def most_that_fit(kind):
    """How many visits of 20 minutes fit at most into starts 0, 10 and 20 minutes apart in one lane."""
    return 1 if kind == "same" else 2


def test_whoever_races_for_a_time_gets_it_alone_or_hears_what_else_is_free(evidence, settings):
    settings.RATES = settings.RATES | {"actor": "1000000/min"}
    dice = random.Random(20260302)
    heard, sizes, kinds, lost = Counter(), Counter(), Counter(), []
    double = half = 0
    with clock.at(SEVEN):
        with in_practice(actor_named("manager")) as actor:
            clinic = make_clinic(actor)
            patients = [clinic.patient(last=f"Rival{number}") for number in range(MOST)]
        desks = Desks(clinic, patients)
        try:
            for number in range(RACES):
                kind, size = KINDS[number % len(KINDS)], SIZES[number % len(SIZES)]
                day = MONDAY + timedelta(days=7 * (number % 6) + number % 5)
                said = desks.race(wishes_of(kind, size=size, day=day, dice=dice))
                double += asked(DOUBLE)
                half += asked(HALF)
                if not 1 <= said["booked"] <= most_that_fit(kind):
                    lost.append((number, kind, size, dict(said)))
                heard += said
                sizes[size] += 1
                kinds[kind] += 1
                with owner_cursor() as cursor:
                    for each in CLEAR:
                        cursor.execute(each)
        finally:
            desks.close()
    other = {word: many for word, many in heard.items() if word not in ("booked", "refused")}
    assert (double, half, lost, other) == (0, 0, [], {})
    assert heard["refused"] > 0
    evidence(
        races=RACES,
        desks=sum(heard.values()),
        by_size={str(size): many for size, many in sorted(sizes.items())},
        by_kind=dict(kinds),
        booked=heard["booked"],
        refused_with_three_openings=heard["refused"],
        double_booked=double,
        without_lanes=half,
        deadlocks_and_server_errors=sum(other.values()),
    )
