"""The demo's restricted patient, whose record the front desk has opened in need; the review still waits."""

from __future__ import annotations

from datetime import timedelta

from kit import clock
from patients.services import break_glass, patients
from practice.models import AuditAccess, AuditAccessPatient
from practice.story import Story

NUMBER = 7
WORDS = "Called because the ride is late, and asked until when we are here"


def seed(story: Story) -> None:
    """Restrict one patient; the desk opens the record for some minutes, looks and closes it."""
    patient = patients.restrict(
        story.kept["patients"][NUMBER], reason="Works at the front desk of Riverside", actor=story.actor
    )
    story.kept["patients"][NUMBER] = patient
    desk = story.acting_as("front_desk")
    if desk is None:
        return
    with clock.at(clock.now() - timedelta(minutes=4)):
        grant = break_glass.open_record(patient, reason="desk", words=WORDS, actor=desk)
    for what in ("Patient", "Visit"):
        access = AuditAccess.objects.create(
            practice=story.practice, action=AuditAccess.Action.VIEW, what=what, path="/", address=None
        )
        AuditAccessPatient.objects.create(
            practice=story.practice, access=access, patient_id=patient.pk, grant_id=grant.pk
        )
    break_glass.close(grant, actor=desk)
