"""Telehealth: how a visit takes place, on whose clock it is told, and whether the provider is licensed there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from patients.models import Patient
from patients.selectors.reach import zone_of as patients_zone
from scheduling.models import Appointment, AppointmentType, Telehealth
from scheduling.models.kinds import is_apart
from scheduling.selectors.appointments import zone_of
from staff.models import Credential, Provider


def details_of(visit: Appointment) -> Telehealth | None:
    """What was entered about a visit apart from the room, if anything. Whoever asks holds the visit."""
    return Telehealth.objects.filter(appointment=visit).first()


def is_remote(visit: Appointment, *, details: Telehealth | None) -> bool:
    """``Appointment.is_remote`` for whoever has read the details already: one definition, ``is_apart``."""
    return is_apart(details or visit.type)


def patients_clock(visit: Appointment, *, details: Telehealth | None) -> ZoneInfo | None:
    """The clock the patient reads at a remote visit; None for one at the site."""
    if not is_remote(visit, details=details):
        return None
    return ZoneInfo((details.timezone if details else "") or patients_zone(visit.patient))


def patients_time(visit: Appointment) -> tuple[datetime, bool]:
    """The start on the clock a patient is told it by, and whether that clock must be named: at remote visits."""
    clock = patients_clock(visit, details=details_of(visit))
    return visit.starts_at.astimezone(clock or zone_of(visit.location)), clock is not None


def licensed(provider: Provider, *, state: str, day: date) -> bool:
    """Whether a state licence of the provider is on file that holds on a day."""
    held = Credential.objects.filter(employee_id=provider.employee_id, kind=Credential.Kind.LICENSE)
    held = held.filter(state=state, replaced_by=None).filter(Q(issued_on=None) | Q(issued_on__lte=day))
    return held.filter(Q(expires_on=None) | Q(expires_on__gte=day)).exists()


def unlicensed(
    provider: Provider, *, kind: AppointmentType, patient: Patient, day: date, details: Any = None
) -> str:
    """The sentence that warns about a remote visit; '' when nothing is wrong, or nobody knows where the patient is."""
    state = (details.state if details else "") or patient.state
    if not is_apart(details or kind) or not state or licensed(provider, state=state, day=day):
        return ""
    return f"No licence of {provider} in {state} is on file for that day, where the patient will be."
