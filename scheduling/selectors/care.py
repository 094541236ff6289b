"""The day of a patient's last care, for how long the record is kept (contribution "last_care")."""

from __future__ import annotations

from datetime import date

from patients.models import Patient
from patients.selectors.merges import same_person
from practice.actor import Actor
from scheduling.models import Appointment


def last_visit(patient: Patient, *, actor: Actor) -> date | None:
    """The day of the last visit that took place, at any site; None when there was none."""
    found = Appointment.objects.filter(
        practice_id=actor.practice_id,
        patient__in=same_person(patient),
        status=Appointment.Status.COMPLETED,
    )
    return found.order_by("-local_day").values_list("local_day", flat=True).first()
