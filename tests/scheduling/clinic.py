"""A small clinic to book in: one site, two providers, four visit types, hours Monday to Friday 8-12 and 1-5."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from patients.services import patients
from practice.models import Location, Room
from scheduling.models import AppointmentType, Resource
from scheduling.rules.weeks import WeekBlock
from scheduling.services import appointments, availability, templates
from staff.models import Employee, Provider

# A Monday; every test that needs "now" holds the clock at 7:00 AM of it in New York.
MONDAY = date(2026, 3, 2)
NEW_YORK = ZoneInfo("America/New_York")
SEVEN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WEEK = [
    WeekBlock(weekday=weekday, starts_at=begin, ends_at=end)
    for weekday in range(5)
    for begin, end in ((time(8), time(12)), (time(13), time(17)))
]
_numbers = itertools.count(1)


def at(hour: int, minute: int = 0, *, day: date = MONDAY, zone: ZoneInfo = NEW_YORK) -> datetime:
    """A local time of the clinic as an instant."""
    return datetime.combine(day, time(hour, minute), tzinfo=zone)


def publish_week(resource, *, blocks, actor, valid_from=MONDAY, **more):
    """Another version of a resource's week, drafted and published."""
    made = templates.draft(resource=resource, valid_from=valid_from, actor=actor, **more)
    templates.set_week(made, blocks=blocks, actor=actor)
    return templates.publish(made, actor=actor)


@dataclass
class Clinic:
    actor: object
    site: Location
    providers: list[Provider]
    resources: list[Resource]
    types: dict[str, AppointmentType]
    rooms: list[Room] = field(default_factory=list)

    def patient(self, last="Doe", first="Jane", born=date(1980, 1, 2), **more):
        return patients.register(actor=self.actor, first_name=first, last_name=last, birth_date=born, **more)

    def book(self, patient=None, *, starts_at=None, provider=0, kind="fu", actor=None, **more):
        return appointments.book(
            patient or self.patient(last=f"Doe{next(_numbers)}"),
            visit_type=self.types[kind],
            provider=self.providers[provider],
            location=self.site,
            starts_at=starts_at or at(9),
            actor=actor or self.actor,
            **more,
        )


def make_clinic(
    actor, *, zone="America/New_York", providers=2, name="Main Street", from_day=None, capacity=1, codes=""
):
    """Build it through the services, as the practice manager would. Call inside ``acting``, clock held."""
    mine = {"practice_id": actor.practice_id}
    site = Location.objects.create(name=name, timezone=zone, **mine)
    made = []
    for number in range(providers):
        employee = Employee.objects.create(
            first_name="Pat", last_name=f"Lee{number}", job_title="Physician", **mine
        )
        made.append(
            Provider.objects.create(employee=employee, display_name=f"P. Lee{number}{codes}, MD", **mine)
        )
    resources = [
        Resource.objects.create(
            kind="provider", name=str(each), provider=each, location=site, capacity=capacity, **mine
        )
        for each in made
    ]
    start = from_day or MONDAY - timedelta(days=7)
    for resource in resources:
        templates.establish(resource, valid_from=start, blocks=WEEK, actor=actor)
        availability.regenerate(resource, actor=actor, from_day=start, days=60)
    rooms = [Room.objects.create(location=site, name=f"Room {number}", **mine) for number in (1, 2)]
    for room in rooms:
        Resource.objects.create(kind="room", name=room.name, room=room, location=site, **mine)
    types = {
        code: AppointmentType.objects.create(
            code=f"{code}{codes}",
            name=label,
            minutes=minutes,
            buffer_after=buffer,
            is_new_patient=code == "new",
            **mine,
        )
        for code, label, minutes, buffer in (
            ("fu", "Follow-up", 20, 0),
            ("new", "New patient", 40, 0),
            ("pe", "Physical", 40, 10),
            ("sd", "Same-day", 20, 0),
        )
    }
    return Clinic(actor=actor, site=site, providers=made, resources=resources, types=types, rooms=rooms)
