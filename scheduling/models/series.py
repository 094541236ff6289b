"""Visits that repeat: one record for all of them, each with its place in it."""

from __future__ import annotations

from django.db import models

from kit.status import Status, StatusChoices
from patients.models import Patient
from practice.models import Location
from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models.kinds import AppointmentType
from scheduling.models.visit import Appointment
from staff.models import Provider


class VisitSeries(TenantModel):
    """Visits of one kind at one time of day, every few weeks or months. Each can be moved and cancelled by itself."""

    class Unit(models.TextChoices):
        WEEK = "week", "Weeks"
        MONTH = "month", "Months, on the same date"
        WEEKDAY = "weekday", "Months, on the same weekday of the month"

    class State(StatusChoices):
        ACTIVE = "active", "Booked", "ok"
        CANCELLED = "cancelled", "Rest cancelled", "muted"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="visit_series")
    type = TenantForeignKey(AppointmentType, models.PROTECT, related_name="+", verbose_name="visit type")
    provider = TenantForeignKey(Provider, models.PROTECT, related_name="+")
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")
    starts_on = models.DateField("first day")
    starts_at = models.TimeField("time of day", help_text="At the site, on every day of the series")
    every = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=7, choices=Unit, default=Unit.WEEK)
    count = models.PositiveSmallIntegerField("visits")
    reason = models.CharField(max_length=200, blank=True, default="", help_text="Why the patient comes")
    state = models.CharField(max_length=9, choices=State, default=State.ACTIVE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every__range=(1, 26), count__range=(2, 60)), name="a_series_has_an_end"
            )
        ]
        indexes = [
            models.Index(fields=["practice", "starts_on", "id"], name="series_by_day"),
            models.Index(fields=["practice", "patient"], name="series_of_patient"),
        ]
        verbose_name_plural = "visit series"

    def __str__(self) -> str:
        return f"{self.patient}, {self.count} × {self.type}"

    @property
    def is_active(self) -> bool:
        """Its rest can be moved or cancelled."""
        return self.state == self.State.ACTIVE

    @property
    def rhythm(self) -> str:
        """ "Every week", "Every 2 weeks", "Every month on the same weekday"."""
        noun = "week" if self.unit == self.Unit.WEEK else "month"
        how = f"Every {noun}" if self.every == 1 else f"Every {self.every} {noun}s"
        return f"{how} on the same weekday" if self.unit == self.Unit.WEEKDAY else how


class SeriesVisit(TenantModel):
    """The place of a visit in its series: the day the rhythm gave it. Without a visit it was left out on purpose."""

    patient_path = "series__patient_id"
    takes_files = takes_notes = False

    series = TenantForeignKey(VisitSeries, models.CASCADE, related_name="places")
    number = models.PositiveSmallIntegerField()
    day = models.DateField(help_text="By the rhythm; the visit may have been moved since")
    appointment = TenantForeignKey(
        Appointment,
        models.PROTECT,
        related_name="series_places",
        null=True,
        blank=True,
        verbose_name="visit",
        help_text="Empty: left out on purpose",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "series", "number"], name="one_place_per_number"),
            models.UniqueConstraint(fields=["practice", "appointment"], name="a_visit_is_of_one_series"),
        ]
        indexes = [models.Index(fields=["practice", "day", "id"], name="series_places_by_day")]

    def __str__(self) -> str:
        return f"{self.series}, {self.number}"

    @property
    def visit_when(self) -> str:
        """When its visit is, at the site; that it was left out."""
        return self.appointment.when if self.appointment else "Left out on purpose"

    @property
    def standing(self) -> Status:
        """Where its visit stands."""
        if self.appointment is None:
            return Status("Left out")
        found = Appointment.Status(self.appointment.status)
        return Status(str(found.label), found.tone)
