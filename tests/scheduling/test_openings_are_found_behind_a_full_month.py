"""Behind weeks that are booked up the first opening is the same as if every day had been looked at."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.models import Appointment, AvailabilityBlock, ResourceBooking
from scheduling.selectors import openings as free
from tests.scheduling.clinic import MONDAY

pytestmark = pytest.mark.django_db


def fill(clinic, *, until, gaps=()):
    """Every block up to a day is one long visit, but for ``gaps`` ((resource, day, minutes)) at the block's end."""
    left = {(resource.pk, day): minutes for resource, day, minutes in gaps}
    patient = clinic.patient("Long")
    mine = {"practice_id": clinic.actor.practice_id}
    for block in AvailabilityBlock.objects.filter(local_day__lte=until).select_related("resource"):
        ends = block.ends_at - timedelta(minutes=left.get((block.resource_id, block.local_day), 0))
        visit = Appointment.objects.create(
            patient=patient, provider_id=block.resource.provider_id, location=clinic.site, type=clinic.types["fu"],
            starts_at=block.starts_at, ends_at=ends, local_day=block.local_day, **mine,
        )  # fmt: skip
        ResourceBooking.objects.create(
            appointment=visit, resource_id=block.resource_id, provider_id=block.resource.provider_id, lane=0,
            starts_at=block.starts_at, ends_at=ends, **mine,
        )  # fmt: skip


def asked(clinic, kind="fu", **more):
    return [
        (each.starts_at, each.resource_id)
        for each in free.openings(
            clinic.types[kind], resources=clinic.resources, actor=clinic.actor, from_day=MONDAY, **more
        )
    ]


def looked_at_every_day(clinic, kind="fu", *, limit=9):
    """The same without a guess at which days have room."""
    search = free._search(
        clinic.types[kind], resources=clinic.resources, from_day=MONDAY, limit=limit, not_before=None, part=""
    )
    last = MONDAY + timedelta(days=free.LOOKAHEAD - 1)
    found = sorted(
        free._within(search, first=MONDAY, last=last), key=lambda each: (each.starts_at, each.provider)
    )
    return [(each.starts_at, each.resource_id) for each in found[:limit]]


@pytest.mark.parametrize("kind", ["fu", "pe"])
def test_gaps_too_short_are_passed_and_the_first_long_enough_is_found(clinic, kind):
    first, second = clinic.resources
    day = MONDAY + timedelta(days=22)
    fill(
        clinic,
        until=MONDAY + timedelta(days=31),
        gaps=[(first, day, 10), (second, day + timedelta(days=1), 30), (first, day + timedelta(days=6), 40)],
    )
    found = asked(clinic, kind)
    assert found == looked_at_every_day(clinic, kind)
    wanted = {"fu": (day + timedelta(days=1), second.pk), "pe": (day + timedelta(days=6), first.pk)}[kind]
    assert (found[0][0].date(), found[0][1]) == wanted


def test_whatever_is_booked_no_opening_is_missed(clinic):
    rng = random.Random()
    gaps = [
        (resource, MONDAY + timedelta(days=day), rng.choice([0, 5, 15, 20, 40, 120]))
        for resource in clinic.resources
        for day in rng.sample(range(40), 12)
    ]
    fill(clinic, until=MONDAY + timedelta(days=rng.randrange(8, 45)), gaps=gaps)
    for kind in ("fu", "new", "pe"):
        assert asked(clinic, kind, limit=25) == looked_at_every_day(clinic, kind, limit=25)


def test_a_schedule_without_any_room_is_answered_in_a_few_queries(clinic):
    fill(clinic, until=MONDAY + timedelta(days=80))
    with CaptureQueriesContext(connection) as seen:
        assert asked(clinic) == []
    assert len(seen) <= 9
