"""Third next available, fill, utilization, lead time, no-shows, the nightly snapshot, the lab and its what-if."""

from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit import clock
from kit.errors import Forbidden
from scheduling.models import AccessDay, ResourceBooking
from scheduling.rules import access as rules
from scheduling.rules.weeks import WeekBlock
from scheduling.selectors import access
from scheduling.services import access as snapshots
from scheduling.services import appointments, kinds
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, at, make_clinic, publish_week

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def third(clinic, kind="fu", provider=0):
    rows = {(row.resource_id, row.type_id): row.days for row in access.third_next(clinic.actor)}
    return rows[clinic.resources[provider].pk, clinic.types[kind].pk]


def hours(clinic, *blocks, provider=0):
    publish_week(clinic.resources[provider], blocks=list(blocks), actor=clinic.actor)


def block(weekday, start, end, **more):
    return WeekBlock(weekday=weekday, starts_at=start, ends_at=end, **more)


def test_the_third_slot_counts_and_not_the_first(clinic):
    hours(clinic, block(1, time(9), time(9, 40)), block(3, time(9), time(9, 20)))
    assert third(clinic) == 3  # two on Tuesday, the third on Thursday
    clinic.book(starts_at=at(9, day=MONDAY + DAY))
    assert third(clinic) == 8  # one on Tuesday, one on Thursday, then Tuesday again


def test_a_long_gap_holds_as_many_slots_as_visits_fit_and_no_more(clinic):
    hours(clinic, block(1, time(9), time(10)), block(2, time(9), time(12)))
    assert third(clinic, "fu") == 1
    assert third(clinic, "new") == 2  # forty minutes: one on Tuesday, four on Wednesday


def test_today_is_zero_days_and_what_is_past_of_it_does_not_count(clinic):
    assert third(clinic) == 0
    with clock.at(at(16, 30)):
        assert third(clinic) == 1


def test_held_time_never_counts_not_even_when_it_is_let_go(clinic):
    hours(clinic, block(0, time(8), time(12), kind="held"), block(4, time(8), time(12)))
    assert third(clinic) == 4


def test_time_kept_for_other_visits_does_not_count(clinic):
    new = frozenset([clinic.types["new"].pk])
    hours(clinic, block(1, time(8), time(12), types=new), block(2, time(8), time(12)))
    assert (third(clinic, "fu"), third(clinic, "new")) == (2, 1)


def test_a_providers_own_length_and_refusal_are_heeded(clinic):
    hours(clinic, block(1, time(9), time(10)), block(2, time(9), time(12)))
    kinds.add_rule(actor=clinic.actor, provider=clinic.providers[0], type=clinic.types["fu"], minutes=40)
    kinds.add_rule(
        actor=clinic.actor, provider=clinic.providers[1], type=clinic.types["fu"], is_offered=False
    )
    assert third(clinic) == 2
    pairs = {(row.resource_id, row.type_id) for row in access.third_next(clinic.actor)}
    assert (clinic.resources[1].pk, clinic.types["fu"].pk) not in pairs


def test_two_lanes_are_two_slots_and_an_overbooked_visit_takes_none_from_another_lane(clinic):
    hours(clinic, block(1, time(9), time(9, 20), capacity=2), block(3, time(9), time(10)))
    assert third(clinic) == 3
    hours(clinic, block(1, time(9), time(9, 20), capacity=3), block(3, time(9), time(10)))
    assert third(clinic) == 1


def test_without_a_third_slot_in_the_days_looked_at_there_is_no_number(clinic):
    hours(clinic, block(1, time(9), time(9, 20)))
    with clock.at(at(7)):
        assert third(clinic) == 15
    ResourceBooking.objects.all().delete()
    publish_week(
        clinic.resources[0],
        blocks=[block(1, time(9), time(9, 20))],
        actor=clinic.actor,
        valid_to=MONDAY + 8 * DAY,
    )
    rows = {
        row.resource_id: row.days for row in access.third_next(clinic.actor, types=[clinic.types["fu"].pk])
    }
    assert rows[clinic.resources[0].pk] == 15


def test_asking_costs_one_statement_however_many_providers(acting, seven):
    counts = []
    with acting("manager") as actor:
        for providers in (1, 6):
            make_clinic(actor, providers=providers, name=f"Site {providers}", codes=f"{providers}")
            with CaptureQueriesContext(connection) as seen:
                access.third_next(actor)
            counts.append(len(seen))
    assert counts[0] == counts[1] <= 4


def test_the_night_keeps_the_days_access_once_and_marks_the_day_that_is_sampled(clinic):
    for _ in range(2):
        assert snapshots.take(actor=clinic.actor) == 8  # two providers, four types
    assert AccessDay.objects.count() == 8
    assert AccessDay.objects.filter(sampled=True).count() == 8  # a Monday
    with clock.at(at(7, day=MONDAY + DAY)):
        snapshots.take(actor=clinic.actor)
    assert AccessDay.objects.filter(day=MONDAY + DAY, sampled=False).count() == 8


def test_fill_utilization_lead_time_and_no_shows_are_sums_over_sums(clinic):
    visits = [clinic.book(starts_at=at(9, day=MONDAY + DAY)), clinic.book(starts_at=at(10, day=MONDAY + DAY))]
    gone = clinic.book(starts_at=at(11, day=MONDAY + DAY))
    appointments.cancel(gone, by="patient_timely", reason="Work", actor=clinic.actor)
    with clock.at(at(10, 30, day=MONDAY + DAY)):
        appointments.no_show(visits[1], actor=clinic.actor)
        for step in ("arrive", "complete"):
            visits[0] = getattr(appointments, step)(visits[0], actor=clinic.actor)
    found = access.figures(clinic.actor, first=MONDAY + DAY, last=MONDAY + DAY)
    minutes = Decimal(2 * 8 * 60)
    assert (found["fill"].numerator, found["fill"].denominator) == (Decimal(40), minutes)
    assert (found["utilization"].numerator, found["utilization"].denominator) == (Decimal(20), minutes)
    assert found["lead_time"].value == 1
    assert found["no_show"].value == 50
    empty = access.figures(clinic.actor, first=MONDAY + 5 * DAY, last=MONDAY + 5 * DAY)
    assert [share.value for share in empty.values()] == [None] * 4


def test_the_lab_sets_supply_against_demand_and_a_what_if_changes_only_the_answer(clinic):
    for minute in (0, 20, 40):
        clinic.book(starts_at=at(9, minute))
    later = clock.at(at(7, day=MONDAY + 7 * DAY))
    with later:
        made = access.lab(clinic.actor)
        line = next(each for each in made.lines if each.type.code == "fu")
        assert line.week.asked == Decimal("0.2")  # three in thirteen weeks
        assert line.minutes == 2 * 5 * 8 * 60
        changed = access.lab(
            clinic.actor, what_if=access.WhatIf(type_id=line.type.pk, minutes=-2 * 5 * 8 * 60)
        )
        by_code = {each.type.code: each for each in changed.lines}
        assert by_code["fu"].week.slots == 0
        assert by_code["fu"].week.gap < 0
        assert by_code["pe"].minutes == line.minutes


def test_the_lab_is_for_who_may_see_access(clinic):
    with in_practice(actor_named("front_desk")) as desk:
        for ask in (access.third_next, access.lab):
            with pytest.raises(Forbidden):
                ask(desk)


def test_overbooking_fills_what_no_shows_leave():
    share = rules.overbooking(Decimal("0.2"))
    week = rules.balance(
        asked=Decimal(200), minutes=Decimal(2000), length=20, no_show=Decimal("0.2"), overbook=share
    )
    assert (share, week.slots, week.bookable, week.come, week.over) == (
        Decimal("0.25"), Decimal(100), Decimal(125), Decimal(100), Decimal(0),
    )  # fmt: skip
    assert week.word == "75.0 too few a week"


def test_a_week_with_enough_says_so_and_needs_no_more_minutes():
    week = rules.balance(asked=Decimal(10), minutes=Decimal(400), length=20, no_show=Decimal(0))
    assert (week.word, week.come) == ("Enough", Decimal(10))
    assert rules.minutes_needed(asked=Decimal(10), minutes=Decimal(400), length=20) == 0
    assert rules.minutes_needed(asked=Decimal(30), minutes=Decimal(400), length=20) == 200
    with pytest.raises(ValueError, match="takes minutes"):
        rules.balance(asked=Decimal(1), minutes=Decimal(1), length=0, no_show=Decimal(0))


@pytest.mark.parametrize("no_show", [Decimal("0.5"), Decimal(1)])
def test_nobody_is_told_to_book_more_than_double(no_show):
    assert rules.overbooking(no_show) == 1
