"""A provider's week by day, and the day sheet by provider: right places, no other practice, no restricted name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit import clock
from patients.services import patients
from practice.models import AuditAccessPatient
from scheduling.selectors.day import SIDE_BY_SIDE
from tests.cast import in_practice
from tests.scheduling.clinic import MONDAY, SEVEN, at, make_clinic

pytestmark = pytest.mark.django_db
THURSDAY = MONDAY.replace(day=5)
SATURDAY = MONDAY.replace(day=7)


@pytest.fixture
def site(acting, seven):
    with acting("manager") as actor:
        return make_clinic(actor)


def week(made, day="2026-03-04", provider=0):
    return {"day": day, "provider": str(made.resources[provider].pk)}


def test_each_visit_stands_on_its_day_of_its_providers_week(site, front_desk):
    with in_practice(site.actor):
        mine = site.book(site.patient("Quillfeather", "Ada"), starts_at=at(9, 20, day=THURSDAY))
        other = site.book(site.patient("Otherwise", "Bo"), starts_at=at(9, 20, day=THURSDAY), provider=1)
        later = site.book(site.patient("Nextweek", "Cy"), starts_at=at(9, day=MONDAY.replace(day=9)))
    page = front_desk.at("scheduling/week/", **week(site))
    text = page.content.decode()
    assert page.status_code == 200
    assert "week of March 2" in text
    thursday = text.split('data-day="2026-03-05"')[1].split('data-day="2026-03-06"')[0]
    assert "Ada Quillfeather" in thursday
    assert "wr-at-16 wr-for-4" in thursday
    assert f"visits/{mine.pk}/move/" in thursday
    assert str(other.pk) not in text
    assert str(later.pk) not in text
    assert 'data-day="2026-03-07"' not in text  # a weekend without hours and visits takes no room
    with in_practice(site.actor):
        assert AuditAccessPatient.objects.filter(patient_id=mine.patient_id).exists()


def test_a_visit_on_saturday_brings_saturday_into_the_week(site, front_desk):
    with in_practice(site.actor):
        site.book(starts_at=at(9, day=SATURDAY), accept={"outside_hours"}, override_reason="Flu clinic")
    assert 'data-day="2026-03-07"' in front_desk.at("scheduling/week/", **week(site)).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_week(site, front_desk):
    counts = []
    with in_practice(site.actor):
        site.book(starts_at=at(8))
    for batch in range(2):
        front_desk.at("scheduling/week/", **week(site))
        with CaptureQueriesContext(connection) as seen:
            assert front_desk.at("scheduling/week/", **week(site)).status_code == 200
        counts.append(len(seen))
        if batch == 0:
            with in_practice(site.actor):
                for number in range(2, 7):
                    for hour in (9, 10, 14):
                        site.book(starts_at=at(hour, day=MONDAY.replace(day=number)))
    assert counts[0] == counts[1]
    assert counts[0] < 40


def test_what_has_begun_cannot_be_dragged(site, front_desk):
    from scheduling.services import appointments

    with in_practice(site.actor):
        here = appointments.arrive(site.book(starts_at=at(8)), actor=site.actor)
    text = front_desk.at("scheduling/week/", **week(site)).content.decode()
    assert f"visits/{here.pk}/" in text
    assert f"visits/{here.pk}/move/" not in text


def test_a_restricted_patient_has_no_name_in_week_and_sheet(site, front_desk, manager):
    with in_practice(site.actor):
        made = site.book(
            patients.restrict(site.patient("Famous", "Fred"), reason="Works here", actor=site.actor)
        )
    for path, query in (
        ("scheduling/week/", week(site)),
        ("scheduling/day-sheet/", {"day": "2026-03-02", "location": str(site.site.pk)}),
    ):
        text = front_desk.at(path, **query).content.decode()
        assert "Restricted patient" in text
        assert "Famous" not in text
        assert str(made.pk) not in text
        assert "Fred Famous" in manager.at(path, **query).content.decode()


def test_another_practice_finds_neither_the_provider_nor_the_site(site, stranger):
    assert stranger.at("scheduling/week/", **week(site)).status_code == 404
    assert stranger.at("scheduling/week/", provider="x").status_code == 404
    given = {"day": "2026-03-02", "location": str(site.site.pk)}
    assert stranger.at("scheduling/day-sheet/", **given).status_code == 404


def test_the_sheet_lists_the_day_by_provider_and_time(site, front_desk):
    from scheduling.services import appointments

    with in_practice(site.actor):
        late = site.book(site.patient("Later", "Lee"), starts_at=at(15), reason="Cough")
        site.book(site.patient("Early", "Eve"), starts_at=at(8), room=site.rooms[0])
        site.book(site.patient("Beside", "Bo"), starts_at=at(8), provider=1)
        gone = site.book(site.patient("Gone", "Gil"), starts_at=at(9))
        appointments.cancel(gone, by="practice", reason="Ill", actor=site.actor)
    text = front_desk.at(
        "scheduling/day-sheet/", day="2026-03-02", location=str(site.site.pk)
    ).content.decode()
    first, second = text.split("P. Lee1, MD", 1)
    assert first.index("Eve Early") < first.index("Lee Later")
    assert "Room 1" in first
    assert "Cough" in first
    assert "Self-pay" in first
    assert "Bo Beside" in second
    assert "Gil Gone" not in text
    with in_practice(site.actor):
        assert AuditAccessPatient.objects.filter(patient_id=late.patient_id).exists()


def test_a_day_without_visits_says_so(site, front_desk):
    text = front_desk.at("scheduling/day-sheet/", day="2026-03-08").content.decode()
    assert "No visit on this day" in text


def test_the_second_of_two_movers_is_told_what_the_first_did(site, front_desk):
    with clock.at(SEVEN), in_practice(site.actor):
        made = site.book(starts_at=at(9))
    first = {"version": 1, "slot": "other", "other_day": "2026-03-03", "other_time": "10:00 AM"}
    first["other_provider"] = str(site.resources[1].pk)
    assert front_desk.send(f"scheduling/visits/{made.pk}/move/", first).status_code == 302
    answer = front_desk.send(f"scheduling/visits/{made.pk}/move/", {**first, "other_day": "2026-03-04"})
    assert answer.status_code == 409
    assert "It is booked for 03/03/2026, 10:00 AM with P. Lee1, MD, by " in answer.content.decode()
    with in_practice(site.actor):
        made.refresh_from_db()
        assert (made.local_day, made.version) == (MONDAY.replace(day=3), 2)


def test_of_many_providers_a_few_stand_side_by_side(acting, seven, front_desk):
    with acting("manager") as actor:
        clinic = make_clinic(actor, providers=10)
        names = [each.name for each in clinic.resources]
        visit = clinic.book(starts_at=at(9), provider=names.index(max(names)))
    given = {"day": "2026-03-02", "location": str(clinic.site.pk)}
    first = front_desk.at("scheduling/", **given)
    text = first.content.decode()
    assert text.count("data-column") == SIDE_BY_SIDE
    assert "1–8 of 10 providers" in text
    assert "<span>1 visit</span>" in text  # counts are of the whole site
    assert str(visit.pk) not in text
    beside = str(first.context["shown"].after)
    second = front_desk.at("scheduling/", **given, provider=beside).content.decode()
    assert "9–10 of 10 providers" in second
    assert str(visit.pk) in second
    assert f"provider={visit.provider_id}" in front_desk.at(f"scheduling/visits/{visit.pk}/").content.decode()
