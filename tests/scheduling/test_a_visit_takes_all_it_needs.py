"""Rooms and devices a type needs, a provider's own rules, two sites, capacity, and lanes that are coloured anew."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction

from kit.errors import Forbidden
from practice.models import Location
from scheduling.errors import SlotTaken, Warned
from scheduling.models import Appointment, Resource, ResourceBooking
from scheduling.rules.weeks import WeekBlock
from scheduling.selectors.openings import openings
from scheduling.services import appointments, availability, exceptions, kinds, lanes, resources, templates
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, WEEK, at, publish_week

pytestmark = pytest.mark.django_db


def starts(clinic, kind="fu", *, provider=0, limit=3, **more):
    rows = openings(
        clinic.types[kind],
        resources=[clinic.resources[provider]],
        actor=clinic.actor,
        from_day=MONDAY,
        limit=limit,
        **more,
    )
    return [row.starts_at for row in rows]


def device(clinic, name="Scanner", group="Ultrasound"):
    return resources.add(actor=clinic.actor, kind="device", name=name, group=group, location=clinic.site)


@pytest.fixture
def scan(clinic):
    """The physical needs a room and the ultrasound from now on."""
    kinds.add_need(actor=clinic.actor, type=clinic.types["pe"], kind="room", count=1)
    kinds.add_need(actor=clinic.actor, type=clinic.types["pe"], kind="device", group="ultrasound", count=1)
    return clinic


def held(visit):
    return sorted(row.resource.name for row in visit.bookings.filter(active=True).select_related("resource"))


def test_everything_a_type_needs_is_taken_with_the_visit(scan):
    device(scan)
    device(scan, name="Copier", group="")
    made = scan.book(starts_at=at(9), kind="pe")
    assert held(made) == ["P. Lee0, MD", "Room 1", "Scanner"]
    assert {row.ends_at for row in made.bookings.all()} == {at(9, 50)}


def test_without_one_of_its_needs_nothing_is_booked_and_other_times_are_offered(scan):
    device(scan)
    scan.book(starts_at=at(9), kind="pe")
    with pytest.raises(SlotTaken, match=r"needs .*ltrasound") as refused:
        scan.book(starts_at=at(9), kind="pe", provider=1)
    assert Appointment.objects.count() == 1
    assert {row.starts_at for row in refused.value.openings} == {at(8, 10), at(9, 50)}
    assert starts(scan, "pe", provider=1)[:2] == [at(8), at(8, 10)]
    assert at(9) not in starts(scan, "pe", provider=1, limit=20)


def test_a_type_that_needs_what_is_not_there_is_not_offered(scan):
    assert starts(scan, "pe") == []
    with pytest.raises(SlotTaken):
        scan.book(starts_at=at(9), kind="pe")
    assert not ResourceBooking.objects.exists()


def test_a_closed_room_is_not_taken(scan):
    device(scan)
    room = Resource.objects.get(name="Room 1")
    exceptions.add(actor=scan.actor, resource=room, starts_on=MONDAY, ends_on=MONDAY, reason="New floor")
    assert held(scan.book(starts_at=at(9), kind="pe")) == ["P. Lee0, MD", "Room 2", "Scanner"]


def test_a_device_with_hours_of_its_own_is_taken_only_within_them(scan):
    mine = device(scan)
    publish_week(mine, blocks=[WeekBlock(weekday=0, starts_at=time(10), ends_at=time(12))], actor=scan.actor)
    assert starts(scan, "pe", limit=1) == [at(10)]


def test_a_moved_visit_takes_its_needs_at_the_new_time_and_gives_the_old_back(scan):
    device(scan)
    made = scan.book(starts_at=at(9), kind="pe")
    moved = appointments.move(made, starts_at=at(14), actor=scan.actor)
    assert held(moved) == ["P. Lee0, MD", "Room 1", "Scanner"]
    assert held(scan.book(starts_at=at(9), kind="pe", provider=1)) == ["P. Lee1, MD", "Room 1", "Scanner"]


def test_a_no_show_that_comes_after_all_holds_everything_again(scan):
    device(scan)
    made = scan.book(starts_at=at(7), kind="pe", accept={"outside_hours"}, override_reason="Early")
    gone = appointments.no_show(made, actor=scan.actor)
    assert held(gone) == []
    assert held(appointments.arrive(gone, actor=scan.actor)) == ["P. Lee0, MD", "Room 1", "Scanner"]


def test_a_provider_takes_longer_and_with_minutes_before(clinic):
    kinds.add_rule(
        actor=clinic.actor,
        provider=clinic.providers[0],
        type=clinic.types["fu"],
        minutes=30,
        buffer_before=10,
    )
    made = clinic.book(starts_at=at(9))
    booking = made.bookings.get()
    assert (made.ends_at, booking.starts_at, booking.ends_at) == (at(9, 30), at(8, 50), at(9, 30))
    assert clinic.book(starts_at=at(9), provider=1).ends_at == at(9, 20)
    with pytest.raises(SlotTaken):
        clinic.book(starts_at=at(9, 30))  # its ten minutes before are not free


def test_a_providers_limit_for_a_day_closes_the_day_for_that_type(clinic):
    kinds.add_rule(actor=clinic.actor, provider=clinic.providers[0], type=clinic.types["pe"], max_per_day=1)
    clinic.book(starts_at=at(9), kind="pe")
    assert starts(clinic, "pe", limit=1) == [at(8, day=MONDAY + timedelta(days=1))]
    assert starts(clinic, "fu", limit=1) == [at(8)]
    with pytest.raises(Warned) as warned:
        clinic.book(starts_at=at(14), kind="pe")
    assert warned.value.warning == "day_limit"
    assert Appointment.objects.count() == 1
    clinic.book(starts_at=at(14), kind="pe", accept={"day_limit"}, override_reason="Work physical")


def test_a_provider_offers_a_type_only_where_the_rule_says(clinic):
    other = Location.objects.create(practice_id=clinic.actor.practice_id, name="Annex")
    kinds.add_rule(
        actor=clinic.actor, provider=clinic.providers[0], type=clinic.types["pe"], locations=[other]
    )
    assert starts(clinic, "pe") == []
    with pytest.raises(Warned, match="does not take Physical at Main Street"):
        clinic.book(starts_at=at(9), kind="pe")
    assert not Appointment.objects.exists()


def test_time_kept_for_other_visits_is_neither_offered_nor_taken_without_a_reason(clinic):
    new = frozenset([clinic.types["new"].pk])
    blocks = [
        WeekBlock(weekday=0, starts_at=time(8), ends_at=time(9), types=new),
        WeekBlock(weekday=0, starts_at=time(9), ends_at=time(10)),
    ]
    publish_week(clinic.resources[0], blocks=blocks, actor=clinic.actor)
    assert starts(clinic, "fu", limit=1) == [at(9)]
    assert starts(clinic, "new", limit=1) == [at(8)]
    with pytest.raises(Warned) as warned:
        clinic.book(starts_at=at(8))
    assert warned.value.warning == "other_type"
    assert not Appointment.objects.exists()


def test_time_held_back_is_taken_only_with_permission_and_reason(clinic):
    blocks = [WeekBlock(weekday=2, starts_at=time(9), ends_at=time(10), kind="held")]
    publish_week(clinic.resources[0], blocks=blocks, actor=clinic.actor)
    when = at(9, day=MONDAY + timedelta(days=2))
    patient = clinic.patient()
    with pytest.raises(Warned, match="held back until Wednesday") as warned:
        clinic.book(patient, starts_at=when)
    assert warned.value.warning == "held_time"
    wish = {"starts_at": when, "accept": {"held_time"}, "override_reason": "Fever"}
    with in_practice(actor_named("biller")) as biller, pytest.raises(Forbidden):
        clinic.book(patient, actor=biller, **wish)
    with in_practice(clinic.actor):
        assert not Appointment.objects.exists()
        assert clinic.book(patient, **wish).starts_at == when


def test_a_block_of_two_takes_two_at_once_and_a_third_only_overbooked(clinic):
    publish_week(
        clinic.resources[0],
        blocks=[WeekBlock(weekday=0, starts_at=time(9), ends_at=time(12), capacity=2)],
        actor=clinic.actor,
    )
    first, second = clinic.book(starts_at=at(9)), clinic.book(starts_at=at(9))
    assert [visit.bookings.get().lane for visit in (first, second)] == [0, 1]
    assert not ResourceBooking.objects.exclude(overbook_reason="").exists()
    with pytest.raises(SlotTaken):
        clinic.book(starts_at=at(9, 10))
    third = clinic.book(starts_at=at(9, 10), accept={"overbook"}, override_reason="Fever")
    over = third.bookings.get()
    assert (over.lane, over.overbook_reason) == (2, "Fever")


def test_a_visit_that_fits_by_count_but_in_no_lane_moves_another_over(clinic):
    publish_week(
        clinic.resources[0],
        blocks=[WeekBlock(weekday=0, starts_at=time(9), ends_at=time(12), capacity=2)],
        actor=clinic.actor,
    )
    kinds.change(clinic.types["fu"], actor=clinic.actor, minutes=30)
    clinic.types["fu"].refresh_from_db()
    early = clinic.book(starts_at=at(9))
    filler = clinic.book(starts_at=at(9, 30))
    late = clinic.book(starts_at=at(9, 30))
    assert [visit.bookings.get().lane for visit in (early, filler, late)] == [0, 0, 1]
    appointments.cancel(filler, by="practice", reason="Test", actor=clinic.actor)
    kinds.change(clinic.types["new"], actor=clinic.actor, minutes=60)
    clinic.types["new"].refresh_from_db()
    assert at(9) in starts(clinic, "new")
    whole = clinic.book(starts_at=at(9), kind="new")
    lanes_now = {row.appointment_id: row.lane for row in ResourceBooking.objects.filter(active=True)}
    assert lanes_now[early.pk] == lanes_now[late.pk] != lanes_now[whole.pk]
    assert set(lanes_now.values()) == {0, 1}


@pytest.fixture
def annex(clinic):
    """The first provider also has hours at another site, at the same time."""
    site = Location.objects.create(practice_id=clinic.actor.practice_id, name="Annex")
    made = resources.add(
        actor=clinic.actor, kind="provider", name="Lee0 there", provider=clinic.providers[0], location=site
    )
    templates.establish(made, valid_from=MONDAY, blocks=WEEK, actor=clinic.actor)
    availability.regenerate(made, actor=clinic.actor, days=60)
    return made


def book_there(clinic, annex, *, starts_at, **more):
    return appointments.book(
        clinic.patient(last=f"There{starts_at.minute}"),
        visit_type=clinic.types["fu"],
        provider=clinic.providers[0],
        location=annex.location,
        starts_at=starts_at,
        actor=clinic.actor,
        **more,
    )


def test_a_provider_is_not_booked_at_two_sites_at_once(clinic, annex):
    clinic.book(starts_at=at(9))
    with pytest.raises(SlotTaken):
        book_there(clinic, annex, starts_at=at(9, 10))
    with pytest.raises(SlotTaken):
        book_there(
            clinic, annex, starts_at=at(9, 10), accept={"overbook"}, override_reason="Cannot be in two places"
        )
    assert Appointment.objects.count() == 1
    rows = openings(clinic.types["fu"], resources=[annex], actor=clinic.actor, from_day=MONDAY, limit=20)
    assert at(9) not in [row.starts_at for row in rows]
    assert at(9, 20) in [row.starts_at for row in rows]
    assert book_there(clinic, annex, starts_at=at(9, 20)).starts_at == at(9, 20)


def test_the_database_refuses_two_sites_at_once_that_no_code_has_checked(clinic, annex):
    made = clinic.book(starts_at=at(9))
    with pytest.raises(IntegrityError, match="no_provider_at_two_sites"), transaction.atomic():
        lanes.take(made, resource=annex, lane=1, ends_at=at(9, 20), reason="", actor=clinic.actor)
    assert ResourceBooking.objects.count() == 1
