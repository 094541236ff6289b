"""Visits that a change of hours has left outside of them."""

from __future__ import annotations

from django.db import models

from kit.status import StatusChoices
from kit.words import us_date
from patients.models import Patient
from practice.models import Membership
from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models.supply import ScheduleException, ScheduleTemplate
from scheduling.models.visit import Appointment


class Displacement(TenantModel):
    """A visit that stood inside open time until a template or an exception changed. It is never moved by itself."""

    takes_files = False

    class State(StatusChoices):
        OPEN = "open", "To be settled", "warn"
        MOVED = "moved", "Moved", "ok"
        CANCELLED = "cancelled", "Cancelled", "muted"
        KEPT = "kept", "Kept at its time", "ok"
        COVERED = "covered", "Inside the hours again", "ok"
        OVER = "over", "Its day has come", "muted"

    appointment = TenantForeignKey(
        Appointment, models.CASCADE, related_name="displacements", verbose_name="visit"
    )
    cause = models.CharField(max_length=160)
    template = TenantForeignKey(ScheduleTemplate, models.SET_NULL, related_name="+", null=True, blank=True)
    exception = TenantForeignKey(ScheduleException, models.SET_NULL, related_name="+", null=True, blank=True)
    was_at = models.DateTimeField(help_text="The visit's time when this was found")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "appointment"],
                condition=models.Q(state="open"),
                name="displaced_once_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["practice", "state", "was_at"], name="displaced_by_state")]

    def __str__(self) -> str:
        return f"{self.appointment.patient}, {us_date(self.appointment.local_day)}"

    @property
    def is_open(self) -> bool:
        """Somebody still has to decide."""
        return self.state == self.State.OPEN

    @property
    def call_at(self) -> str:
        """The patient's telephone as lists show it; their selector asks ``patients.selectors.confidential.called``."""
        patient: Patient = self.appointment.patient
        if hasattr(self, "confidential_phone"):
            patient.confidential_phone = self.confidential_phone
        return patient.call_at
