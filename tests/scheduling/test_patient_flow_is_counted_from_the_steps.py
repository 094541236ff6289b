"""Waits, cycle time, starts on time, late arrivals and who left: medians and 90th percentiles by provider and hour."""

from datetime import timedelta
from decimal import Decimal

import pytest

from kit import clock
from kit.errors import Forbidden
from patients.services import patients
from practice.models import Location
from scheduling.models import Appointment
from scheduling.selectors.flow_facts import flow_of
from scheduling.services import appointments
from tests.cast import in_practice
from tests.scheduling.clinic import MONDAY, at, make_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        return make_clinic(actor)


def visit(site, *, start, arrive, room=None, begin=None, end=None, provider=0, patient=None):
    """A visit whose steps happen so many minutes after its booked time."""
    made = site.book(patient, starts_at=start, provider=provider)
    moments = {"arrive": arrive, "room": room, "with_provider": begin, "complete": end}
    for step, minutes in moments.items():
        if minutes is not None:
            with clock.at(start + timedelta(minutes=minutes)):
                made = getattr(appointments, step)(made, actor=site.actor)
    return made


@pytest.fixture
def day(site):
    """Three visits of the first provider from nine on, one of the second at ten who leaves."""
    with in_practice(site.actor):
        visit(site, start=at(9), arrive=-10, room=4, begin=10, end=30)
        visit(site, start=at(9, 20), arrive=15, room=21, begin=23, end=40)
        visit(site, start=at(10), arrive=0, room=20, begin=24, end=60)
        gone = visit(site, start=at(10), arrive=2, provider=1)
        with clock.at(at(10, 30)):
            appointments.leave(gone, actor=site.actor)
    return site


def asked(site, **more):
    return flow_of(site.actor, first=MONDAY, last=MONDAY, **more)


def test_medians_and_ninetieths_are_those_of_all_visits(day):
    with in_practice(day.actor):
        found = asked(day).everyone
    room, begin, cycle = (found.waits[name] for name in ("door_to_room", "room_to_provider", "cycle"))
    # 4 (from the booked time: came early), 6 and 20 minutes; the 90th percentile lies between the upper two
    assert (room.visits, room.median, room.ninetieth) == (3, Decimal("6.0"), Decimal("17.2"))
    assert (begin.visits, begin.median) == (3, Decimal("4.0"))
    assert (cycle.visits, cycle.median) == (3, Decimal("30.0"))
    assert found.arrivals == 4


def test_shares_are_of_those_who_began_and_of_those_who_came(day):
    with in_practice(day.actor):
        found = asked(day).everyone.shares
    assert (found["on_time"].part, found["on_time"].whole) == (0, 3)
    assert (found["late"].part, found["late"].whole) == (1, 4)
    assert (found["left"].part, found["left"].whole, found["left"].percent) == (1, 4, Decimal(25))


def test_lines_are_by_provider_and_by_the_hour_of_the_booked_time(day):
    with in_practice(day.actor):
        found = asked(day)
    assert [(line.name, line.arrivals) for line in found.providers] == [
        ("P. Lee0, MD", 3),
        ("P. Lee1, MD", 1),
    ]
    assert [(line.name, line.arrivals) for line in found.hours] == [("9 AM", 2), ("10 AM", 2)]
    assert found.providers[1].waits["door_to_room"].median is None


def test_another_room_moves_no_wait_and_imported_visits_do_not_count(day):
    with in_practice(day.actor):
        before = asked(day).everyone.waits["cycle"]
        moved = Appointment.objects.filter(status="completed").order_by("starts_at").first()
        made = visit(day, start=at(11), arrive=0, room=5)
        with clock.at(at(11, 30)):
            appointments.room(made, room=day.rooms[1], actor=day.actor)
        again = asked(day)
        assert again.hours[-1].waits["door_to_room"].median == Decimal("5.0")
        Appointment.objects.filter(pk=moved.pk).update(created_via="import")
        assert asked(day).everyone.waits["cycle"].visits == before.visits - 1


def test_a_site_out_of_scope_counts_nothing(day):
    with in_practice(day.actor):
        other = Location.objects.create(practice_id=day.actor.practice_id, name="Elsewhere")
        assert asked(day, location=other.pk).everyone.arrivals == 0
        assert asked(day, location=day.site.pk).everyone.arrivals == 4


def test_who_may_not_see_the_access_lab_is_refused(day, acting):
    with acting("front_desk") as actor, pytest.raises(Forbidden):
        flow_of(actor, first=MONDAY, last=MONDAY)


def test_the_page_tells_figures_and_how_they_are_counted_and_no_names(day, manager, front_desk):
    with in_practice(day.actor):
        hidden = patients.restrict(day.patient("Famous", "Fred"), reason="Works here", actor=day.actor)
        visit(day, start=at(14), arrive=0, room=5, begin=8, end=30, patient=hidden)
    with clock.at(at(9) + timedelta(days=1)):
        text = manager.at("scheduling/patient-flow/").content.decode()
        assert front_desk.at("scheduling/patient-flow/").status_code == 403
    assert "P. Lee0, MD" in text
    assert "Famous" not in text
    assert "within 5 minutes of the booked time" in text
    assert "/reports/kpi/door_to_room/" in text
    assert "local_day_from=2026-02-03" in text


def test_the_page_of_a_practice_without_visits_says_why_it_is_empty(manager):
    assert "No visits in these days" in manager.at("scheduling/patient-flow/").content.decode()


def test_rest_gives_the_same_figures(day, manager):
    path = f"/p/{manager.slug}/api/v1/flow/facts/"
    found = manager.get(path, {"first": MONDAY.isoformat(), "last": MONDAY.isoformat()}).json()
    assert found["everyone"]["door_to_room"] == {"visits": 3, "median": "6.0", "ninetieth": "17.2"}
    assert found["everyone"]["left_unseen"] == {"part": 1, "whole": 4}
    assert [line["name"] for line in found["hours"]] == ["9 AM", "10 AM"]
    wrong = manager.get(path, {"first": "2026-03-03", "last": "2026-03-02"})
    assert wrong.status_code == 422
