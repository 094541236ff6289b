"""The social security number: kept encrypted, shown whole only to who may, and each look is in the read log."""

from __future__ import annotations

from django.db import transaction

from patients.models import Patient
from patients.permissions import PatientPermission
from patients.services import patients
from practice import encrypted
from practice.actor import Actor


@transaction.atomic
def keep(patient: Patient, *, ssn: str, actor: Actor) -> Patient:
    """Keep or correct the number; an empty one takes it off the record. DomainError for anything but nine digits."""
    if ssn.strip():
        return patients.update(patient, actor=actor, ssn=ssn)
    actor.require(PatientPermission.CHANGE_PATIENT)
    locked = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    locked.ssn = locked.ssn_last4 = locked.ssn_index = ""
    locked.save()
    return locked


def reveal(patient: Patient, *, actor: Actor) -> str:
    """The whole number as it is written, '' for none. The caller notes the reading (practice.audit.note_read)."""
    actor.require(PatientPermission.REVEAL_SSN)
    digits = encrypted.reveal(patient, "ssn")
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if digits else ""
