"""Visits: what is booked, in which lanes, and every change of state (SCHEDULING.md 1.1)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Now

from kit.status import StatusChoices
from kit.words import us_date, us_time
from patients.models import Patient
from practice.models import Location, Room
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel
from scheduling.models.kinds import AppointmentType, WaitReason, is_apart
from scheduling.models.supply import Resource
from staff.models import Provider


class Appointment(TenantModel):
    """A visit, from booking to completion. Times are instants; people see them in the site's zone."""

    class Status(StatusChoices):
        REQUESTED = "requested", "Requested", "muted"
        HELD = "held", "Held", "muted"
        BOOKED = "booked", "Booked", "muted"
        CONFIRMED = "confirmed", "Confirmed", "info"
        ARRIVED = "arrived", "Arrived", "info"
        CHECKED_IN = "checked_in", "Checked in", "info"
        ROOMED = "roomed", "Roomed", "info"
        WITH_PROVIDER = "with_provider", "With provider", "info"
        CHECKOUT = "checkout", "Checkout", "info"
        COMPLETED = "completed", "Completed", "ok"
        CANCELLED = "cancelled", "Cancelled", "muted"
        NO_SHOW = "no_show", "No-show", "bad"
        LEFT = "left", "Left without being seen", "bad"
        RESCHEDULED = "rescheduled", "Rescheduled", "muted"
        ERROR = "entered_in_error", "Entered in error", "muted"

    class CancelledBy(models.TextChoices):
        PATIENT_TIMELY = "patient_timely", "Patient, in time"
        PATIENT_LATE = "patient_late", "Patient, late"
        PRACTICE = "practice", "Practice"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="appointments")
    provider = TenantForeignKey(Provider, models.PROTECT, related_name="appointments")
    location = TenantForeignKey(Location, models.PROTECT, related_name="appointments")
    type = TenantForeignKey(AppointmentType, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    local_day = models.DateField(help_text="The day at the site, for lists and counts")
    status = models.CharField(max_length=16, choices=Status, default=Status.BOOKED)
    cancelled_by = models.CharField(max_length=14, choices=CancelledBy, blank=True, default="")
    cancel_reason = models.CharField(max_length=200, blank=True, default="")
    hold_expires_at = models.DateTimeField(
        "held until",
        null=True,
        blank=True,
        help_text="Empty once it is booked; a hold that was let go keeps it",
    )
    rescheduled_to = TenantForeignKey("self", models.SET_NULL, related_name="+", null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="", help_text="Why the patient comes")
    is_new_patient = models.BooleanField(default=False)
    created_via = models.CharField(max_length=10, default="page")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="visit_ends_after_it_begins"
            )
        ]
        indexes = [
            models.Index(fields=["practice", "provider", "local_day", "starts_at"], name="visits_of_a_day"),
            models.Index(fields=["practice", "local_day", "location"], name="visits_by_day_and_site"),
            models.Index(fields=["practice", "patient", "-starts_at"], name="visits_of_a_patient"),
            models.Index(
                fields=["practice", "hold_expires_at"],
                condition=models.Q(status="held"),
                name="holds_by_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient}, {us_date(self.local_day)}"

    def has_run_out(self, now: datetime) -> bool:
        """Held, and not any more."""
        return self.hold_expires_at is not None and self.hold_expires_at <= now

    @property
    def is_remote(self) -> bool:
        """Whether patient and provider are apart: as the visit says (a query), else its kind."""
        return is_apart(self.telehealth.first() or self.type)

    @property
    def when(self) -> str:
        """Day and time at the site."""
        local = self.starts_at.astimezone(ZoneInfo(self.location.timezone))
        return f"{us_date(local.date())}, {us_time(local)}"

    @property
    def call_at(self) -> str:
        """The patient's telephone as lists show it; their selector asks ``patients.selectors.confidential.called``."""
        patient: Patient = self.patient
        if hasattr(self, "confidential_phone"):
            patient.confidential_phone = self.confidential_phone
        return patient.call_at


class ResourceBooking(TenantModel):
    """A lane of a resource that an appointment takes. The database lets no two active ones overlap."""

    audit = ""  # follows its appointment, which is audited

    appointment = TenantForeignKey(Appointment, models.CASCADE, related_name="bookings")
    resource = TenantForeignKey(Resource, models.PROTECT, related_name="bookings")
    provider = TenantForeignKey(
        Provider,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Whose resource it is: nobody is at two sites at once",
    )
    lane = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField(help_text="Including the buffer before the visit")
    ends_at = models.DateTimeField(help_text="Including the buffer after the visit")
    during = models.GeneratedField(
        expression=models.Func(
            "starts_at",
            "ends_at",
            models.Value("[)"),
            function="tstzrange",
            output_field=DateTimeRangeField(),
        ),
        output_field=DateTimeRangeField(),
        db_persist=True,
    )
    active = models.BooleanField(default=True)
    overbooked_by = models.TextField(blank=True, default="")
    overbook_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="no_overlap_in_a_lane",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("resource", RangeOperators.EQUAL),
                    ("lane", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(active=True),
            ),
            ExclusionConstraint(
                name="no_provider_at_two_sites",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("provider", RangeOperators.EQUAL),
                    ("resource", RangeOperators.NOT_EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(active=True, provider__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "resource", "starts_at"],
                condition=models.Q(active=True),
                name="bookings_of_resource",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource} lane {self.lane}"


class StatusEvent(AppendOnlyModel):
    """A change of a visit's status, by whom and when: the flow board and the cycle-time KPIs read it.

    One that repeats the status says what changed within it: another room, a reason to wait. Clocks run from the first.
    """

    appointment = TenantForeignKey(Appointment, models.PROTECT, related_name="status_events")
    status = models.CharField(max_length=16, choices=Appointment.Status)
    at = models.DateTimeField(db_default=Now())
    room = TenantForeignKey(Room, models.PROTECT, related_name="+", null=True, blank=True)
    wait_reason = TenantForeignKey(WaitReason, models.PROTECT, related_name="+", null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["practice", "appointment", "at"], name="status_history")]

    def __str__(self) -> str:
        return f"{self.appointment}: {self.status}"
