"""What the schedule adds to the pages of patients, templates and displaced visits (setting CONTRIBUTIONS)."""

from __future__ import annotations

from uuid import uuid4

from django.urls import reverse
from django.utils.http import urlencode

from kit import clock, words
from patients.models import Patient
from practice.actor import Actor
from practice.panels import Box, Fact, Panel, Step
from scheduling.models import Appointment, AppointmentType, Displacement, ScheduleTemplate, WaitlistEntry
from scheduling.permissions import SchedulingPermission
from scheduling.rules import BEFORE_ARRIVAL
from scheduling.rules.weeks import DAYS
from scheduling.selectors.appointments import visible_to, visits_of, zone_of
from scheduling.selectors.openings import sentence as sentence_of
from scheduling.selectors.templates import week_of
from scheduling.selectors.waiting import best_openings, listed
from scheduling.selectors.waiting import waiting as still_waiting
from scheduling.views.weeks import grids, sentence

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
        series = reverse("scheduling:series_new", kwargs={"practice": slug})
        wait = reverse("kit:scheduling_waiting_create", kwargs={"practice": slug})
        steps = (
            Step(label="Book visit", url=f"{address}?patient={patient.pk}", primary=True, key="n"),
            Step(label="Add to wait list", url=f"{wait}?patient={patient.pk}"),
            Step(label="Book series", url=f"{series}?patient={patient.mrn}"),
        )
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


def template(template: ScheduleTemplate, *, actor: Actor, slug: str) -> Panel:
    """The week as a picture and in words; the ways to draw it and to see what it would change."""
    blocks = week_of(template)
    types = {each.pk: each for each in AppointmentType.objects.order_by("name")}
    days = [
        (name, [sentence(block, types=types) for block in blocks if block.weekday == number])
        for number, name in enumerate(DAYS)
    ]
    shown = grids(blocks, weeks=template.cycle_weeks, types=types) if blocks else []
    context = {"grids": shown, "days": [(name, lines) for name, lines in days if lines]}
    steps: tuple[Step, ...] = ()
    if template.is_draft and actor.may(SchedulingPermission.CHANGE_TEMPLATES):
        address = {"practice": slug, "pk": template.pk}
        steps = (
            Step(
                label="Draw the week", url=reverse("scheduling:template_week", kwargs=address), primary=True
            ),
            Step(label="Preview", url=reverse("scheduling:template_preview", kwargs=address)),
        )
    elif actor.may(SchedulingPermission.CHANGE_TEMPLATES):
        again = reverse("kit:scheduling_template_create", kwargs={"practice": slug})
        steps = (
            Step(label="Draft a new version", url=f"{again}?resource={template.resource_id}", primary=True),
        )
    box = Box(title="Week", template="scheduling/_template_box.html", context=context)
    return Panel(boxes=(box,), steps=steps)


def displaced(displaced: Displacement, *, actor: Actor, slug: str) -> Panel | None:
    """The way to another time for a visit that lies outside its hours."""
    if not displaced.is_open or not actor.may(SchedulingPermission.BOOK_VISIT):
        return None
    address = {"practice": slug, "pk": displaced.appointment_id}
    return Panel(
        steps=(
            Step(label="Reschedule", url=reverse("scheduling:move", kwargs=address), primary=True),
            Step(label="Open visit", url=reverse("scheduling:visit", kwargs=address)),
        )
    )


def waiting(entry: WaitlistEntry, *, actor: Actor, slug: str) -> Panel | None:
    """The opening that suits somebody best now, and the way to book another time."""
    if not entry.is_waiting:
        return None
    [match] = best_openings(actor, entries=[entry])
    said = sentence_of(match.opening) if match.opening else "None in the next weeks"
    steps: tuple[Step, ...] = ()
    if actor.may(SchedulingPermission.BOOK_VISIT):
        address = reverse("scheduling:book", kwargs={"practice": slug})
        wish = urlencode({"patient": entry.patient_id, "line": entry.type.code, "entry": entry.pk})
        steps = (Step(label="Book a time", url=f"{address}?{wish}", primary=True),)
    return Panel(facts=(Fact(label="Best opening now", value=said),), steps=steps)


def waits(visit: Appointment, *, actor: Actor, slug: str) -> Panel | None:
    """What the patient of a visit to come waits for of the same kind: the visit may be it."""
    if visit.status not in BEFORE_ARRIVAL:
        return None
    mine = still_waiting(listed(actor), actor=actor).filter(patient=visit.patient_id, type=visit.type_id)
    entries = [(entry, uuid4()) for entry in mine]
    if not entries:
        return None
    context = {"entries": entries, "visit": visit, "may_book": actor.may(SchedulingPermission.BOOK_VISIT)}
    box = Box(title="On the wait list", template="scheduling/_visit_waits.html", context=context)
    return Panel(boxes=(box,))
