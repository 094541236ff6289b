"""What the schedule says when somebody books: too many missed visits, a provider without a licence where they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kit.words import counted
from patients.models import Patient
from practice.actor import Actor
from practice.booking import BookingWarning
from scheduling.models import AppointmentType
from scheduling.selectors.missed import tally_today
from scheduling.selectors.telehealth import unlicensed
from staff.models import Provider


def missed(patient: Patient, *, day: date, actor: Actor) -> Iterable[BookingWarning]:
    """A warning from the policy's limit on; accepted by name, without a reason."""
    tally = tally_today(patient, actor=actor)
    if tally.over:
        visits = counted(tally.count, one="visit", many="visits")
        yield BookingWarning(
            code="missed_visits",
            message=f"This patient missed {visits} in {tally.months} months. Confirm by telephone before you book.",
            wants_reason=False,
        )


def licence(
    patient: Patient, *, provider: Provider, visit_type: AppointmentType, day: date, actor: Actor
) -> Iterable[BookingWarning]:
    """A remote visit with a provider who has no licence on file in the state the patient lives in."""
    if said := unlicensed(provider, kind=visit_type, patient=patient, day=day):
        yield BookingWarning(code="no_licence", message=said, wants_reason=False)
