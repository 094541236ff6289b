import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from kit.errors import Conflict, DomainError, Forbidden
from practice.models import JobRun
from scheduling.errors import SlotTaken, Warned
from scheduling.models import Appointment, Resource, ResourceBooking, StatusEvent
from scheduling.services import appointments, lanes
from tests.cast import actor_named, in_practice, owner_cursor
from tests.scheduling.clinic import at

pytestmark = pytest.mark.django_db


def test_a_visit_holds_its_lane_until_its_buffer_is_over(clinic):
    made = clinic.book(starts_at=at(9), kind="pe")
    booking = ResourceBooking.objects.get(appointment=made)
    assert (made.starts_at, made.ends_at) == (at(9), at(9, 40))
    assert (booking.starts_at, booking.ends_at, booking.lane, booking.active) == (at(9), at(9, 50), 0, True)
    assert made.local_day.isoformat() == "2026-03-02"
    assert list(StatusEvent.objects.values_list("status", "at")) == [("booked", at(7))]


def test_a_full_slot_is_refused_with_the_three_nearest_openings_of_it(clinic):
    clinic.book(starts_at=at(9))
    with pytest.raises(SlotTaken) as refused:
        clinic.book(starts_at=at(9, 10))
    assert Appointment.objects.count() == 1
    assert [(each.starts_at, each.provider) for each in refused.value.openings] == [
        (at(9, 10), "P. Lee1, MD"),
        (at(9, 20), "P. Lee0, MD"),
        (at(9), "P. Lee1, MD"),
    ]
    assert refused.value.alternatives[1] == "Monday, March 2, 9:20 AM with P. Lee0, MD at Main Street"
    assert refused.value.status == 409


def test_a_visit_may_begin_when_the_one_before_it_ends(clinic):
    clinic.book(starts_at=at(9))
    assert clinic.book(starts_at=at(9, 20)).starts_at == at(9, 20)


def test_a_buffer_keeps_the_next_visit_away(clinic):
    clinic.book(starts_at=at(9), kind="pe")
    with pytest.raises(SlotTaken):
        clinic.book(starts_at=at(9, 40))


def test_the_database_refuses_an_overlap_that_no_code_has_checked(clinic):
    first, second = clinic.book(starts_at=at(9)), clinic.book(starts_at=at(10))
    with pytest.raises(IntegrityError, match="no_overlap_in_a_lane"), transaction.atomic():
        lanes.take(
            first, resource=clinic.resources[0], lane=0, ends_at=second.ends_at, reason="", actor=clinic.actor
        )


def test_overbooking_needs_a_permission_and_a_reason_and_goes_into_a_lane_of_its_own(clinic):
    clinic.book(starts_at=at(9))
    patient = clinic.patient()
    wish = {"starts_at": at(9), "accept": {"overbook"}}
    with pytest.raises(Warned, match="Say why"):
        clinic.book(patient, **wish)
    with in_practice(actor_named("front_desk")) as desk, pytest.raises(Forbidden):
        clinic.book(patient, actor=desk, override_reason="Chest pain", **wish)
    with in_practice(clinic.actor):
        assert Appointment.objects.count() == 1
        made = clinic.book(patient, override_reason="Chest pain", **wish)
        over = ResourceBooking.objects.get(appointment=made)
        assert (over.lane, over.overbook_reason, over.overbooked_by) == (1, "Chest pain", str(clinic.actor))
        with pytest.raises(SlotTaken):
            clinic.book(override_reason="One more", **wish)


def test_outside_the_providers_hours_a_reason_is_asked_for(clinic):
    patient = clinic.patient()
    for accept, reason in (((), ""), (("outside_hours",), ""), ((), "Only then")):
        with pytest.raises(Warned) as warned:
            clinic.book(patient, starts_at=at(12), accept=accept, override_reason=reason)
        assert warned.value.warning == "outside_hours"
    assert not Appointment.objects.exists()
    made = clinic.book(patient, starts_at=at(12), accept={"outside_hours"}, override_reason="Only then")
    assert made.status_events.get().note == "Only then"


def test_a_visit_that_runs_past_the_end_of_hours_is_outside_them(clinic):
    with pytest.raises(Warned):
        clinic.book(starts_at=at(11, 50))


def test_the_same_patient_twice_at_a_time_is_a_warning_that_can_be_accepted(clinic):
    patient = clinic.patient()
    clinic.book(patient, starts_at=at(9))
    with pytest.raises(Warned, match="already has a visit at 9:00 AM with P") as warned:
        clinic.book(patient, starts_at=at(9, 10), provider=1)
    assert warned.value.warning == "patient_overlap"
    assert Appointment.objects.count() == 1
    clinic.book(patient, starts_at=at(9, 10), provider=1, accept={"patient_overlap"})
    assert Appointment.objects.count() == 2


def test_a_room_is_taken_with_the_visit_or_not_at_all(clinic):
    clinic.book(starts_at=at(9), room=clinic.rooms[0])
    with pytest.raises(Conflict, match="Room 1 is taken"):
        clinic.book(starts_at=at(9), provider=1, room=clinic.rooms[0])
    assert Appointment.objects.count() == 1
    assert ResourceBooking.objects.count() == 2
    clinic.book(starts_at=at(9), provider=1, room=clinic.rooms[1])


@pytest.mark.parametrize(
    ("when", "words"),
    [(at(9) - timedelta(days=1), "today or a later day"), (at(9) + timedelta(seconds=5), "whole minutes")],
)
def test_impossible_times_are_refused(clinic, when, words):
    with pytest.raises(DomainError, match=words):
        clinic.book(starts_at=when)
    assert not Appointment.objects.exists()


def test_a_role_without_the_permission_books_nothing(clinic):
    patient = clinic.patient()
    with in_practice(actor_named("biller")) as biller, pytest.raises(Forbidden):
        clinic.book(patient, actor=biller)
    with in_practice(clinic.actor):
        assert not Appointment.objects.exists()
        assert not JobRun.objects.exists()


def test_a_moved_visit_frees_its_old_slot_and_asks_for_confirmation_again(clinic):
    made = appointments.confirm(clinic.book(starts_at=at(9)), actor=clinic.actor)
    moved = appointments.move(made, starts_at=at(14), provider=clinic.providers[1], actor=clinic.actor)
    assert (moved.starts_at, moved.status, moved.provider) == (at(14), "booked", clinic.providers[1])
    assert moved.version == made.version + 1
    assert clinic.book(starts_at=at(9)).starts_at == at(9)
    assert StatusEvent.objects.filter(appointment=made).last().note.startswith("Moved to another time")


def test_a_visit_moves_into_a_slot_it_overlaps_itself(clinic):
    made = clinic.book(starts_at=at(9))
    assert appointments.move(made, starts_at=at(9, 10), actor=clinic.actor).starts_at == at(9, 10)


def test_a_move_into_a_full_slot_changes_nothing(clinic):
    made = clinic.book(starts_at=at(9))
    clinic.book(starts_at=at(10))
    with pytest.raises(SlotTaken):
        appointments.move(made, starts_at=at(10), actor=clinic.actor)
    made.refresh_from_db()
    assert (made.starts_at, made.version, made.bookings.get(active=True).starts_at) == (at(9), 1, at(9))


def test_a_cancelled_visit_gives_its_slot_back_and_says_why(clinic):
    made = clinic.book(starts_at=at(9))
    with pytest.raises(DomainError, match="Say why"):
        appointments.cancel(made, by="patient_timely", reason=" ", actor=clinic.actor)
    gone = appointments.cancel(made, by="patient_timely", reason="Has a cold", actor=clinic.actor)
    assert (gone.status, gone.cancel_reason, gone.cancelled_by) == (
        "cancelled",
        "Has a cold",
        "patient_timely",
    )
    assert clinic.book(starts_at=at(9)).pk != made.pk


def test_a_queue_at_one_resource_may_take_longer_than_any_other_lock():
    """Another desk has the room; it lets go after more than the role's own patience."""
    resource, held = Resource(kind=Resource.Kind.ROOM), threading.Event()

    def desk():
        with owner_cursor() as cursor:  # each statement a transaction: the sleep holds the lock, and ends it
            held.set()
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 0)), pg_sleep(0.7)",
                [str(resource.pk)],
            )

    other = threading.Thread(target=desk)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '200ms'")
        other.start()
        held.wait()
        time.sleep(0.2)  # until it sleeps
        began = time.monotonic()
        lanes.lock([resource])
        waited = time.monotonic() - began
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone()[0] == "200ms"
    other.join()
    assert waited > 0.25
