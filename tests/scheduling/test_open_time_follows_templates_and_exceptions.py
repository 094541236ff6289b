"""What is open on a day: the version in force, its week of the cycle, minus what is closed, plus what is extra."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from practice.models import Location
from scheduling.models import AvailabilityBlock, Resource, ScheduleException, ScheduleTemplate
from scheduling.rules import instant
from scheduling.rules.weeks import WeekBlock, WeekError
from scheduling.selectors.openings import openings
from scheduling.selectors.templates import in_force, week_of
from scheduling.services import availability, exceptions, templates
from tests.cast import actor_named, in_practice
from tests.scheduling.clinic import MONDAY, WEEK, at, publish_week

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix",
    "Pacific/Honolulu",
)  # fmt: skip


def open_on(resource, day, *, kinds=("open",)):
    zone = ZoneInfo(resource.location.timezone)
    return [
        (each.starts_at.astimezone(zone).time(), each.ends_at.astimezone(zone).time())
        for each in AvailabilityBlock.objects.filter(
            resource=resource, local_day=day, kind__in=kinds
        ).order_by("starts_at")
    ]


def away(clinic, **more):
    values = {"starts_on": MONDAY, "ends_on": MONDAY, "reason": "Leave", "resource": clinic.resources[0]}
    return exceptions.add(actor=clinic.actor, **values | more)


def test_weeks_of_a_cycle_take_turns(clinic):
    blocks = [
        WeekBlock(weekday=0, cycle_week=1, starts_at=time(8), ends_at=time(12)),
        WeekBlock(weekday=0, cycle_week=2, starts_at=time(13), ends_at=time(17)),
        WeekBlock(weekday=1, starts_at=time(9), ends_at=time(10)),
    ]
    publish_week(
        clinic.resources[0], blocks=blocks, actor=clinic.actor, cycle_weeks=2, anchor_date=MONDAY + 3 * DAY
    )
    mondays = [open_on(clinic.resources[0], MONDAY + timedelta(weeks=n)) for n in range(4)]
    morning, afternoon = [(time(8), time(12))], [(time(13), time(17))]
    assert mondays == [morning, afternoon, morning, afternoon]
    assert open_on(clinic.resources[0], MONDAY + 8 * DAY) == [(time(9), time(10))]


def test_open_time_reaches_as_far_as_the_rule_says(clinic):
    availability.regenerate(clinic.resources[0], actor=clinic.actor)
    last = AvailabilityBlock.objects.filter(resource=clinic.resources[0]).latest("local_day").local_day
    assert MONDAY + 396 * DAY <= last < MONDAY + 400 * DAY


def test_a_whole_day_off_leaves_nothing_open_and_says_why(clinic):
    away(clinic, ends_on=MONDAY + DAY)
    resource = clinic.resources[0]
    assert open_on(resource, MONDAY) == open_on(resource, MONDAY + DAY) == []
    assert open_on(resource, MONDAY + 2 * DAY) == [(time(8), time(12)), (time(13), time(17))]
    assert open_on(clinic.resources[1], MONDAY) == [(time(8), time(12)), (time(13), time(17))]
    closed = AvailabilityBlock.objects.filter(resource=resource, local_day=MONDAY)
    assert {(each.kind, each.label) for each in closed} == {("admin", "Leave")}


def test_some_hours_off_cut_the_blocks_they_touch(clinic):
    away(clinic, starts_at=time(10), ends_at=time(14))
    assert open_on(clinic.resources[0], MONDAY) == [(time(8), time(10)), (time(14), time(17))]


def test_an_extra_session_is_open_in_addition(clinic):
    away(
        clinic,
        kind="extra",
        starts_on=MONDAY + 5 * DAY,
        ends_on=MONDAY + 5 * DAY,
        starts_at=time(9),
        ends_at=time(11),
    )
    assert open_on(clinic.resources[0], MONDAY + 5 * DAY) == [(time(9), time(11))]
    assert open_on(clinic.resources[0], MONDAY + 4 * DAY) == [(time(8), time(12)), (time(13), time(17))]


def test_other_hours_replace_the_templates_and_what_is_closed_still_is(clinic):
    away(clinic, kind="retime", starts_at=time(10), ends_at=time(19))
    away(clinic, starts_at=time(12), ends_at=time(13))
    assert open_on(clinic.resources[0], MONDAY) == [(time(10), time(12)), (time(13), time(19))]


def test_a_closed_location_closes_everybody_there(clinic):
    away(clinic, resource=None, location=clinic.site, source="holiday", reason="Holiday")
    assert [open_on(each, MONDAY) for each in clinic.resources] == [[], []]
    room = Resource.objects.get(kind="room", name="Room 1")
    assert AvailabilityBlock.objects.get(resource=room, local_day=MONDAY).kind == "admin"


def test_an_exception_that_is_withdrawn_brings_the_template_back(clinic):
    made = away(clinic)
    exceptions.withdraw(made, actor=clinic.actor)
    assert open_on(clinic.resources[0], MONDAY) == [(time(8), time(12)), (time(13), time(17))]
    with pytest.raises(Conflict):
        exceptions.withdraw(made, actor=clinic.actor)


def test_a_providers_leave_can_hold_at_every_site(clinic):
    other = Location.objects.create(practice_id=clinic.actor.practice_id, name="Annex")
    second = Resource.objects.create(
        practice_id=clinic.actor.practice_id,
        kind="provider",
        name="P. Lee0, MD",
        provider=clinic.providers[0],
        location=other,
    )
    away(clinic, everywhere=True)
    assert set(ScheduleException.objects.values_list("resource_id", flat=True)) == {
        second.pk,
        clinic.resources[0].pk,
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"resource": None}, "resource"),
        ({"ends_on": MONDAY - DAY}, "ends_on"),
        ({"starts_on": MONDAY - DAY}, "starts_on"),
        ({"ends_on": MONDAY + 500 * DAY}, "ends_on"),
        ({"kind": "extra"}, "starts_at"),
        ({"starts_at": time(9)}, "ends_at"),
        ({"starts_at": time(9), "ends_at": time(9)}, "ends_at"),
        ({"reason": " "}, "reason"),
    ],
    ids=str,
)
def test_an_exception_that_cannot_be_names_its_field_and_changes_nothing(clinic, wrong, field):
    with pytest.raises(DomainError) as refused:
        away(clinic, **wrong)
    assert refused.value.field == field
    assert not ScheduleException.objects.exists()
    assert open_on(clinic.resources[0], MONDAY) == [(time(8), time(12)), (time(13), time(17))]


def test_only_who_may_change_templates_changes_hours(clinic):
    with in_practice(actor_named("front_desk")) as desk:
        with pytest.raises(Forbidden):
            exceptions.add(
                actor=desk, resource=clinic.resources[0], starts_on=MONDAY, ends_on=MONDAY, reason="x"
            )
        with pytest.raises(Forbidden):
            templates.draft(resource=clinic.resources[0], valid_from=MONDAY, actor=desk)
    with in_practice(clinic.actor):
        assert not ScheduleException.objects.exists()
        assert ScheduleTemplate.objects.count() == 2


def test_a_new_version_ends_the_one_before_it_the_day_before(clinic):
    later = MONDAY + 14 * DAY
    new = publish_week(
        clinic.resources[0],
        blocks=[WeekBlock(weekday=0, starts_at=time(7), ends_at=time(9))],
        actor=clinic.actor,
        valid_from=later,
    )
    old = in_force(clinic.resources[0], day=MONDAY)
    assert (old.valid_to, new.version, new.based_on) == (later - DAY, 2, old)
    assert open_on(clinic.resources[0], MONDAY + 7 * DAY) == [(time(8), time(12)), (time(13), time(17))]
    assert open_on(clinic.resources[0], later) == [(time(7), time(9))]
    assert open_on(clinic.resources[0], later + DAY) == []


def test_after_a_version_with_a_last_day_the_week_before_it_goes_on(clinic):
    first, last = MONDAY + 7 * DAY, MONDAY + 13 * DAY
    publish_week(
        clinic.resources[0],
        blocks=[WeekBlock(weekday=0, starts_at=time(7), ends_at=time(9))],
        actor=clinic.actor,
        valid_from=first,
        valid_to=last,
        name="Summer",
    )
    assert [open_on(clinic.resources[0], MONDAY + timedelta(weeks=n)) for n in range(3)] == [
        [(time(8), time(12)), (time(13), time(17))],
        [(time(7), time(9))],
        [(time(8), time(12)), (time(13), time(17))],
    ]
    rows = ScheduleTemplate.objects.filter(resource=clinic.resources[0], state="published")
    assert [(row.valid_from, row.valid_to) for row in rows.order_by("valid_from")][1:] == [
        (first, last),
        (last + DAY, None),
    ]


def test_a_published_version_is_never_changed_by_any_service(clinic):
    version = in_force(clinic.resources[0], day=MONDAY)
    for act in (
        lambda: templates.set_week(version, blocks=WEEK[:1], actor=clinic.actor),
        lambda: templates.change(version, actor=clinic.actor, name="Other"),
        lambda: templates.publish(version, actor=clinic.actor),
        lambda: templates.discard(version, actor=clinic.actor),
        lambda: templates.copy_day(version, weekday=0, to=[5], actor=clinic.actor),
    ):
        with pytest.raises(Conflict):
            act()
    assert len(week_of(version)) == len(WEEK)


def test_a_week_that_cannot_be_names_its_row_and_keeps_nothing(clinic):
    made = templates.draft(resource=clinic.resources[0], valid_from=MONDAY, actor=clinic.actor)
    before = week_of(made)
    for wrong, field in (
        (WeekBlock(weekday=0, starts_at=time(11), ends_at=time(14)), "starts_at"),
        (WeekBlock(weekday=6, starts_at=time(11), ends_at=time(11)), "ends_at"),
        (WeekBlock(weekday=6, starts_at=time(9), ends_at=time(11), cycle_week=2), "cycle_week"),
        (WeekBlock(weekday=6, starts_at=time(9), ends_at=time(11), types=frozenset([made.pk])), "types"),
    ):
        with pytest.raises(WeekError) as refused:
            templates.set_week(made, blocks=[*before, wrong], actor=clinic.actor)
        assert refused.value.field == field
    assert week_of(made) == before


def test_days_and_weeks_are_copied_in_a_draft(clinic):
    made = templates.draft(resource=clinic.resources[0], valid_from=MONDAY, actor=clinic.actor, cycle_weeks=2)
    templates.copy_day(made, weekday=0, to=[5, 6], actor=clinic.actor)
    assert {block.weekday for block in week_of(made)} == set(range(7))
    own = [WeekBlock(weekday=2, starts_at=time(9), ends_at=time(10), cycle_week=1, label="Rounds")]
    templates.set_week(made, blocks=own, actor=clinic.actor)
    templates.copy_week(made, week=1, to=2, actor=clinic.actor)
    assert [(block.cycle_week, block.label) for block in week_of(made)] == [(1, "Rounds"), (2, "Rounds")]


def test_held_time_opens_by_itself_at_its_hour(clinic):
    blocks = [
        WeekBlock(weekday=0, starts_at=time(8), ends_at=time(9)),
        WeekBlock(weekday=0, starts_at=time(9), ends_at=time(10), kind="held", release_hours_before=24),
        WeekBlock(weekday=0, starts_at=time(10), ends_at=time(11), kind="held"),
    ]
    resource = publish_week(clinic.resources[0], blocks=blocks, actor=clinic.actor).resource
    following = MONDAY + 7 * DAY

    def found():
        rows = openings(
            clinic.types["fu"], resources=[resource], actor=clinic.actor, from_day=following, limit=50, days=1
        )
        return sorted({row.starts_at.astimezone(ZoneInfo("America/New_York")).hour for row in rows})

    assert found() == [8]
    with clock.at(at(8, 59, day=following - DAY)):
        assert found() == [8]
    with clock.at(at(9, 0, day=following - DAY)):
        assert found() == [8, 9]
    with clock.at(at(0, 0, day=following)):
        assert found() == [8, 9, 10]


def shown(moment, zone):
    return moment.astimezone(ZoneInfo(zone))


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    zone=st.sampled_from(ZONES),
    night=st.sampled_from([date(2026, 3, 8), date(2026, 11, 1)]),
    start=st.integers(0, 23 * 4).map(lambda n: time(n // 4, n % 4 * 15)),
    quarters=st.integers(1, 12),
)
def test_the_wall_clock_holds_on_both_nights_in_six_zones(clinic, zone, night, start, quarters):
    """The statement and the pure rule agree: one hour later in the gap (and marked), first of two in autumn."""
    end_minutes = start.hour * 60 + start.minute + 15 * quarters
    if end_minutes >= 24 * 60:
        return
    end = time(end_minutes // 60, end_minutes % 60)
    resource = clinic.resources[0]
    Location.objects.filter(pk=clinic.site.pk).update(timezone=zone)
    template = in_force(resource, day=night)
    template.blocks.all().delete()
    for weekday in (5, 6, 0):
        template.blocks.create(
            practice_id=clinic.actor.practice_id, weekday=weekday, starts_at=start, ends_at=end
        )
    resource = Resource.objects.select_related("location").get(pk=resource.pk)
    availability.regenerate(resource, actor=clinic.actor, from_day=night - 2 * DAY, days=5)
    rows = {
        row.local_day: row
        for row in AvailabilityBlock.objects.filter(
            resource=resource, local_day__range=(night - DAY, night + DAY)
        )
    }
    for day in (night - DAY, night + DAY):
        assert shown(rows[day].starts_at, zone).time() == start
        assert shown(rows[day].ends_at, zone).time() == end
        assert not rows[day].shifted
    wanted = [instant(night, at=each, zone=ZoneInfo(zone)) for each in (start, end)]
    if wanted[0] >= wanted[1]:
        assert night not in rows
        return
    row = rows[night]
    assert [row.starts_at, row.ends_at] == wanted
    exists = [shown(moment, zone).time() for moment in wanted] == [start, end]
    assert row.shifted is not exists
    if zone in ("America/Phoenix", "Pacific/Honolulu"):
        assert exists
    assert row.starts_at.astimezone(UTC) < datetime(2026, 12, 1, tzinfo=UTC)
