"""What the schedule adds to a patient's page (setting PATIENT_PANELS)."""

from __future__ import annotations

from django.urls import reverse

from kit import clock, words
from patients.models import Patient
from practice.actor import Actor
from practice.panels import Box, Fact, Panel, Step
from scheduling.models import Appointment
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL
from scheduling.selectors.appointments import visible_to, visits_of, zone_of

SHOWN = 10


def visits(patient: Patient, *, actor: Actor, slug: str) -> Panel | None:
    """The next visit, the latest ones, and the button that books another."""
    if not actor.may(SchedulingPermission.VIEW_SCHEDULE):
        return None
    rows = [
        (visit, words.us_time(visit.starts_at.astimezone(zone_of(visit.location))))
        for visit in visits_of(patient, actor=actor, limit=SHOWN)
    ]
    steps: tuple[Step, ...] = ()
    if actor.may(SchedulingPermission.BOOK_VISIT):
        address = reverse("scheduling:book", kwargs={"practice": slug})
        steps = (Step(label="Book visit", url=f"{address}?patient={patient.pk}", primary=True, key="n"),)
    box = Box(title="Visits", template="scheduling/_patient_visits.html", context={"visits": rows})
    return Panel(facts=(_next(patient, actor=actor, slug=slug),), boxes=(box,), steps=steps)


def _next(patient: Patient, *, actor: Actor, slug: str) -> Fact:
    mine = visible_to(actor).filter(patient=patient, starts_at__gte=clock.now(), status__in=BEFORE_ARRIVAL)
    visit: Appointment | None = (
        mine.select_related("type", "provider", "location").order_by("starts_at", "id").first()
    )
    if visit is None:
        return Fact(label="Next visit", value="None booked")
    local = visit.starts_at.astimezone(zone_of(visit.location))
    return Fact(
        label="Next visit",
        value=f"{words.us_date(local.date())}, {words.us_time(local)}",
        note=f"{visit.type}, {visit.provider}, {visit.get_status_display().lower()}",
        url=reverse("scheduling:visit", kwargs={"practice": slug, "pk": visit.pk}),
    )
