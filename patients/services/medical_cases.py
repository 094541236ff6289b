"""The one medical case of each patient: opened at registration, and for whoever came in another way."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from kit import clock
from patients.models import Case, Patient


def medical_cases(patient_ids: Collection[uuid.UUID], *, practice_id: uuid.UUID) -> dict[uuid.UUID, Case]:
    """The medical case of each patient, opened where there is none yet. For services that have required their own."""
    wanted = set(patient_ids)
    opened = clock.now().date()
    have = Case.objects.filter(patient__in=wanted, kind=Case.Kind.MEDICAL)
    lacking = wanted - set(have.values_list("patient_id", flat=True))
    # Whoever opens the same one at the same time wins, and is read below.
    Case.objects.bulk_create(
        (
            Case(practice_id=practice_id, patient_id=key, kind=Case.Kind.MEDICAL, opened_on=opened)
            for key in sorted(lacking)
        ),
        ignore_conflicts=True,
    )
    return {case.patient_id: case for case in have.all()}


def medical_case(patient: Patient) -> Case:
    """The patient's medical case, opened when there is none yet."""
    return medical_cases([patient.pk], practice_id=patient.practice_id)[patient.pk]
