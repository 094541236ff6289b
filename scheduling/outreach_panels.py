"""Beside somebody who must be reached: the number to call, and the way to book (setting CONTRIBUTIONS)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from kit.words import us_phone
from patients.models import Patient
from patients.selectors.reach import reach_of
from practice.actor import Actor
from practice.panels import Fact, Panel, Step
from scheduling.models import AppointmentType, Recall, Reschedule
from scheduling.permissions import SchedulingPermission


def reschedule(row: Reschedule, *, actor: Actor, slug: str) -> Panel:
    """A displaced visit is moved; for one that is over another is booked."""
    visit = row.appointment
    steps: tuple[Step, ...] = ()
    if row.is_open and actor.may(SchedulingPermission.BOOK_VISIT):
        move = reverse("scheduling:move", kwargs={"practice": slug, "pk": visit.pk})
        steps = (
            (Step(label="Move the visit", url=move, primary=True),)
            if row.cause == Reschedule.Cause.DISPLACED
            else _book(row.patient, visit_type=visit.type, slug=slug)
        )
    return Panel(facts=(_phone(row.patient),), steps=steps)


def recall(row: Recall, *, actor: Actor, slug: str) -> Panel:
    """The number to call, and the visit that is due as something to book."""
    may = row.is_open and actor.may(SchedulingPermission.BOOK_VISIT)
    steps = _book(row.patient, visit_type=row.kind.type, slug=slug) if may else ()
    return Panel(facts=(_phone(row.patient),), steps=steps)


def _book(patient: Patient, *, visit_type: AppointmentType, slug: str) -> tuple[Step, ...]:
    address = reverse("scheduling:book", kwargs={"practice": slug})
    wish = urlencode({"patient": str(patient.pk), "line": visit_type.code})
    return (Step(label="Book a new visit", url=f"{address}?{wish}", primary=True, key="r"),)


def _phone(patient: Patient) -> Fact:
    reach = reach_of(patient)
    return Fact(
        label="Telephone", value=us_phone(reach.phone) if reach.phone else "None known", note=reach.note
    )
