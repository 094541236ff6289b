import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit import clock
from patients.services import patients
from practice.models import AuditAccessPatient
from scheduling.services import appointments
from tests.cast import in_practice
from tests.scheduling.clinic import SEVEN, at, make_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        return make_clinic(actor)


def address(made, day="2026-03-02"):
    return {"day": day, "location": str(made.site.pk)}


def test_visits_stand_in_their_providers_column_at_their_time(site, front_desk):
    with in_practice(site.actor):
        made = site.book(site.patient("Quillfeather", "Ada"), starts_at=at(9, 20))
    page = front_desk.at("scheduling/", **address(site))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Monday, March 2" in text
    assert "Ada Quillfeather" in text
    assert "wr-at-16 wr-for-4" in text  # 9:20 is 80 minutes after 8:00: sixteen steps of five minutes
    assert f"visits/{made.pk}/" in text
    assert "Open until 5:00 PM" in text
    with in_practice(site.actor):
        assert AuditAccessPatient.objects.filter(patient_id=made.patient_id).exists()


def test_the_number_of_queries_does_not_grow_with_the_day(site, front_desk):
    counts = []
    with in_practice(site.actor):
        site.book(starts_at=at(8))
    for batch in range(2):
        front_desk.at("scheduling/", **address(site))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert front_desk.at("scheduling/", **address(site)).status_code == 200
        counts.append(len(seen))
        if batch == 0:
            with in_practice(site.actor):
                for hour in (9, 10, 11, 14, 15):
                    for provider in (0, 1):
                        site.book(starts_at=at(hour), provider=provider)
    assert counts[0] == counts[1]
    assert counts[0] < 40


def test_a_restricted_patients_time_is_taken_but_nothing_more_is_told(site, front_desk, manager):
    with in_practice(site.actor):
        made = site.book(
            patients.restrict(site.patient("Famous", "Fred"), reason="Works here", actor=site.actor)
        )
    text = front_desk.at("scheduling/", **address(site)).content.decode()
    assert "Restricted patient" in text
    assert "Famous" not in text
    assert str(made.pk) not in text
    assert front_desk.at(f"scheduling/visits/{made.pk}/").status_code == 404
    assert "Fred Famous" in manager.at("scheduling/", **address(site)).content.decode()


def test_another_practice_sees_neither_the_visit_nor_the_site(site, stranger):
    with in_practice(site.actor):
        made = site.book()
    assert stranger.at(f"scheduling/visits/{made.pk}/").status_code == 404
    assert stranger.at("scheduling/", **address(site)).status_code == 404
    for path in ("do/arrive/", "cancel/", "move/"):
        answer = stranger.send(f"scheduling/visits/{made.pk}/{path}", {"by": "practice", "reason": "x"})
        assert answer.status_code == 404
    with in_practice(site.actor):
        made.refresh_from_db()
        assert (made.status, made.version) == ("booked", 1)


def test_a_practice_without_sites_is_told_what_is_missing(front_desk, manager):
    assert "Add a location" in manager.at("scheduling/").content.decode()
    assert "Draw a provider" in manager.at("scheduling/week/").content.decode()
    page = front_desk.at("scheduling/").content.decode()
    assert "No location yet" in page
    assert "The practice manager adds it" in page
    assert "Add a location" not in page


def test_next_steps_take_a_visit_through_the_day(site, front_desk):
    with in_practice(site.actor):
        made = site.book(starts_at=at(7, 20), accept={"outside_hours"}, override_reason="Early bird")
    steps = ("confirm", "arrive", "check_in", "room", "with_provider", "check_out", "complete")
    for number, name in enumerate(steps, start=1):
        data = {"version": number, "room": str(site.rooms[0].pk), "reason": "In a hurry"}
        page = "check-in" if name == "check_in" else f"do/{name}"
        answer = front_desk.send(f"scheduling/visits/{made.pk}/{page}/", data)
        assert answer.status_code == 302, answer.content.decode()
    with in_practice(site.actor):
        made.refresh_from_db()
        assert made.status == "completed"
        assert [event.status for event in made.status_events.order_by("created_at", "id")] == [
            "booked",
            "confirmed",
            "arrived",
            "checked_in",
            "roomed",
            "with_provider",
            "checkout",
            "completed",
        ]
        assert made.status_events.get(status="roomed").room == site.rooms[0]
    assert "Completed" in front_desk.at(f"scheduling/visits/{made.pk}/").content.decode()


def test_a_step_on_an_old_version_is_refused_and_changes_nothing(site, front_desk):
    with in_practice(site.actor):
        made = appointments.confirm(site.book(), actor=site.actor)
    answer = front_desk.send(f"scheduling/visits/{made.pk}/do/arrive/", {"version": 1})
    assert answer.status_code == 409
    with in_practice(site.actor):
        made.refresh_from_db()
        assert made.status == "confirmed"


def test_a_biller_may_look_but_not_touch(site, biller):
    with in_practice(site.actor):
        made = site.book()
    assert biller.at("scheduling/", **address(site)).status_code == 200
    assert biller.send(f"scheduling/visits/{made.pk}/do/arrive/", {}).status_code == 403
    assert biller.at("scheduling/book/").status_code == 403
    with in_practice(site.actor):
        made.refresh_from_db()
        assert made.status == "booked"


def test_who_waits_is_listed_with_the_next_button(site, front_desk):
    with in_practice(site.actor), clock.at(SEVEN):
        made = appointments.arrive(site.book(site.patient("Early", "Eve")), actor=site.actor)
    text = front_desk.at("scheduling/", **address(site)).content.decode()
    assert "In the building" in text
    assert f"visits/{made.pk}/check-in/" in text


def test_a_finished_visit_is_not_offered_another_time(site, front_desk):
    with in_practice(site.actor), clock.at(SEVEN):
        made = appointments.arrive(site.book(), actor=site.actor)
    answer = front_desk.at(f"scheduling/visits/{made.pk}/move/")
    assert answer.status_code == 409
    assert "cannot be moved" in answer.content.decode()


def test_the_schedule_stands_in_the_navigation_of_those_who_may_see_it(site, front_desk):
    assert 'data-go="s"' in front_desk.at("scheduling/").content.decode()
