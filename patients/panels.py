"""What the patients' room itself adds to the pages of patients and of opened records."""

from __future__ import annotations

from django.urls import reverse

from kit.words import dollars
from patients.models import BreakGlass, Patient
from patients.selectors import break_glass, coverages
from practice.actor import Actor
from practice.panels import Box, Fact, Panel, Step
from practice.permissions import PracticePermission
from practice.selectors.days import practice_today

LOOKS = 300


def coverage(patient: Patient, *, actor: Actor, slug: str) -> Panel:
    """What insures the patient today, the copay, and the way to who saw the record."""
    first = coverages.coverage_on(patient, day=practice_today(actor))
    facts = (
        Fact(
            label="Coverage today",
            value=str(first.payer) if first else "None",
            note=f"Member {first.member_id}" if first else "Patient pays",
        ),
        Fact(label="Copay", value=dollars(first.copay) if first and first.copay is not None else "Not known"),
    )
    steps: tuple[Step, ...] = ()
    if actor.may(PracticePermission.VIEW_AUDIT):
        address = reverse("patients:access", kwargs={"practice": slug, "pk": patient.pk})
        steps = (Step(label="Who saw this record", url=address),)
    return Panel(facts=facts, steps=steps)


def looks(grant: BreakGlass, *, actor: Actor, slug: str) -> Panel:
    """Everything that was looked at under an opened record."""
    found = list(break_glass.looks(grant)[: LOOKS + 1])
    context = {"looks": found[:LOOKS], "more": len(found) > LOOKS}
    return Panel(boxes=(Box(title="What they looked at", template="patients/_looks.html", context=context),))
