"""The schedule of the demo: hours, six weeks of visits behind, today around the clock, four weeks ahead.

Visits are inserted in sets, row for row what the services write (a test compares them).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from kit import clock
from patients.models import Patient
from practice.models import Room
from practice.story import Story
from scheduling.models import (
    Appointment,
    AppointmentType,
    AvailabilityBlock,
    Resource,
    ResourceBooking,
    StatusEvent,
    TemplateBlock,
)
from scheduling.rules import FREES_THE_SLOT, Stretch, joined
from scheduling.selectors.appointments import zone_of
from scheduling.services import availability

BEHIND, AHEAD, HOURS_AHEAD = 42, 28, 36  # days
TYPES = (
    # code, name, minutes, buffer, for new patients, tone
    ("fu", "Follow-up", 20, 0, False, "info"),
    ("new", "New patient", 40, 0, True, "info"),
    ("pe", "Annual physical", 40, 0, False, "ok"),
    ("sd", "Same-day", 20, 0, False, "warn"),
)
WEEK = (
    # start, end, kind, label
    (time(8), time(10, 40), "open", "Follow-up"),
    (time(10, 40), time(12), "open", "Long visits"),
    (time(12), time(13), "admin", "Lunch"),
    (time(13), time(15), "open", "Follow-up"),
    (time(15), time(16), "held", "Same-day"),
)
REASONS = (
    "Blood pressure",
    "Cough",
    "Diabetes check",
    "Back pain",
    "Rash",
    "Medication review",
    "Knee pain",
    "Headache",
)
CANCELLED = ("Has a cold", "Work came up", "No ride", "Feels better", "Provider at a meeting")
JOURNEY = ("booked", "confirmed", "arrived", "checked_in", "roomed", "with_provider", "checkout", "completed")
# Minutes before and after the visit's start at which each step usually happens.
STEPS = {"arrived": -8, "checked_in": -3, "roomed": 4, "with_provider": 9, "checkout": 24, "completed": 28}


@dataclass
class Plan:
    """A visit to be: where, when, whose, and how far it got."""

    resource: Resource
    start: datetime
    visit_type: AppointmentType
    patient: Patient
    status: str


def seed(story: Story) -> None:
    """Types, resources, hours, then the visits."""
    story.kept["visit_types"] = _types(story)
    resources = _resources(story)
    for number, resource in enumerate(resources):
        _hours(story, resource=resource, day_off=number % 5)
        first = story.today - timedelta(days=BEHIND)
        availability.regenerate(resource, actor=story.actor, from_day=first, days=BEHIND + HOURS_AHEAD)
    plans = list(_plans(story, resources=resources))
    made = _write(story, plans=plans)
    story.kept["resources"] = resources
    story.kept["completed_visits"] = [visit for visit in made if visit.status == Appointment.Status.COMPLETED]


def _types(story: Story) -> dict[str, AppointmentType]:
    return {
        code: AppointmentType.objects.create(
            practice=story.practice,
            code=code,
            name=name,
            minutes=minutes,
            buffer_after=buffer,
            is_new_patient=new,
            tone=tone,
        )
        for code, name, minutes, buffer, new, tone in TYPES
    }


def _resources(story: Story) -> list[Resource]:
    for room in story.kept["rooms"]:
        Resource.objects.create(
            practice=story.practice,
            kind=Resource.Kind.ROOM,
            name=room.name,
            room=room,
            location=room.location,
        )
    return [
        Resource.objects.create(
            practice=story.practice,
            kind=Resource.Kind.PROVIDER,
            name=provider.display_name,
            provider=provider,
            location=provider.location,
        )
        for provider in story.kept["providers"]
    ]


def _hours(story: Story, *, resource: Resource, day_off: int) -> None:
    start = story.today - timedelta(days=BEHIND + 7)
    days = [day for day in range(5) if day != day_off]
    for weekday in days:
        for begin, end, kind, label in WEEK:
            availability.add_hours(
                resource,
                weekday=weekday,
                starts_at=begin,
                ends_at=end,
                kind=kind,
                label=label,
                valid_from=start,
                actor=story.actor,
            )
    for begin, end, kind, label in _extended(story, resource=resource, works=story.today.weekday() in days):
        availability.add_hours(
            resource,
            weekday=story.today.weekday(),
            starts_at=begin,
            ends_at=end,
            kind=kind,
            label=label,
            valid_from=story.today,
            valid_to=story.today,
            actor=story.actor,
        )


def _extended(story: Story, *, resource: Resource, works: bool) -> Iterator[tuple[time, time, str, str]]:
    """Today is a working day around the clock's hour, whatever day and hour the demo is opened."""
    now = clock.now().astimezone(zone_of(resource.location))
    hour = now.hour if now.date() == story.today else 12
    first, last = max(0, min(8, hour - 3)), min(23, max(16, hour + 4))
    if not works:
        yield from WEEK
    if first < 8:
        yield time(first), time(8), "open", "Extended"
    if last > 16:
        yield time(16), time(last, 50) if last == 23 else time(last), "open", "Extended"


def _plans(story: Story, *, resources: Sequence[Resource]) -> Iterator[Plan]:
    today = story.today
    blocks: dict[tuple[Any, date], list[Stretch]] = {}
    rows = AvailabilityBlock.objects.filter(
        resource__in=resources, local_day__lte=today + timedelta(days=AHEAD)
    ).exclude(kind=TemplateBlock.Kind.ADMIN)
    for row in rows.order_by("starts_at", "resource_id"):
        if row.kind == TemplateBlock.Kind.HELD and row.local_day > today:
            continue  # kept for that same day
        blocks.setdefault((row.resource_id, row.local_day), []).append(Stretch(row.starts_at, row.ends_at))
    seen: set[Any] = set()
    busy: dict[date, set[Any]] = {}
    by_id = {resource.pk: resource for resource in resources}
    for (resource_id, day), stretches in sorted(
        blocks.items(), key=lambda each: (each[0][1], by_id[each[0][0]].name)
    ):
        taken = busy.setdefault(day, set())
        for stretch in joined(stretches):
            yield from _fill(
                story, resource=by_id[resource_id], day=day, stretch=stretch, seen=seen, taken=taken
            )


def _share(story: Story, *, day: date) -> float:
    """How full a day is: the past well filled, today more so, the weeks ahead thinning out."""
    ahead = (day - story.today).days
    if story.small:
        return 0.25
    if ahead < 0:
        return 0.66
    return 0.85 if ahead == 0 else 0.78 - 0.012 * ahead


def _fill(
    story: Story, *, resource: Resource, day: date, stretch: Stretch, seen: set[Any], taken: set[Any]
) -> Iterator[Plan]:
    random, share, start = story.random, _share(story, day=day), stretch.start
    types = story.kept["visit_types"]
    while start + timedelta(minutes=20) <= stretch.end:
        if random.random() > share:
            start += timedelta(minutes=20)
            continue
        free = [patient for patient in story.kept["patients"] if patient.pk not in taken]
        if not free:
            return
        patient = random.choice(free)
        code = random.choices(("fu", "pe", "sd"), weights=(74, 16, 10))[0]
        visit_type = types["new" if patient.pk not in seen and random.random() < 0.5 else code]
        if start + timedelta(minutes=visit_type.minutes) > stretch.end:
            visit_type = types["fu"]
        taken.add(patient.pk)
        status = _fate(story, start=start, day=day)
        if status == "completed":
            seen.add(patient.pk)
        yield Plan(resource=resource, start=start, visit_type=visit_type, patient=patient, status=status)
        start += timedelta(minutes=visit_type.minutes)


def _fate(story: Story, *, start: datetime, day: date) -> str:
    """Completed 85 %, no-show 6 %, cancelled 9 % of the past; today by the clock; ahead booked or confirmed."""
    chance, now = story.random.random(), clock.now()
    if day < story.today or (day == story.today and start < now - timedelta(minutes=80)):
        return "completed" if chance < 0.85 else "no_show" if chance < 0.91 else "cancelled"
    if day > story.today:
        return "cancelled" if chance < 0.05 else "confirmed" if chance < 0.3 else "booked"
    for minutes, status in (
        (55, "checkout"),
        (35, "with_provider"),
        (18, "roomed"),
        (6, "checked_in"),
        (-12, "arrived"),
    ):
        if start < now - timedelta(minutes=minutes):
            return status
    return "confirmed" if chance < 0.75 else "booked"


def _write(story: Story, *, plans: Sequence[Plan]) -> list[Appointment]:
    visits = [_visit(story, plan=plan) for plan in plans]
    Appointment.objects.bulk_create(visits, batch_size=500)
    ResourceBooking.objects.bulk_create(
        [_booking(story, plan=plan, visit=visit) for plan, visit in zip(plans, visits, strict=True)],
        batch_size=500,
    )
    rooms: dict[Any, list[Room]] = {}
    for room in story.kept["rooms"]:
        rooms.setdefault(room.location_id, []).append(room)
    events = [
        event
        for plan, visit in zip(plans, visits, strict=True)
        for event in _events(story, plan=plan, visit=visit, rooms=rooms[visit.location_id])
    ]
    StatusEvent.objects.bulk_create(events, batch_size=1000)
    return visits


def _visit(story: Story, *, plan: Plan) -> Appointment:
    random, cancelled = story.random, plan.status == "cancelled"
    return Appointment(
        practice=story.practice,
        patient=plan.patient,
        provider=plan.resource.provider,
        location=plan.resource.location,
        type=plan.visit_type,
        starts_at=plan.start,
        ends_at=plan.start + timedelta(minutes=plan.visit_type.minutes),
        local_day=plan.start.astimezone(zone_of(plan.resource.location)).date(),
        status=plan.status,
        cancelled_by=random.choice(Appointment.CancelledBy.values) if cancelled else "",
        cancel_reason=random.choice(CANCELLED) if cancelled else "",
        reason=random.choice(REASONS),
        is_new_patient=plan.visit_type.is_new_patient,
        version=len(path_to(plan.status)),
    )


def _booking(story: Story, *, plan: Plan, visit: Appointment) -> ResourceBooking:
    return ResourceBooking(
        practice=story.practice,
        appointment=visit,
        resource=plan.resource,
        lane=0,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at + timedelta(minutes=plan.visit_type.buffer_after),
        active=plan.status not in FREES_THE_SLOT,
    )


def path_to(status: str) -> tuple[str, ...]:
    """The steps a visit takes to a status."""
    if status in ("cancelled", "no_show"):
        return ("booked", status)
    return JOURNEY[: JOURNEY.index(status) + 1]


def _events(story: Story, *, plan: Plan, visit: Appointment, rooms: Sequence[Room]) -> Iterator[StatusEvent]:
    random, now = story.random, clock.now()
    booked = min(visit.starts_at, now) - timedelta(days=random.randint(1, 20), minutes=random.randint(1, 400))
    moment = booked
    for step in path_to(plan.status):
        if step in STEPS:
            wanted = visit.starts_at + timedelta(minutes=STEPS[step] + random.randint(-3, 6))
            moment = max(moment + timedelta(minutes=1), min(wanted, now - timedelta(minutes=1)))
        elif step == "confirmed":
            moment = booked + timedelta(hours=random.randint(1, 12))
        elif step in ("no_show", "cancelled"):
            moment = (
                visit.starts_at + timedelta(minutes=20) if step == "no_show" else booked + timedelta(hours=9)
            )
        yield StatusEvent(
            practice=story.practice,
            appointment=visit,
            status=step,
            at=moment,
            room=random.choice(rooms) if step == "roomed" else None,
            note=visit.cancel_reason if step == "cancelled" else "",
        )
