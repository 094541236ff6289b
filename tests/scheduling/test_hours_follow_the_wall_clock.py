"""The nights of March 8 and November 1, 2026, a zone without daylight saving, and days at the edge of UTC."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kit import clock
from scheduling.models import AvailabilityBlock, Resource
from scheduling.rules import instant
from scheduling.rules.weeks import WeekBlock
from scheduling.services import availability
from tests.scheduling.clinic import WEEK, make_clinic, publish_week

ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix",
    "Pacific/Honolulu",
)  # fmt: skip
NEVER_CHANGE = ("America/Phoenix", "Pacific/Honolulu")
NEW_YORK, PHOENIX = ZoneInfo("America/New_York"), ZoneInfo("America/Phoenix")
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (SPRING - timedelta(days=1), time(9), NEW_YORK, utc(2026, 3, 7, 14)),
        (SPRING, time(9), NEW_YORK, utc(2026, 3, 8, 13)),
        (SPRING, time(2, 30), NEW_YORK, utc(2026, 3, 8, 7, 30)),  # does not exist: 3:30 is shown
        (AUTUMN, time(1, 30), NEW_YORK, utc(2026, 11, 1, 5, 30)),  # twice: the first
        (AUTUMN, time(9), NEW_YORK, utc(2026, 11, 1, 14)),
        (SPRING, time(9), PHOENIX, utc(2026, 3, 8, 16)),
        (AUTUMN, time(9), PHOENIX, utc(2026, 11, 1, 16)),
        (AUTUMN, time(23, 30), NEW_YORK, utc(2026, 11, 2, 4, 30)),
    ],
)
def test_a_wall_clock_time_is_one_instant(day, at, zone, expected):
    assert instant(day, at=at, zone=zone) == expected


@pytest.mark.deep
def test_each_minute_of_both_nights_is_one_instant_in_every_zone(evidence):
    """A time the spring night leaves out is shown an hour later, one that comes twice in autumn is the first."""
    checked = skipped = 0
    for name in ZONES:
        zone = ZoneInfo(name)
        for night, minute in itertools.product((SPRING, AUTUMN), range(24 * 60)):
            wall = datetime.combine(night, time(minute // 60, minute % 60))
            moment = instant(night, at=wall.time(), zone=zone)
            shown = moment.astimezone(zone)
            late = shown.replace(tzinfo=None) - wall
            assert late in (timedelta(0), timedelta(hours=1))
            assert not late or (night, wall.hour, name in NEVER_CHANGE) == (SPRING, 2, False)
            assert shown.fold == 0
            checked, skipped = checked + 1, skipped + bool(late)
    assert skipped == 60 * (len(ZONES) - len(NEVER_CHANGE))
    evidence(zones=len(ZONES), nights=2, minutes=checked, left_out_by_the_clock=skipped, hours_off=0)


def blocks_on(resource, day):
    return [
        (each.starts_at, each.ends_at)
        for each in AvailabilityBlock.objects.filter(resource=resource, local_day=day).order_by("starts_at")
    ]


@pytest.mark.deep
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("America/New_York", 13, 12),
        ("America/Chicago", 14, 13),
        ("America/Denver", 15, 14),
        ("America/Los_Angeles", 16, 15),
        ("America/Phoenix", 15, 15),
        ("Pacific/Honolulu", 18, 18),
    ],
)
def test_generated_hours_keep_the_local_time_across_the_change(acting, zone, before, after):
    with clock.at(utc(2026, 3, 2, 12)), acting("manager") as actor:
        resource = make_clinic(actor, zone=zone, providers=1).resources[0]
        assert blocks_on(resource, date(2026, 3, 6))[0] == (
            utc(2026, 3, 6, before),
            utc(2026, 3, 6, before + 4),
        )
        assert blocks_on(resource, date(2026, 3, 9))[0] == (
            utc(2026, 3, 9, after),
            utc(2026, 3, 9, after + 4),
        )


@pytest.mark.django_db
def test_a_block_inside_the_hour_that_is_skipped_is_left_out_that_day(acting):
    with clock.at(utc(2026, 3, 2, 12)), acting("manager") as actor:
        resource = make_clinic(actor, providers=1).resources[0]
        night = WeekBlock(weekday=6, starts_at=time(2), ends_at=time(3))
        publish_week(resource, blocks=[*WEEK, night], actor=actor)
        assert blocks_on(resource, SPRING) == []
        assert blocks_on(resource, SPRING + timedelta(days=7)) == [(utc(2026, 3, 15, 6), utc(2026, 3, 15, 7))]


@pytest.mark.django_db
def test_late_hours_belong_to_their_local_day_not_to_that_of_utc(acting):
    with clock.at(utc(2026, 3, 2, 12)), acting("manager") as actor:
        resource = make_clinic(actor, providers=1).resources[0]
        late = WeekBlock(weekday=5, starts_at=time(23), ends_at=time(23, 50))
        publish_week(resource, blocks=[*WEEK, late], actor=actor)
        assert blocks_on(resource, date(2026, 3, 7)) == [(utc(2026, 3, 8, 4), utc(2026, 3, 8, 4, 50))]


@pytest.mark.django_db
def test_building_again_changes_nothing_and_keeps_the_past(acting):
    with clock.at(utc(2026, 3, 4, 12)), acting("manager") as actor:
        resource = make_clinic(actor, providers=1).resources[0]
        past = set(
            AvailabilityBlock.objects.filter(local_day__lt=date(2026, 3, 4)).values_list("id", flat=True)
        )
        shape = set(AvailabilityBlock.objects.values_list("starts_at", "ends_at"))
        availability.regenerate(
            Resource.objects.select_related("location").get(pk=resource.pk), actor=actor, days=60
        )
        assert shape <= set(AvailabilityBlock.objects.values_list("starts_at", "ends_at"))
        assert past <= set(AvailabilityBlock.objects.values_list("id", flat=True))
