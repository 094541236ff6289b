"""What this room adds to the page of a visit: case, coverage, Medicare's place, what is not signed on that day."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.urls import reverse

from kit.status import Status
from patients.permissions import PatientPermission
from patients.selectors import cases, coverages, medicare, restricted
from patients.selectors.consents import missing_consents
from practice.actor import Actor
from practice.panels import Box, Panel


def case(visit: Any, *, actor: Actor, slug: str) -> Panel | None:
    """The box "Who pays": the case, its coverage in billing order, self-pay, and the form that moves the visit."""
    patient = visit.patient
    if not actor.may(PatientPermission.VIEW_PATIENT) or not restricted.sees(patient, actor=actor):
        return None
    own = cases.case_of_visit(visit.pk)
    held = coverages.coverages_on(patient, day=visit.local_day, case=own)
    alone = coverages.pays_alone(patient, day=visit.local_day, case=own)
    order = medicare.order_on(patient, day=visit.local_day, case=own)
    every = cases.cases_of(patient, actor=actor)
    offered = [each for each in every if each.closed_on is None or each.closed_on >= visit.local_day]
    context = {
        "case": own or next((each for each in every if each.is_medical), None),
        "coverages": held,
        "alone": alone,
        "order": order,
        "cases": offered if len(offered) > 1 and actor.may(PatientPermission.CHANGE_PATIENT) else [],
        "url": reverse("patients:visit_case", kwargs={"practice": slug, "pk": visit.pk}),
        "nonce": uuid4(),
    }
    marks = () if held or alone else (Status("No coverage", "warn"),)
    return Panel(
        boxes=(Box(title="Who pays", template="patients/_visit_case.html", context=context),), marks=marks
    )


def signatures(visit: Any, *, actor: Actor, slug: str) -> Panel | None:
    """What the patient should have signed by the day of the visit; nothing where all is on file."""
    patient = visit.patient
    if not actor.may(PatientPermission.VIEW_PATIENT) or not restricted.sees(patient, actor=actor):
        return None
    missing = missing_consents(patient, day=visit.local_day, actor=actor, telehealth=visit.is_remote)
    if not missing:
        return None
    may_sign = actor.may(PatientPermission.CHANGE_PATIENT)
    url = reverse("patients:sign", kwargs={"practice": slug, "pk": patient.pk}) if may_sign else ""
    box = Box(
        title="To sign", template="patients/_consents_box.html", context={"missing": missing, "url": url}
    )
    return Panel(boxes=(box,), marks=(Status(f"To sign: {len(missing)}", "warn"),))
