"""Whether somebody still comes here: active, inactive, moved, discharged, deceased, each with its day."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from kit.errors import Conflict, DomainError
from patients.models import Patient
from patients.permissions import PatientPermission
from patients.services import patients
from practice import events
from practice.actor import Actor
from practice.selectors.days import practice_today

DECEASED = "deceased"
Status = Patient.RecordStatus


@transaction.atomic
def set_status(
    patient: Patient, *, status: str, actor: Actor, on: date | None = None, reason: str = ""
) -> Patient:
    """Say from which day on somebody is active, inactive, moved, discharged or deceased. Booking warns, never blocks.

    A discharge, and life after a death on file, need a reason. DomainError at the field; Conflict when nothing changes.
    """
    actor.require(PatientPermission.CHANGE_PATIENT)
    if status not in {*Status.values, DECEASED}:
        raise DomainError("Choose a status from the list.", field="status")
    today = practice_today(actor)
    day, why = on or today, " ".join(reason.split())[:200]
    if day > today:
        raise DomainError("Enter a day on or before today.", field="on")
    locked = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient.pk)
    now = DECEASED if locked.deceased_on else locked.record_status
    if now == status:
        raise Conflict("This patient has that status already.", field="status")
    if not why and (status == Status.DISCHARGED or now == DECEASED):
        raise DomainError("Say why, in a few words.", field="reason")
    if status == DECEASED:
        return patients.update(locked, actor=actor, deceased_on=day)
    locked.deceased_on = None
    locked.record_status, locked.record_status_on, locked.record_status_reason = status, day, why
    locked.save()
    events.emit("patient.standing_changed", actor=actor, patient_id=locked.pk)
    return locked
