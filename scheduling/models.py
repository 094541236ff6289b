"""The schedule: what can be booked, what is open, what is booked, and every change of state (SCHEDULING.md)."""

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
from staff.models import Provider


class AppointmentType(TenantModel):
    """A kind of visit: how long it takes and whether it is a new patient's."""

    code = models.CharField(max_length=8, help_text="What the front desk types: fu, new, pe")
    name = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField(default=20)
    buffer_after = models.PositiveSmallIntegerField(default=0, help_text="Minutes of cleaning or notes")
    is_new_patient = models.BooleanField(default=False)
    tone = models.CharField(max_length=8, default="info")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "code"], name="one_type_per_code")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Resource(TenantModel):
    """A provider, room or device as something that can be booked; ``capacity`` lanes side by side."""

    class Kind(models.TextChoices):
        PROVIDER = "provider", "Provider"
        ROOM = "room", "Room"
        DEVICE = "device", "Device"

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=80)
    provider = TenantForeignKey(Provider, models.CASCADE, related_name="resources", null=True, blank=True)
    room = TenantForeignKey(Room, models.CASCADE, related_name="resources", null=True, blank=True)
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")
    capacity = models.PositiveSmallIntegerField(default=1)
    overbook_max = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "provider", "location"],
                condition=models.Q(kind="provider"),
                name="one_resource_per_provider_and_site",
            )
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TemplateBlock(TenantModel):
    """A weekly open stretch of a resource in local wall time, valid between two dates."""

    class Kind(models.TextChoices):
        OPEN = "open", "Open"
        HELD = "held", "Held for same day"
        ADMIN = "admin", "Blocked"

    resource = TenantForeignKey(Resource, models.CASCADE, related_name="template")
    weekday = models.PositiveSmallIntegerField(help_text="0 Monday … 6 Sunday")
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.OPEN)
    label = models.CharField(max_length=30, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="weekday_0_to_6"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="block_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["practice", "resource", "weekday"], name="template_of_resource")]

    def __str__(self) -> str:
        return f"{self.resource} {self.weekday} {self.starts_at:%H:%M}"


class AvailabilityBlock(TenantModel):
    """A generated stretch of one day in which a resource may be booked. Rebuilt from the template."""

    audit = ""  # generated: the template it comes from is audited

    resource = TenantForeignKey(Resource, models.CASCADE, related_name="availability")
    local_day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=6, choices=TemplateBlock.Kind)
    label = models.CharField(max_length=30, blank=True, default="")
    template = TenantForeignKey(TemplateBlock, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "resource", "local_day"], name="availability_of_day")]

    def __str__(self) -> str:
        return f"{self.resource} {self.local_day}"


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
    hold_expires_at = models.DateTimeField(null=True, blank=True)
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
        ]

    def __str__(self) -> str:
        return f"{self.patient} {self.local_day}"

    @property
    def when(self) -> str:
        """Day and time at the site."""
        local = self.starts_at.astimezone(ZoneInfo(self.location.timezone))
        return f"{us_date(local.date())}, {us_time(local)}"


class ResourceBooking(TenantModel):
    """A lane of a resource that an appointment takes. The database lets no two active ones overlap."""

    audit = ""  # follows its appointment, which is audited

    appointment = TenantForeignKey(Appointment, models.CASCADE, related_name="bookings")
    resource = TenantForeignKey(Resource, models.PROTECT, related_name="bookings")
    lane = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField()
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
            )
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
    """A change of a visit's status, by whom and when: the flow board and the cycle-time KPIs read it."""

    appointment = TenantForeignKey(Appointment, models.PROTECT, related_name="status_events")
    status = models.CharField(max_length=16, choices=Appointment.Status)
    at = models.DateTimeField(db_default=Now())
    room = TenantForeignKey(Room, models.PROTECT, related_name="+", null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["practice", "appointment", "at"], name="status_history")]

    def __str__(self) -> str:
        return f"{self.appointment}: {self.status}"
