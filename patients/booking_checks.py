"""What registration says when somebody books: deceased, discharged, moved or inactive patients, and their flags."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kit.words import us_date
from patients.models import Patient
from practice.actor import Actor
from practice.booking import BookingWarning

Status = Patient.RecordStatus


def registration(patient: Patient, *, day: date, actor: Actor) -> Iterable[BookingWarning]:
    """At most one warning: the gravest. Nothing for an active patient."""
    since = f" on {us_date(patient.record_status_on)}" if patient.record_status_on else ""
    if patient.deceased_on is not None:
        yield BookingWarning(
            code="patient_deceased",
            message=f"This patient died on {us_date(patient.deceased_on)}. Check the record before you book.",
        )
    elif patient.record_status == Status.DISCHARGED:
        why = f": {patient.record_status_reason}" if patient.record_status_reason else ""
        yield BookingWarning(
            code="patient_discharged", message=f"This patient was discharged from the practice{since}{why}."
        )
    elif patient.record_status in (Status.MOVED, Status.INACTIVE):
        said = "moved away" if patient.record_status == Status.MOVED else "was made inactive"
        yield BookingWarning(
            code=f"patient_{patient.record_status}",
            message=f"This patient {said}{since}. Ask for the present address and telephone number.",
            wants_reason=False,
        )
