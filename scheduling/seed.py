"""The schedule of the demo: hours, six weeks of visits behind, today around the clock, four weeks ahead.

Visits are inserted in sets, row for row what the services write (a test compares them).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kit import clock
from patients.models import Patient
from practice.story import Story
from scheduling import seed_flow, seed_hours, seed_outreach, seed_reach, seed_waiting
from scheduling.models import (
    Appointment,
    AppointmentType,
    AvailabilityBlock,
    Resource,
    ResourceBooking,
    TemplateBlock,
)
from scheduling.rules import FREES_THE_SLOT
from scheduling.seed_flow import BY_PROVIDER, DELAYS, STEPS, path_to
from scheduling.selectors.appointments import zone_of
from scheduling.services import flow

AHEAD = 28  # days
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


@dataclass
class Plan:
    """A visit to be: where, when, whose, and how far it got."""

    resource: Resource
    start: datetime
    visit_type: AppointmentType
    patient: Patient
    status: str
    delay: int = 0


def seed(story: Story) -> None:
    """Types, resources, hours, then the visits, then what displaces some of them."""
    flow.install_reasons(actor=story.actor)
    story.kept["visit_types"] = seed_hours.types(story)
    resources = seed_hours.everything(story, visit_types=story.kept["visit_types"])
    plans = list(_plans(story, resources=resources))
    _everywhere(story, plans=plans)
    made = _write(story, plans=plans)
    story.kept["resources"] = resources
    story.kept["completed_visits"] = [visit for visit in made if visit.status == Appointment.Status.COMPLETED]
    seed_hours.changes(story, home=resources)
    seed_hours.access(story)
    seed_reach.seed(story)
    seed_waiting.seed(story)
    seed_outreach.seed(story)
    seed_reach.missed_visits(story)  # after all booking: who missed visits is booked with a warning
    seed_reach.remote(story)


def _plans(story: Story, *, resources: Sequence[Resource]) -> Iterator[Plan]:
    today = story.today
    blocks: dict[tuple[Any, date], list[AvailabilityBlock]] = {}
    rows = AvailabilityBlock.objects.filter(
        resource__in=resources, local_day__lte=today + timedelta(days=AHEAD)
    ).exclude(kind=TemplateBlock.Kind.ADMIN)
    for row in rows.order_by("starts_at", "resource_id"):
        if row.kind == TemplateBlock.Kind.HELD and row.local_day > today:
            continue  # kept for that same day
        blocks.setdefault((row.resource_id, row.local_day), []).append(row)
    seen: set[Any] = set()
    busy: dict[date, set[Any]] = {}
    by_id = {resource.pk: resource for resource in resources}
    for (resource_id, day), pieces in sorted(
        blocks.items(), key=lambda each: (each[0][1], by_id[each[0][0]].name)
    ):
        taken = busy.setdefault(day, set())
        for piece in pieces:
            yield from _fill(story, resource=by_id[resource_id], day=day, piece=piece, seen=seen, taken=taken)


def _share(story: Story, *, day: date) -> float:
    """How full a day is: the past well filled, today more so, the weeks ahead thinning out."""
    ahead = (day - story.today).days
    if story.small:
        return 0.25
    if ahead < 0:
        return 0.66
    return 0.85 if ahead == 0 else 0.78 - 0.012 * ahead


def _fill(
    story: Story, *, resource: Resource, day: date, piece: AvailabilityBlock, seen: set[Any], taken: set[Any]
) -> Iterator[Plan]:
    random, share, start = story.random, _share(story, day=day), piece.starts_at
    types = story.kept["visit_types"]
    weights = (0, 100, 0) if piece.label == "Long visits" else (74, 16, 10)
    while start + timedelta(minutes=20) <= piece.ends_at:
        if random.random() > share:
            start += timedelta(minutes=20)
            continue
        free = [patient for patient in story.kept["patients"] if patient.pk not in taken]
        if not free:
            return
        patient = random.choice(free)
        code = random.choices(("fu", "pe", "sd"), weights=weights)[0]
        visit_type = types["new" if patient.pk not in seen and random.random() < 0.5 else code]
        if start + timedelta(minutes=visit_type.minutes) > piece.ends_at:
            if not weights[0]:
                break  # what is left of time for long visits is too short for one
            visit_type = types["fu"]
        taken.add(patient.pk)
        delay = DELAYS[int(resource.name.encode().hex(), 16) % len(DELAYS)]
        status = _fate(story, start=start, day=day, delay=delay)
        if status == "completed":
            seen.add(patient.pk)
        yield Plan(
            resource=resource,
            start=start,
            visit_type=visit_type,
            patient=patient,
            status=status,
            delay=delay,
        )
        start += timedelta(minutes=visit_type.minutes)


def _fate(story: Story, *, start: datetime, day: date, delay: int) -> str:
    """Completed 85 %, no-show 6 %, else cancelled or gone, of the past; today by the clock; ahead booked, confirmed."""
    chance, now = story.random.random(), clock.now()
    if day < story.today or (day == story.today and start < now - timedelta(minutes=80)):
        if chance < 0.85:
            return "completed"
        return "no_show" if chance < 0.91 else "left" if chance < 0.915 else "cancelled"
    if day > story.today:
        return "cancelled" if chance < 0.05 else "confirmed" if chance < 0.3 else "booked"
    minutes = (now - start).total_seconds() / 60
    if chance > 0.9 and 0 < minutes < 20:
        return "confirmed"  # late
    reached = [step for step in STEPS if minutes >= STEPS[step] + (delay if step in BY_PROVIDER else 0)]
    if not reached:
        return "confirmed" if chance < 0.75 else "booked"
    return reached[-1]


def _everywhere(story: Story, *, plans: Sequence[Plan]) -> None:
    """Whatever the hour, today has somebody at every step: the visit nearest to it takes the place."""
    now = clock.now()
    if story.small:
        return
    today = [
        plan for plan in plans if plan.start.astimezone(zone_of(plan.resource.location)).date() == story.today
    ]
    for step in STEPS:
        movable = [plan for plan in today if plan.status in ("completed", "confirmed", "booked")]
        if movable and not any(plan.status == step for plan in today):
            wanted = now - timedelta(minutes=STEPS[step] + 4)
            min(movable, key=lambda plan: abs(plan.start - wanted)).status = step


def _write(story: Story, *, plans: Sequence[Plan]) -> list[Appointment]:
    visits = [_visit(story, plan=plan) for plan in plans]
    Appointment.objects.bulk_create(visits, batch_size=500)
    ResourceBooking.objects.bulk_create(
        [_booking(story, plan=plan, visit=visit) for plan, visit in zip(plans, visits, strict=True)],
        batch_size=500,
    )
    seed_flow.events(story, plans=plans, visits=visits)
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
        provider=plan.resource.provider,
        lane=0,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at + timedelta(minutes=plan.visit_type.buffer_after),
        active=plan.status not in FREES_THE_SLOT,
    )
