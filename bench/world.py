"""Deterministic data: one large practice, many small ones; tables filled by set-based SQL as their owner."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg2

from bench import fill
from practice.actor import Actor, system_actor
from practice.models import Location, Payer, Practice, Role, User
from practice.services import people
from practice.services.tenants import open_practice
from practice.transactions import acting_in
from scheduling.models import AppointmentType, Resource
from scheduling.rules.weeks import WeekBlock
from scheduling.services import availability, templates
from staff.models import Employee, Provider

ZONE = ZoneInfo("America/New_York")
PASSWORD = "bench " + os.environ.get("SECRET_KEY", "")[:20]

HORIZON = 400  # days of open time that the product keeps ahead, as shipped


@dataclass(frozen=True)
class Size:
    """How much is loaded, and how often each thing is timed."""

    large: int
    others: int
    each: int
    visits: int
    providers: int
    rows: int  # of each listed table in the large practice; the small one has a thousand
    schedules: int  # other practices with open time of twenty providers each
    tenants: tuple[int, int]  # of bench.scenarios.growth: how many in the end, and visits of each
    n: int


SIZES = {
    "quick": Size(
        large=25_000,
        others=50,
        each=500,
        visits=40_000,
        providers=8,
        rows=50_000,
        schedules=2,
        tenants=(60, 1_000),
        n=200,
    ),
    "full": Size(
        large=500_000,
        others=50,
        each=10_000,
        visits=2_000_000,
        providers=40,
        rows=1_000_000,
        schedules=39,
        tenants=(1_000, 10_000),
        n=400,
    ),
}


@dataclass
class World:
    """What stands, and what is needed to ask for it."""

    size: Size
    practice: Practice
    small: Practice
    actor: Actor
    location: Location
    visit_type: AppointmentType
    payer: Payer
    token: str
    session: str
    last_day: date
    resources: list[Resource] = field(default_factory=list)
    listed: bool = False  # the tables of bench.scenarios.lists are filled

    @property
    def api(self) -> str:
        """Where the large practice's REST begins."""
        return f"/p/{self.practice.slug}/api/v1/"

    def free_days(self) -> Iterator[date]:
        """Weekdays ahead on which nothing is booked yet."""
        day = datetime.now(UTC).astimezone(ZONE).date()
        for _ in range(HORIZON - 7):
            day += timedelta(days=1)
            if day.weekday() < 5:
                yield day


@contextmanager
def owner() -> Iterator[Any]:
    """A cursor of the tables' owner, in autocommit: raw SQL without row security in the way."""
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def build(size: Size, *, loaded: bool = True) -> World:
    """Make everything; ``loaded``: with patients and visits, VACUUM ANALYZE at the end."""
    practice = open_practice(slug="bench", name="Bench Clinic")
    small = open_practice(slug="bench-small", name="Bench Cottage", furnished=False)
    user = User.objects.create_user("bench@bench.example", password=PASSWORD, name="Bench Manager")
    for each in (practice, small):
        actor = system_actor(practice_id=each.id)
        with acting_in(each.id, actor=actor):
            people.admit(user, roles=["manager"], actor=actor)
    actor = system_actor(practice_id=practice.id)
    with acting_in(practice.id, actor=actor):
        _, token = people.issue_token("bench", role=Role.objects.get(code="manager"), actor=actor)
        world = _clinic(size, practice=practice, small=small, actor=actor, token=token)
    world.session = _session(user)
    with owner() as cursor:
        if loaded:
            fill.everything(cursor, world=world)
            for other in Practice.objects.filter(slug__startswith="other-").order_by("slug")[
                : size.schedules
            ]:
                _providers(other)
            cursor.execute(fill.OPEN_TIME, {"practice": str(practice.id)})
            cursor.execute("VACUUM ANALYZE scheduling_availabilityblock, scheduling_resource")
        else:
            cursor.execute(fill.OTHERS, {"others": size.others})
    return world


def _clinic(size: Size, *, practice: Practice, small: Practice, actor: Actor, token: str) -> World:
    mine = {"practice_id": practice.id}
    world = World(
        size=size,
        practice=practice,
        small=small,
        actor=actor,
        token=token,
        session="",
        location=Location.objects.create(name="Bench Street", timezone=str(ZONE), **mine),
        visit_type=AppointmentType.objects.create(code="bn", name="Bench visit", minutes=20, **mine),
        payer=Payer.objects.create(name="Bench Health", **mine),
        last_day=_last_friday(),
    )
    for number in range(size.providers):
        person = Employee.objects.create(
            first_name="Pat", last_name=f"Lee{number}", job_title="Physician", **mine
        )
        provider = Provider.objects.create(employee=person, display_name=f"P. Lee{number}, MD", **mine)
        resource = Resource.objects.create(
            kind="provider", name=str(provider), provider=provider, location=world.location, **mine
        )
        templates.establish(
            resource,
            valid_from=world.last_day - timedelta(days=7),
            blocks=[
                WeekBlock(weekday=weekday, starts_at=begin, ends_at=end)
                for weekday in range(5)
                for begin, end in ((time(8), time(12)), (time(13), time(17)))
            ],
            actor=actor,
        )
        availability.regenerate(resource, actor=actor, from_day=world.last_day - timedelta(days=4))
        world.resources.append(resource)
    return world


def _providers(practice: Practice) -> None:
    """Twenty providers of another practice, as something to book."""
    mine = {"practice_id": practice.id}
    with acting_in(practice.id, actor=system_actor(practice_id=practice.id)):
        site = Location.objects.create(name="Main Street", timezone=str(ZONE), **mine)
        for number in range(20):
            person = Employee.objects.create(
                first_name="Kim", last_name=f"Roe{number}", job_title="Physician", **mine
            )
            provider = Provider.objects.create(employee=person, display_name=f"K. Roe{number}, MD", **mine)
            Resource.objects.create(
                kind="provider", name=str(provider), provider=provider, location=site, **mine
            )


def _last_friday() -> date:
    today = datetime.now(UTC).astimezone(ZONE).date()
    return today - timedelta(days=(today.weekday() - 4) % 7 or 7)


def _session(user: User) -> str:
    """A session as the sign-in page would make it; its key."""
    from django.conf import settings
    from django.test import Client

    browser = Client()
    browser.force_login(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def patient_ids(world: World, *, many: int) -> list[UUID]:
    """Some patients of the large practice, oldest first."""
    with owner() as cursor:
        cursor.execute(
            "SELECT id FROM patients_patient WHERE practice_id = %s ORDER BY id LIMIT %s",
            [str(world.practice.id), many],
        )
        return [row[0] for row in cursor.fetchall()]
