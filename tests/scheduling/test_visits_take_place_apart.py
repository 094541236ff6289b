"""Telehealth: how a visit takes place, on the patient's clock, through an https link; a missing licence warns only."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice import texting
from scheduling.errors import Warned
from scheduling.models import Appointment, Telehealth
from scheduling.selectors.telehealth import licensed, patients_time
from scheduling.services import appointments, reminders
from scheduling.services.telehealth import set_details
from staff.models import Credential
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, at
from tests.scheduling.reach_world import person, step, told, work

pytestmark = pytest.mark.django_db
LINK = "https://video.example/room/7"
WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def video(clinic):
    """The clinic, its follow-ups by video."""
    type(clinic.types["fu"]).objects.filter(code="fu").update(modality="video")
    clinic.types["fu"].refresh_from_db()
    return clinic


def licence(clinic, *, state="NJ", **more):
    return Credential.objects.create(
        practice_id=clinic.actor.practice_id,
        employee=clinic.providers[0].employee,
        kind="license",
        state=state,
        **more,
    )


def given(clinic, visit, **values):
    return set_details(
        visit, actor=clinic.actor, **{"modality": "video", "join_link": LINK, "state": "nj", **values}
    )


def test_what_is_said_is_kept_and_raises_the_version(video):
    visit = video.book(starts_at=at(9))
    made = given(video, visit, timezone="America/Chicago", phone="914 555 0177")
    assert (made.state, made.timezone, made.phone) == ("NJ", "America/Chicago", "9145550177")
    visit.refresh_from_db()
    assert visit.version == 2
    given(video, visit, modality="telephone", join_link="")
    assert Telehealth.objects.get().join_link == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("join_link", "http://video.example/x"),
        ("join_link", "javascript:alert(1)"),
        ("join_link", "https://user:word@video.example/"),
        ("join_link", "https://"),
        ("join_link", 'https://video.example/"onclick'),
        ("join_link", "https://video.example/a b"),
        ("join_link", "https://[broken"),
        ("timezone", "Mars/Olympus"),
        ("state", "N1"),
        ("phone", "12"),
        ("modality", "telepathy"),
    ],
)
def test_a_mistake_names_its_field_and_keeps_nothing(video, field, value):
    visit = video.book(starts_at=at(9))
    with pytest.raises(DomainError) as error:
        given(video, visit, **{field: value})
    assert error.value.field == field
    assert not Telehealth.objects.exists()
    visit.refresh_from_db()
    assert visit.version == 1


def test_a_visit_that_is_over_stays_as_it_took_place(video):
    visit = video.book(starts_at=at(9))
    gone = appointments.cancel(visit, by="practice", reason="Away", actor=video.actor)
    with pytest.raises(Conflict):
        given(video, gone)
    assert not Telehealth.objects.exists()


def test_who_may_not_book_changes_nothing(video):
    visit = video.book(starts_at=at(9))
    with in_practice(actor_named("biller")) as biller, pytest.raises(Forbidden):
        set_details(visit, modality="video", actor=biller)
    with in_practice(video.actor):
        assert not Telehealth.objects.exists()


def test_the_patients_clock_is_the_visits_own_then_the_records_then_the_practices(video):
    far = video.patient(last="Far", timezone="America/Los_Angeles")
    visit = video.book(far, starts_at=at(9))
    assert f"{patients_time(visit)[0]:%H:%M %Z}" == "06:00 PST"
    given(video, visit, timezone="Pacific/Honolulu")
    assert f"{patients_time(visit)[0]:%H:%M %Z}" == "04:00 HST"
    here = video.book(far, starts_at=at(11), kind="sd")
    assert (f"{patients_time(here)[0]:%H:%M}", patients_time(here)[1]) == ("11:00", False)


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({}, True),
        ({"expires_on": MONDAY}, True),
        ({"expires_on": MONDAY - timedelta(days=1)}, False),
        ({"issued_on": MONDAY + timedelta(days=1)}, False),
        ({"state": "NY"}, False),
    ],
)
def test_a_licence_holds_in_its_state_between_its_days(video, values, holds):
    licence(video, **values)
    assert licensed(video.providers[0], state="NJ", day=MONDAY) is holds


def test_booking_warns_without_a_licence_and_goes_on_when_accepted(video):
    patient = video.patient(last="Jersey", state="NJ")
    with pytest.raises(Warned) as warned:
        video.book(patient)
    assert (warned.value.warning, warned.value.wants_reason) == ("no_licence", False)
    assert "in NJ" in warned.value.message
    assert not Appointment.objects.exists()
    assert video.book(patient, accept={"no_licence"}).status == "booked"


def test_with_a_licence_or_at_the_site_nobody_is_warned(video):
    patient = video.patient(last="Jersey", state="NJ")
    assert video.book(patient, starts_at=at(10), kind="sd").status == "booked"
    licence(video)
    assert video.book(patient, starts_at=at(9)).status == "booked"


def test_the_reminder_carries_the_link_and_the_patients_clock(video):
    texting.SENT.clear()
    step(video.actor)
    patient = person(video.actor, timezone="America/Chicago")
    visit = video.book(patient, starts_at=at(13, day=WEDNESDAY))
    given(video, visit)
    reminders.plan(visit, actor=video.actor)
    with clock.at(at(13, 1, day=WEDNESDAY - timedelta(days=1))):
        work(video.actor)
    ((_, words),) = told()
    assert "Wednesday, March 4 at 12:00 PM CST" in words
    assert f"Join here: {LINK} " in words


def test_the_page_says_how_and_warns(acting, seven, front_desk):
    from tests.scheduling.clinic import make_clinic

    with acting("manager") as actor:
        clinic = make_clinic(actor)
        patient = clinic.patient(last="Jersey", state="NJ", timezone="America/Chicago")
        visit = clinic.book(patient, starts_at=at(9))
    address = f"scheduling/visits/{visit.pk}/"
    sent = front_desk.send(
        f"{address}telehealth/",
        {
            "modality": "video",
            "join_link": LINK,
            "state": "NJ",
            "timezone": "",
            "idempotency_key": str(uuid4()),
        },
    )
    assert sent.status_code == 302, sent.content
    body = front_desk.at(address).content.decode()
    assert LINK in body
    assert "8:00 AM CST" in body
    assert "No licence of P. Lee0, MD in NJ is on file" in body
    wrong = front_desk.send(
        f"{address}telehealth/",
        {"modality": "video", "join_link": "http://x.example/", "idempotency_key": str(uuid4())},
    )
    assert wrong.status_code == 422
    assert "begins with https://" in wrong.content.decode()
    with in_practice(clinic.actor):
        assert Telehealth.objects.get().join_link == LINK


def test_rest_says_it_and_tells_the_warning(acting, seven, front_desk, biller):
    from tests.scheduling.clinic import make_clinic

    with acting("manager") as actor:
        clinic = make_clinic(actor)
        visit = clinic.book(clinic.patient(last="Jersey", state="NJ"), starts_at=at(9))
    address = f"/p/harbor/api/v1/appointments/{visit.pk}/telehealth/"
    assert front_desk.get(address).json()["modality"] == "in_person"

    def put(who, **body):
        return who.put(address, json.dumps(body), content_type="application/json")

    answer = put(front_desk, modality="video", join_link=LINK)
    assert answer.status_code == 200, answer.content
    assert "No licence" in answer.json()["warning"]
    assert put(front_desk, modality="video", join_link="ftp://x").status_code == 422
    assert put(biller, modality="in_person").status_code == 403
    assert front_desk.get(address).json()["join_link"] == LINK


def test_what_was_licensed_yesterday_is_not_today(video):
    licence(video, expires_on=date(2026, 3, 1))
    with pytest.raises(Warned):
        video.book(video.patient(last="Jersey", state="NJ"))
    assert not Appointment.objects.exists()
