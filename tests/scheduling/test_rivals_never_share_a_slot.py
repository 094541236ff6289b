"""Desks race for the same slots over real connections: one wins each, the others get a clear refusal."""

import threading
from collections import Counter

import pytest
from django.db import connection, connections

from kit import clock
from scheduling.errors import SlotTaken
from scheduling.models import Appointment, ResourceBooking
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import SEVEN, at, make_clinic
from tests.tiers import DEEP

RIVALS = 32
SLOTS = 20 if DEEP else 3


def race(site, patients, when):
    barrier, results = threading.Barrier(RIVALS), []

    def rival(patient):
        try:
            with clock.at(SEVEN):
                barrier.wait(timeout=30)
                with in_practice(site.actor):
                    site.book(patient, starts_at=when)
            results.append("booked")
        except SlotTaken as refused:
            results.append("refused" if len(refused.openings) == 3 else "refused without openings")
        except Exception as error:
            results.append(f"{type(error).__name__}: {error}"[:200])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=rival, args=(patient,)) for patient in patients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return Counter(results)


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_of_thirty_two_rivals_exactly_one_gets_each_slot(evidence):
    with clock.at(SEVEN), in_practice(actor_named("manager")) as actor:
        site = make_clinic(actor)
        patients = [site.patient(last=f"Rival{number}") for number in range(RIVALS)]
    for number in range(SLOTS):
        when = (
            at(8 + number // 3, 20 * (number % 3))
            if number < 12
            else at(13 + (number - 12) // 3, 20 * (number % 3))
        )
        assert race(site, patients, when) == {"booked": 1, "refused": RIVALS - 1}
    with in_practice(actor):
        assert Appointment.objects.count() == SLOTS
        overbooked = ResourceBooking.objects.filter(active=True, lane__gt=0).count()
        assert overbooked == 0
    evidence(slots=SLOTS, rivals=RIVALS, overbooked=overbooked)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_bookings_of_overlapping_times_and_rooms_never_deadlock():
    with clock.at(SEVEN), in_practice(actor_named("manager")) as actor:
        site = make_clinic(actor)
        patients = [site.patient(last=f"Rival{number}") for number in range(16)]
    results, barrier = [], threading.Barrier(16)

    def rival(number, patient):
        try:
            with clock.at(SEVEN):
                barrier.wait(timeout=30)
                for minute in (0, 10, 20, 30):
                    try:
                        with in_practice(site.actor):
                            site.book(
                                patient,
                                starts_at=at(9, minute),
                                provider=number % 2,
                                room=site.rooms[(number + minute) % 2],
                                accept={"patient_overlap"},
                            )
                        results.append("booked")
                    except Exception as error:
                        results.append(
                            "refused" if getattr(error, "status", 0) == 409 else f"{type(error)}: {error}"
                        )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=rival, args=each) for each in enumerate(patients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    counted = Counter(results)
    assert set(counted) == {"booked", "refused"}
    with in_practice(actor):
        assert ResourceBooking.objects.filter(active=True).count() == 2 * counted["booked"]
    connection.close()
