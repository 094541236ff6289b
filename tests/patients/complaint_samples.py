"""Complaints for the cases every Resource has (taken up by tests/patients/samples.py)."""

import itertools
from datetime import date

from kit.testing import Sample
from patients.models import ComplaintEvent
from patients.services import complaints, patients

NUMBERS = itertools.count(1)


def make_complaints(actor, count):
    person = patients.register(
        actor=actor, first_name="Nell", last_name=f"Waiter{next(NUMBERS)}", birth_date=date(1980, 3, 4)
    )
    return [
        complaints.receive(
            actor=actor, patient=person, channel="phone", category="access", summary="Waited too long"
        )
        for _ in range(count)
    ]


def make_steps(actor, count):
    made = {complaint.pk for complaint in make_complaints(actor, count)}
    return list(ComplaintEvent.objects.filter(complaint_id__in=made))


def _form(actor):
    return {"channel": "phone", "category": "billing", "summary": "Billed twice", "severity": "medium"}


COMPLAINT_SAMPLES = {
    "patients.complaint": Sample(make=make_complaints, form=_form),
    "patients.complaint_step": Sample(make=make_steps),
}
