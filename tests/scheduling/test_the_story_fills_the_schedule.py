import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from kit import clock
from patients.models import Coverage, Patient
from patients.seed import seed as seed_patients
from practice.models import Practice
from practice.seed import seed as seed_practice
from practice.story import Story
from scheduling.models import Appointment, AvailabilityBlock, CheckIn, ResourceBooking, StatusEvent
from scheduling.seed import seed as seed_schedule
from scheduling.services import appointments
from staff.seed import seed as seed_staff
from tests.tiers import turn

pytestmark = pytest.mark.django_db


def tell(actor, *, small=False, day):
    story = Story(practice=Practice.objects.get(pk=actor.practice_id), actor=actor, today=day, small=small)
    for chapter in (seed_practice, seed_staff, seed_patients, seed_schedule):
        chapter(story)
    return story


@pytest.mark.deep
def test_the_past_is_mostly_completed_and_today_has_visits_in_every_state(acting):
    """In the morning and late in the evening, one of them in every run: a full story takes half a minute."""
    turn(one_in=3)
    moments = (datetime(2026, 3, 4, 15, 0, tzinfo=UTC), datetime(2026, 11, 22, 0, 30, tzinfo=UTC))
    now = random.choice(moments)
    day = (now - timedelta(hours=5)).date()
    with clock.at(now), acting("manager") as actor:
        story = tell(actor, day=day)
        assert Patient.objects.count() == 127
        assert Coverage.objects.count() > 90
        past = Counter(Appointment.objects.filter(local_day__lt=day).values_list("status", flat=True))
        total = sum(past.values())
        assert set(past) == {"completed", "no_show", "cancelled", "left"}
        assert 0.8 < past["completed"] / total < 0.9
        assert 500 < total < 1100
        today = set(Appointment.objects.filter(local_day=day).values_list("status", flat=True))
        assert {"arrived", "checked_in", "roomed", "with_provider", "checkout", "completed"} <= today
        assert StatusEvent.objects.filter(wait_reason__isnull=False).exists()
        assert not StatusEvent.objects.filter(at__gt=now).exists()
        assert CheckIn.objects.filter(missing=0).exists()
        assert len(story.kept["completed_visits"]) >= past["completed"]
        assert AvailabilityBlock.objects.filter(local_day__gt=day + timedelta(days=30)).exists()
        assert not ResourceBooking.objects.filter(
            active=True, appointment__status__in=["cancelled", "no_show", "left"]
        ).exists()


def test_the_same_seed_tells_the_same_story(acting):
    now = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
    told = []
    for key in ("manager", "stranger"):
        with clock.at(now), acting(key) as actor:
            tell(actor, small=True, day=now.date())
            told.append(list(Appointment.objects.order_by("starts_at").values_list("starts_at", "status")))
    assert told[0] == told[1]
    assert told[0]


def test_a_told_visit_equals_one_that_the_services_wrote(acting):
    now = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
    with clock.at(now), acting("manager") as actor:
        story = tell(actor, day=now.date(), small=True)
        told = next(visit for visit in story.kept["completed_visits"] if visit.type.code == "fu")
        started = told.starts_at
        ResourceBooking.objects.filter(appointment=told).update(active=False)
        with clock.at(started - timedelta(hours=1)):
            made = appointments.book(
                told.patient,
                visit_type=told.type,
                provider=told.provider,
                location=told.location,
                starts_at=started,
                actor=actor,
                reason=told.reason,
                accept={"patient_overlap"},
            )
            for step in ("confirm", "arrive", "check_in", "room", "with_provider", "check_out", "complete"):
                made = getattr(appointments, step)(made, actor=actor)
        ResourceBooking.objects.filter(appointment=told).delete()
        told.refresh_from_db()
        own = {"id", "created_at", "updated_at"}
        columns = [field.attname for field in Appointment._meta.concrete_fields if field.name not in own]
        assert {name: getattr(made, name) for name in columns} == {
            name: getattr(told, name) for name in columns
        }
        steps = [
            list(StatusEvent.objects.filter(appointment=each).order_by("at").values_list("status", flat=True))
            for each in (made, told)
        ]
        assert steps[0] == steps[1]
