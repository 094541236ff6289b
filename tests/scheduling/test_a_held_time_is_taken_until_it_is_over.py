"""Holds: a lane like a visit's, booked or released, and over by being met or by its job."""

import json
from datetime import timedelta

import pytest

from kit import clock
from kit.errors import Conflict, Forbidden
from practice import jobs
from practice.actor import Actor
from practice.models import JobRun
from scheduling.errors import SlotTaken, Stale
from scheduling.models import Appointment, ResourceBooking
from scheduling.selectors import access
from scheduling.services import appointments, holds
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, SEVEN, at, make_clinic

pytestmark = pytest.mark.django_db
LATER = SEVEN + timedelta(minutes=5)


def hold(clinic, *, starts_at=None, provider=0, **more):
    return holds.hold(
        clinic.patient(),
        visit_type=clinic.types["fu"],
        provider=clinic.providers[provider],
        location=clinic.site,
        starts_at=starts_at or at(9),
        actor=clinic.actor,
        **more,
    )


def job_actor(job):
    return Actor(kind="job", practice_id=job.practice_id, id=job.pk)


def statuses(visit):
    return list(visit.status_events.order_by("created_at").values_list("status", flat=True))


def test_a_hold_takes_the_lane_for_the_minutes_of_the_rule(clinic):
    made = hold(clinic)
    assert (made.status, made.hold_expires_at) == ("held", LATER)
    with pytest.raises(SlotTaken):
        clinic.book(starts_at=at(9))
    assert Appointment.objects.count() == 1
    job = JobRun.objects.get(kind="scheduling.expire_hold")
    assert (job.run_after, job.args) == (LATER, {"appointment": str(made.pk)})


def test_booking_it_keeps_its_lane_and_ends_the_clock(clinic):
    made = appointments.book_held(hold(clinic), actor=clinic.actor)
    assert (made.status, made.hold_expires_at) == ("booked", None)
    assert statuses(made) == ["held", "booked"]
    with clock.at(LATER), pytest.raises(SlotTaken):
        clinic.book(starts_at=at(9))


def test_releasing_it_frees_the_time_at_once_and_counts_as_no_cancelled_visit(clinic):
    made = appointments.release(hold(clinic), actor=clinic.actor)
    assert (made.status, made.cancelled_by) == ("cancelled", "")
    booked = clinic.book(starts_at=at(9))
    assert booked.status == "booked"
    assert access.asked_for(clinic.actor, first=MONDAY, last=MONDAY) == {clinic.types["fu"].pk: 1}


def test_whoever_wants_the_time_ends_a_hold_that_has_run_out(clinic):
    made = hold(clinic)
    with clock.at(LATER):
        booked = clinic.book(starts_at=at(9))
    made.refresh_from_db()
    assert (made.status, booked.status) == ("cancelled", "booked")
    assert ResourceBooking.objects.filter(active=True).get().appointment == booked
    assert made.status_events.order_by("-created_at").first().note == "The time ran out"


def test_a_move_ends_a_hold_that_has_run_out(clinic):
    made, other = hold(clinic), clinic.book(starts_at=at(10))
    with clock.at(LATER):
        appointments.move(other, starts_at=at(9), actor=clinic.actor)
    made.refresh_from_db()
    assert made.status == "cancelled"


def test_a_moment_before_the_end_it_still_holds(clinic):
    made = hold(clinic)
    with clock.at(LATER - timedelta(seconds=1)), pytest.raises(SlotTaken):
        clinic.book(starts_at=at(9))
    made.refresh_from_db()
    assert made.status == "held"


def test_its_job_ends_it_in_the_minute_it_runs_out(acting, seven):
    with acting("manager") as actor:
        made = hold(make_clinic(actor))
        job = JobRun.objects.get(kind="scheduling.expire_hold")
    with clock.at(LATER):
        jobs.KINDS[job.kind].run(jobs.Job(job.pk, job.practice_id, job.key, job.args, job_actor(job)))
    with in_practice(actor):
        made.refresh_from_db()
        assert made.status == "cancelled"
        assert not ResourceBooking.objects.filter(active=True).exists()


def test_its_job_leaves_a_visit_that_was_booked_meanwhile(clinic):
    made = appointments.book_held(hold(clinic), actor=clinic.actor)
    with clock.at(LATER):
        assert holds.expire(made, actor=clinic.actor) is False
    made.refresh_from_db()
    assert made.status == "booked"


def test_a_hold_that_has_run_out_cannot_be_booked_any_more(clinic):
    made = hold(clinic)
    with clock.at(LATER), pytest.raises(Conflict, match="too long ago"):
        appointments.book_held(made, actor=clinic.actor)
    made.refresh_from_db()
    assert (made.status, made.version) == ("held", 1)


def test_a_hold_is_released_not_cancelled_and_a_visit_cancelled_not_released(clinic):
    made, booked = hold(clinic), clinic.book(starts_at=at(10))
    with pytest.raises(Conflict, match="Release"):
        appointments.cancel(made, by="practice", reason="No", actor=clinic.actor)
    with pytest.raises(Conflict, match="only a held time"):
        appointments.release(booked, actor=clinic.actor)
    made.refresh_from_db()
    booked.refresh_from_db()
    assert (made.status, booked.status) == ("held", "booked")


def test_an_old_version_books_and_releases_nothing(clinic):
    made = hold(clinic)
    for act in (appointments.book_held, appointments.release):
        with pytest.raises(Stale):
            act(made, version=7, actor=clinic.actor)
    made.refresh_from_db()
    assert made.status == "held"


def test_who_may_not_book_may_not_hold(clinic):
    with in_practice(actor_named("biller")) as biller, pytest.raises(Forbidden):
        holds.hold(None, actor=biller, visit_type=None, provider=None, location=clinic.site, starts_at=at(9))
    with in_practice(actor_named("manager")):
        assert not Appointment.objects.exists()


def test_by_rest_a_time_is_held_booked_or_released(acting, seven, front_desk):
    with acting("manager") as actor:
        clinic = make_clinic(actor)
        patient, rival = clinic.patient(), clinic.patient(last="Rival")
    wish = {
        "patient": str(patient.pk),
        "provider": str(clinic.providers[0].pk),
        "location": str(clinic.site.pk),
        "type": str(clinic.types["fu"].pk),
        "starts_at": at(9).isoformat(),
    }

    def send(path, data, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return front_desk.post(
            f"/p/harbor/api/v1/appointments/{path}",
            json.dumps(data),
            content_type="application/json",
            headers=named,
        )

    assert send("hold/", wish).status_code == 428
    held = send("hold/", wish, Idempotency_Key="h1")
    assert (held.status_code, held.json()["status"]) == (201, "held"), held.content
    assert held.json()["hold_expires_at"] == "2026-03-02T12:05:00Z"
    other = send("hold/", wish | {"starts_at": at(10).isoformat()}, Idempotency_Key="h2")
    booked = send(f"{held.json()['id']}/book_held/", {}, If_Match=held["ETag"])
    assert (booked.status_code, booked.json()["status"]) == (200, "booked"), booked.content
    released = send(f"{other.json()['id']}/release/", {}, If_Match=other["ETag"])
    assert (released.status_code, released.json()["status"]) == (200, "cancelled")
    assert send("hold/", wish | {"patient": str(rival.pk)}, Idempotency_Key="h3").status_code == 409
