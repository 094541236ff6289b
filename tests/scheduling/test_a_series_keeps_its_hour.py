"""Series: the same local time whatever the clocks do, looked at as a whole, booked all or none, moved and cancelled."""

import itertools
import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from scheduling.errors import SlotTaken, Warned
from scheduling.models import Appointment, ResourceBooking, SeriesVisit, VisitSeries
from scheduling.rules import series as rule
from scheduling.services import appointments, series
from scheduling.services.series import Rhythm
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, at, make_clinic
from tests.tiers import DEEP

pytestmark = pytest.mark.django_db
ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix",
    "Pacific/Honolulu",
)  # fmt: skip
NEVER_CHANGE = ("America/Phoenix", "Pacific/Honolulu")
WEEK = timedelta(weeks=1)


@pytest.mark.deep
def test_no_hour_is_off_and_no_visit_lost(evidence):
    asked = Counter()

    @settings(max_examples=20_000 if DEEP else 100, deadline=None)
    @given(
        zone=st.sampled_from(ZONES),
        first=st.dates(date(2026, 1, 5), date(2026, 10, 25)),
        minute=st.integers(0, 24 * 60 - 1),
        every=st.integers(1, 6),
        unit=st.sampled_from(("week", "month", "weekday")),
        count=st.integers(2, 40),
    )
    def ask(zone, first, minute, every, unit, count):
        keeps_its_hour(zone, first, minute, every, unit, count)
        asked[zone] += 1
        asked["visits"] += count

    ask()
    evidence(
        series=sum(asked[zone] for zone in ZONES),
        visits=asked.pop("visits"),
        by_zone=dict(asked),
        off=0,
        lost=0,
    )


def keeps_its_hour(zone, first, minute, every, unit, count):
    """No hour is off, and none of the visits lost, in one series."""
    wall, place = time(minute // 60, minute % 60), ZoneInfo(zone)
    days = rule.days(first, every=every, unit=unit, count=count)
    moments = rule.instants(days, at=wall, zone=place)
    assert len(days) == len(set(days)) == len(set(moments)) == count
    assert moments == sorted(moments)
    for day, moment in zip(days, moments, strict=True):
        local = moment.astimezone(place)
        skipped = local.replace(tzinfo=None) != datetime.combine(day, wall)
        assert moment.tzinfo is UTC
        if skipped:  # a time that the spring night leaves out is an hour later, once, on that night
            assert zone not in NEVER_CHANGE
            assert (day, wall.hour) == (second_sunday(day.year), 2)
            assert local.replace(tzinfo=None) - datetime.combine(day, wall) == timedelta(hours=1)
        else:
            assert local.fold == 0
    if unit == "week":
        assert {(b - a).days for a, b in itertools.pairwise(days)} == {7 * every}
    if unit == "weekday":
        assert {day.weekday() for day in days} == {first.weekday()}
    if unit == "month":
        assert all(day.day == first.day or (day + timedelta(days=1)).day == 1 for day in days)


def second_sunday(year):
    first = date(year, 3, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7)


@pytest.mark.deep
@pytest.mark.parametrize("zone", ZONES)
def test_across_8_march_and_1_november_2026_the_clock_on_the_wall_stays(zone):
    place = ZoneInfo(zone)
    for first in (date(2026, 2, 22), date(2026, 10, 18)):  # Sundays: the nights themselves are in it
        days = rule.days(first, every=1, unit="week", count=5)
        moments = rule.instants(days, at=time(9, 30), zone=place)
        assert {each.astimezone(place).time() for each in moments} == {time(9, 30)}
        lengths = {b - a for a, b in itertools.pairwise(moments)}
        if zone in NEVER_CHANGE:
            assert lengths == {WEEK}
        else:
            changed = WEEK - timedelta(hours=1) if first.month == 2 else WEEK + timedelta(hours=1)
            assert lengths == {WEEK, changed}


def test_months_keep_the_date_or_the_weekday():
    assert rule.days(date(2026, 1, 31), every=1, unit="month", count=4) == [
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
    ]  # fmt: skip
    second_tuesday = rule.days(date(2026, 11, 10), every=1, unit="weekday", count=3)
    assert second_tuesday == [date(2026, 11, 10), date(2026, 12, 8), date(2027, 1, 12)]
    fifth_friday = rule.days(date(2026, 1, 30), every=1, unit="weekday", count=2)
    assert fifth_friday == [date(2026, 1, 30), date(2026, 2, 27)]


def rhythm(clinic, **more):
    given = {
        "visit_type": clinic.types["fu"],
        "provider": clinic.providers[0],
        "location": clinic.site,
        "starts_on": MONDAY,
        "starts_at": time(9),
        "every": 1,
        "unit": "week",
        "count": 4,
    }
    return Rhythm(**given | more)


def book(clinic, patient=None, **more):
    how = {name: more.pop(name) for name in ("skip", "instead", "accept", "override_reason") if name in more}
    return series.book(patient or clinic.patient(), rhythm=rhythm(clinic, **more), actor=clinic.actor, **how)


def local_times(made):
    zone = ZoneInfo(made.location.timezone)
    visits = Appointment.objects.filter(series_places__series=made).order_by("starts_at")
    return [each.starts_at.astimezone(zone).replace(tzinfo=None) for each in visits]


@pytest.mark.deep
@pytest.mark.parametrize("zone", ZONES)
def test_a_series_is_booked_across_the_spring_night_in_every_zone(acting, zone):
    with clock.at(datetime(2026, 3, 2, 12, tzinfo=UTC)), acting("manager") as actor:
        clinic = make_clinic(actor, zone=zone)
        made = book(clinic)
        wanted = [datetime.combine(MONDAY + n * WEEK, time(9)) for n in range(4)]
        assert local_times(made) == wanted
        assert ResourceBooking.objects.filter(active=True).count() == 4


@pytest.mark.deep
@pytest.mark.parametrize("zone", ZONES)
def test_a_series_is_booked_across_the_autumn_night_in_every_zone(acting, zone):
    first = date(2026, 10, 19)
    with clock.at(datetime(2026, 10, 19, 11, tzinfo=UTC)), acting("manager") as actor:
        clinic = make_clinic(actor, zone=zone, from_day=first)
        made = book(clinic, starts_on=first)
        assert local_times(made) == [datetime.combine(first + n * WEEK, time(9)) for n in range(4)]


def test_a_look_says_for_each_day_whether_it_fits_and_books_nothing(clinic):
    clinic.book(starts_at=at(9, day=MONDAY + WEEK))
    places = series.look(clinic.patient(), rhythm=rhythm(clinic), actor=clinic.actor)
    assert [each.fits for each in places] == [True, False, True, True]
    assert places[1].taken
    assert len(places[1].alternatives) == 3
    outside = series.look(clinic.patient(), rhythm=rhythm(clinic, starts_at=time(18)), actor=clinic.actor)
    assert {each.warning for each in outside} == {"outside_hours"}
    assert all(each.alternatives for each in outside)
    assert (Appointment.objects.count(), VisitSeries.objects.count()) == (1, 0)


def test_all_are_booked_or_none(clinic):
    clinic.book(starts_at=at(9, day=MONDAY + 2 * WEEK))
    with pytest.raises(SlotTaken, match="Visit 3, 03/16/2026"):
        book(clinic)
    assert (Appointment.objects.count(), VisitSeries.objects.count(), SeriesVisit.objects.count()) == (
        1,
        0,
        0,
    )


def test_what_does_not_fit_is_left_out_on_purpose_or_given_another_time(clinic):
    for week in (1, 2):
        clinic.book(starts_at=at(9, day=MONDAY + week * WEEK))
    other = (at(10, day=MONDAY + 2 * WEEK), clinic.providers[1])
    made = book(clinic, skip={2}, instead={3: other})
    places = list(made.places.order_by("number").select_related("appointment"))
    assert [place.appointment is None for place in places] == [False, True, False, False]
    assert (places[2].appointment.starts_at, places[2].appointment.provider) == other
    assert places[1].visit_when == "Left out on purpose"


def test_what_is_unusual_is_accepted_for_all_with_a_reason(clinic):
    with pytest.raises(Warned):
        book(clinic, starts_at=time(18))
    assert not Appointment.objects.exists()
    made = book(clinic, starts_at=time(18), accept={"outside_hours"}, override_reason="After work")
    assert made.places.count() == 4


BAD = [
    ({"count": 1}, "count"),
    ({"count": 61}, "count"),
    ({"every": 0}, "every"),
    ({"unit": "day"}, "unit"),
    ({"starts_on": MONDAY - timedelta(days=1)}, "starts_on"),
]


@pytest.mark.parametrize(("more", "field"), BAD, ids=str)
def test_what_no_series_can_be_names_its_field(clinic, more, field):
    with pytest.raises(DomainError) as refused:
        book(clinic, **more)
    assert refused.value.field == field
    assert not VisitSeries.objects.exists()


def test_nobody_leaves_out_every_visit(clinic):
    with pytest.raises(DomainError) as refused:
        book(clinic, skip={1, 2, 3, 4})
    assert refused.value.field == "skip"


def test_the_rest_is_cancelled_and_what_is_over_stays(clinic):
    made = book(clinic)
    with clock.at(at(12, day=MONDAY + WEEK)):
        series.cancel_rest(made, by="patient_timely", reason="Feels well", actor=clinic.actor)
        with pytest.raises(Conflict):
            series.cancel_rest(made, by="patient_timely", reason="Again", actor=clinic.actor)
    visits = Appointment.objects.filter(series_places__series=made).order_by("starts_at")
    assert [each.status for each in visits] == ["booked", "booked", "cancelled", "cancelled"]
    made.refresh_from_db()
    assert made.state == "cancelled"


def test_the_rest_is_moved_to_another_local_time_across_the_spring_night(clinic):
    made = book(clinic)
    moved = series.move_rest(made, starts_at=time(14), actor=clinic.actor)
    assert moved.starts_at == time(14)
    assert local_times(made) == [datetime.combine(MONDAY + n * WEEK, time(14)) for n in range(4)]
    series.move_rest(made, days_later=1, actor=clinic.actor)
    assert local_times(made) == [
        datetime.combine(MONDAY + n * WEEK + timedelta(days=1), time(14)) for n in range(4)
    ]


def test_the_rest_is_moved_wholly_or_not_at_all(clinic):
    made = book(clinic)
    before = local_times(made)
    clinic.book(starts_at=at(14, day=MONDAY + 2 * WEEK))
    with pytest.raises(SlotTaken, match="Visit 3"):
        series.move_rest(made, starts_at=time(14), actor=clinic.actor)
    with pytest.raises(DomainError):
        series.move_rest(made, actor=clinic.actor)
    assert local_times(made) == before


def test_daily_visits_make_room_for_each_other_when_they_all_move_a_day(clinic):
    made = book(clinic, count=2)
    series.move_rest(made, days_later=7, actor=clinic.actor)
    assert local_times(made) == [datetime.combine(MONDAY + n * WEEK, time(9)) for n in (1, 2)]
    series.move_rest(made, days_later=-7, actor=clinic.actor)
    assert local_times(made) == [datetime.combine(MONDAY + n * WEEK, time(9)) for n in (0, 1)]


def test_a_visit_of_a_series_is_cancelled_by_itself(clinic):
    made = book(clinic)
    first = made.places.order_by("number")[0].appointment
    appointments.cancel(first, by="practice", reason="Provider away", actor=clinic.actor)
    assert len(series.rest_of(made)) == 3
    assert VisitSeries.objects.get().state == "active"


def test_who_may_not_book_books_no_series(clinic):
    made, patient = book(clinic), clinic.patient(last="Other")
    with in_practice(actor_named("biller")) as biller:
        for act in (
            lambda: series.book(patient, rhythm=rhythm(clinic, starts_at=time(10)), actor=biller),
            lambda: series.look(patient, rhythm=rhythm(clinic), actor=biller),
            lambda: series.cancel_rest(made, by="practice", reason="x", actor=biller),
            lambda: series.move_rest(made, days_later=1, actor=biller),
        ):
            with pytest.raises(Forbidden):
                act()
        assert VisitSeries.objects.count() == 1


@pytest.fixture
def desk(acting, seven, front_desk):
    with acting("manager") as actor:
        clinic = make_clinic(actor)
        patient = clinic.patient()
        clinic.book(starts_at=at(9, day=MONDAY + WEEK))
    return front_desk, clinic, patient


def test_the_page_shows_every_day_and_books_them_together(desk):
    person, clinic, patient = desk
    asked = {
        "patient": patient.mrn, "type": clinic.types["fu"].pk, "provider": clinic.providers[0].pk,
        "location": clinic.site.pk, "starts_on": "03/02/2026", "starts_at": "9 AM", "every": "1", "unit": "week",
        "count": "3", "reason": "Injection",
    }  # fmt: skip
    looked = person.send("scheduling/series/new/", asked | {"do": "look"}).content.decode()
    assert "2 of 3 fit as asked" in looked
    assert "Leave this one out" in looked
    refused = person.send("scheduling/series/new/", asked | {"do": "book", "idempotency_key": "s1"})
    assert refused.status_code == 409
    assert "Visit 2, 03/09/2026" in refused.content.decode()
    chosen = asked | {"do": "book", "place-2": "skip", "idempotency_key": "s2"}
    answer = person.send("scheduling/series/new/", chosen, follow=True).content.decode()
    assert "2 visits of Jane Doe booked, every week." in answer
    with in_practice(clinic.actor):
        assert VisitSeries.objects.get().places.exclude(appointment=None).count() == 2


def test_by_rest_a_series_is_looked_at_booked_and_ended(desk):
    person, clinic, patient = desk
    body = {
        "patient": str(patient.pk), "type": str(clinic.types["fu"].pk), "provider": str(clinic.providers[0].pk),
        "location": str(clinic.site.pk), "starts_on": "2026-03-02", "starts_at": "09:00", "every": 1, "unit": "week",
        "count": 3,
    }  # fmt: skip

    def send(path, data, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return person.post(
            f"/p/harbor/api/v1/scheduling/series/{path}",
            json.dumps(data),
            content_type="application/json",
            headers=named,
        )

    places = send("look/", body).json()["results"]
    assert [each["fits"] for each in places] == [True, False, True]
    assert len(places[1]["alternatives"]) == 3
    assert send("book/", body).status_code == 428
    full = send("book/", body, Idempotency_Key="r1")
    assert (full.status_code, len(full.json()["openings"])) == (409, 3)
    near = places[1]["alternatives"][0]
    instead = [{"number": 2, "starts_at": near["starts_at"], "provider": near["provider"]}]
    made = send("book/", body | {"instead": instead}, Idempotency_Key="r2")
    assert made.status_code == 201, made.content
    assert [bool(each) for each in made.json()["visits"]] == [True, True, True]
    ended = send(
        f"{made.json()['id']}/cancel_rest/",
        {"by": "practice", "reason": "Provider away"},
        Idempotency_Key="r3",
    )
    assert (ended.status_code, ended.json()["state"]) == (200, "cancelled"), ended.content
