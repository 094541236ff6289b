"""What ⌘K finds among patients."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kit.words import us_date
from patients.permissions import PatientPermission
from patients.selectors.patients import find as find_patients
from practice.audit import note_read


def find(request: Any, *, text: str) -> list[dict[str, str]]:
    """Up to eight patients for what was typed; the search is in the read log."""
    if len(text) < 2 or not request.actor.may(PatientPermission.VIEW_PATIENT):
        return []
    found = find_patients(text, actor=request.actor, limit=8)
    if found:
        note_read(request, what="Find", patient_ids=[patient.pk for patient in found], action="search")
    slug = request.practice.slug
    return [
        {
            "label": patient.name,
            "hint": f"{us_date(patient.birth_date)} · {patient.mrn}",
            "url": reverse("kit:patients_patient_detail", kwargs={"practice": slug, "pk": patient.pk}),
            "group": "Patients",
        }
        for patient in found
    ]
