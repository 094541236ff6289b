"""Visits that a change of hours leaves outside: listed with a work item each, never moved, settled in four ways."""

from datetime import time, timedelta

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import WorkItem
from scheduling.models import Displacement, Resource
from scheduling.rules.weeks import WeekBlock
from scheduling.services import appointments, displaced, exceptions
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, at, publish_week

pytestmark = pytest.mark.django_db


def close(clinic, *, start=8, end=12, provider=0):
    return exceptions.add(
        actor=clinic.actor,
        resource=clinic.resources[provider],
        starts_on=MONDAY,
        ends_on=MONDAY,
        starts_at=time(start),
        ends_at=time(end),
        reason="Dentist",
    )


def standing(visit):
    visit.refresh_from_db()
    return visit.starts_at, visit.status, visit.version


def test_leave_lists_the_visits_it_covers_and_moves_none(clinic):
    inside, outside = clinic.book(starts_at=at(9)), clinic.book(starts_at=at(14))
    other = clinic.book(starts_at=at(9), provider=1)
    before = [standing(each) for each in (inside, outside, other)]
    close(clinic)
    row = Displacement.objects.get()
    assert (row.appointment, row.state, row.was_at) == (inside, "open", at(9))
    assert "Dentist" in row.cause
    item = WorkItem.objects.get(kind="scheduling.displaced")
    assert (item.state, item.due_on, item.location) == ("open", MONDAY, clinic.site)
    assert "Doe" not in item.title
    assert [standing(each) for each in (inside, outside, other)] == before


def test_a_new_version_lists_whom_its_hours_leave_outside(clinic):
    early, late = clinic.book(starts_at=at(9)), clinic.book(starts_at=at(16))
    publish_week(
        clinic.resources[0],
        blocks=[WeekBlock(weekday=0, starts_at=time(8), ends_at=time(12))],
        actor=clinic.actor,
    )
    assert list(Displacement.objects.values_list("appointment_id", flat=True)) == [late.pk]
    assert standing(early)[0] == at(9)


def test_a_visit_booked_outside_hours_on_purpose_is_not_displaced_by_the_next_change(clinic):
    clinic.book(starts_at=at(18), accept={"outside_hours"}, override_reason="Only then")
    close(clinic, start=17, end=20)
    assert not Displacement.objects.exists()


def test_moving_the_visit_settles_it(clinic):
    visit = clinic.book(starts_at=at(9))
    close(clinic)
    appointments.move(visit, starts_at=at(14), actor=clinic.actor)
    assert Displacement.objects.get().state == "moved"
    assert WorkItem.objects.get(kind="scheduling.displaced").state == "done"


def test_cancelling_the_visit_settles_it(clinic):
    visit = clinic.book(starts_at=at(9))
    close(clinic)
    appointments.cancel(visit, by="practice", reason="Provider away", actor=clinic.actor)
    assert Displacement.objects.get().state == "cancelled"


def test_withdrawing_the_exception_brings_the_visit_inside_again(clinic):
    clinic.book(starts_at=at(9))
    exceptions.withdraw(close(clinic), actor=clinic.actor)
    row = Displacement.objects.get()
    assert row.state == "covered"
    assert WorkItem.objects.get(kind="scheduling.displaced").state == "done"


def test_keeping_it_takes_a_reason_and_the_permission_and_happens_once(clinic):
    clinic.book(starts_at=at(9))
    close(clinic)
    row = Displacement.objects.get()
    with in_practice(actor_named("biller")) as biller, pytest.raises(Forbidden):
        displaced.keep(row, reason="x", actor=biller)
    with in_practice(clinic.actor):
        with pytest.raises(DomainError, match="Say why"):
            displaced.keep(row, reason=" ", actor=clinic.actor)
        row.refresh_from_db()
        assert row.state == "open"
        displaced.keep(row, reason="Another provider steps in", actor=clinic.actor)
        row.refresh_from_db()
        assert (row.state, row.note) == ("kept", "Another provider steps in")
        with pytest.raises(Conflict):
            displaced.keep(row, reason="Again", actor=clinic.actor)


def test_a_second_change_does_not_list_a_visit_twice(clinic):
    clinic.book(starts_at=at(9))
    close(clinic)
    close(clinic, start=7, end=11)
    assert Displacement.objects.count() == WorkItem.objects.filter(kind="scheduling.displaced").count() == 1


def test_what_nobody_settled_is_over_when_its_day_is(clinic):
    clinic.book(starts_at=at(9))
    close(clinic)
    with clock.at(at(12, day=MONDAY + timedelta(days=1))):
        assert displaced.settle_past(actor=clinic.actor) == 1
    assert Displacement.objects.get().state == "over"
    assert WorkItem.objects.get(kind="scheduling.displaced").state == "done"


def test_a_room_that_is_closed_displaces_the_visits_in_it(clinic):
    visit = clinic.book(starts_at=at(9), room=clinic.rooms[0])
    room = Resource.objects.select_related("location").get(room=clinic.rooms[0])
    exceptions.add(actor=clinic.actor, resource=room, starts_on=MONDAY, ends_on=MONDAY, reason="New floor")
    assert Displacement.objects.get().appointment == visit
