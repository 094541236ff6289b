"""Who waits for a time, and the times they were offered."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models

from kit import clock
from kit.status import StatusChoices
from kit.words import us_date, us_time
from patients.models import Patient
from practice.models import Location
from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models.kinds import AppointmentType
from scheduling.models.visit import Appointment
from staff.models import Provider

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WaitlistEntry(TenantModel):
    """A patient who waits for a time: for what, with whom and where (none named: anybody, anywhere), and when."""

    class State(StatusChoices):
        WAITING = "waiting", "Waiting", "warn"
        BOOKED = "booked", "Booked", "ok"
        WITHDRAWN = "withdrawn", "Withdrawn", "muted"
        EXPIRED = "expired", "Expired", "muted"

    class Priority(models.IntegerChoices):
        URGENT = 1, "Urgent"
        SOON = 2, "Soon"
        ROUTINE = 3, "Routine"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="waitlist")
    type = TenantForeignKey(AppointmentType, models.PROTECT, related_name="+", verbose_name="visit type")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.ROUTINE)
    asked_on = models.DateField("waiting since")
    earliest = models.DateField("not before this day")
    latest = models.DateField("until this day", help_text="After it nobody waits any more")
    monday = models.BooleanField(default=True)
    tuesday = models.BooleanField(default=True)
    wednesday = models.BooleanField(default=True)
    thursday = models.BooleanField(default=True)
    friday = models.BooleanField(default=True)
    saturday = models.BooleanField(default=True)
    sunday = models.BooleanField(default=True)
    starts_from = models.TimeField("not before", null=True, blank=True, help_text="Time of day at the site")
    ends_by = models.TimeField("over by", null=True, blank=True, help_text="Time of day at the site")
    notice_hours = models.PositiveSmallIntegerField(
        "hours of notice", default=2, help_text="How long before the visit the patient must know"
    )
    note = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    visit = TenantForeignKey(
        Appointment, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="visit booked"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latest__gte=models.F("earliest")),
                name="waiting_ends_after_it_begins",
                violation_error_message="Enter a last day on or after the first one.",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_from=None)
                | models.Q(ends_by=None)
                | models.Q(starts_from__lt=models.F("ends_by")),
                name="waiting_hours_are_in_order",
                violation_error_message="Enter a time of day after the first one.",
            ),
            models.CheckConstraint(
                condition=models.Q(*((day, True) for day in WEEKDAYS), _connector="OR"),
                name="waiting_for_some_weekday",
                violation_error_message="Choose at least one day of the week.",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", closed_at=None)
                | (~models.Q(state="waiting") & models.Q(closed_at__isnull=False)),
                name="waiting_or_closed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "priority", "asked_on", "id"],
                condition=models.Q(state="waiting"),
                name="waiting_in_order",
            ),
            models.Index(fields=["practice", "asked_on", "id"], name="waitlist_by_day"),
            models.Index(fields=["practice", "patient"], name="waitlist_of_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.patient}, {self.type}"

    @property
    def is_waiting(self) -> bool:
        """A time can be offered."""
        return self.state == self.State.WAITING

    @property
    def weekdays(self) -> tuple[int, ...]:
        """The weekdays that suit, 0 for Monday."""
        return tuple(number for number, day in enumerate(WEEKDAYS) if getattr(self, day))

    @property
    def days(self) -> str:
        """The weekdays in words: "Any day", or "Mon, Wed"."""
        if len(self.weekdays) == len(WEEKDAYS):
            return "Any day"
        return ", ".join(WEEKDAYS[number][:3].capitalize() for number in self.weekdays)

    @property
    def hours(self) -> str:
        """The time of day in words."""
        first = f"from {us_time(self.starts_from)}" if self.starts_from else ""
        last = f"over by {us_time(self.ends_by)}" if self.ends_by else ""
        return ", ".join(filter(None, (first, last))) or "Any time"

    @property
    def with_whom(self) -> str:
        """The providers in words. Prefetch ``with_providers__provider``."""
        return ", ".join(sorted(str(each.provider) for each in self.with_providers.all())) or "Any provider"

    @property
    def where(self) -> str:
        """The sites in words. Prefetch ``at_locations__location``."""
        return ", ".join(sorted(str(each.location) for each in self.at_locations.all())) or "Any location"


class WaitlistProvider(TenantModel):
    """A provider whom somebody waits for; without any, all of them."""

    audit = ""  # replaced as a whole with its entry, which is audited
    patient_path = "entry__patient_id"

    entry = TenantForeignKey(WaitlistEntry, models.CASCADE, related_name="with_providers")
    provider = TenantForeignKey(Provider, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "entry", "provider"], name="waits_for_provider_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry} with {self.provider}"


class WaitlistLocation(TenantModel):
    """A site at which somebody would come; without any, all of them."""

    audit = ""  # replaced as a whole with its entry, which is audited
    patient_path = "entry__patient_id"

    entry = TenantForeignKey(WaitlistEntry, models.CASCADE, related_name="at_locations")
    location = TenantForeignKey(Location, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "entry", "location"], name="waits_at_location_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry} at {self.location}"


class WaitlistOffer(TenantModel):
    """A time offered to somebody who waits. The held visit keeps its lane until the offer ends."""

    patient_path = "entry__patient_id"
    takes_files = False

    class State(StatusChoices):
        OFFERED = "offered", "Offered", "info"
        ACCEPTED = "accepted", "Accepted", "ok"
        DECLINED = "declined", "Declined", "muted"
        EXPIRED = "expired", "Expired", "muted"
        WITHDRAWN = "withdrawn", "Withdrawn", "muted"

    class Told(models.TextChoices):
        NOT_YET = "not_yet", "Not told yet"
        PHONE = "phone", "By phone"
        VOICEMAIL = "voicemail", "On voicemail"
        IN_PERSON = "in_person", "In person"
        EMAIL = "email", "By e-mail"
        TEXT = "text", "By text message"

    entry = TenantForeignKey(
        WaitlistEntry, models.PROTECT, related_name="offers", verbose_name="wait-list entry"
    )
    appointment = TenantForeignKey(
        Appointment, models.PROTECT, related_name="waitlist_offers", verbose_name="visit held"
    )
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField("answer by")
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    told = models.CharField("told", max_length=9, choices=Told, default=Told.NOT_YET)
    told_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "entry"],
                condition=models.Q(state="offered"),
                name="one_live_offer_per_entry",
                violation_error_message="A time is offered to this patient already.",
            ),
            models.UniqueConstraint(fields=["practice", "appointment"], name="one_offer_per_held_visit"),
        ]
        indexes = [models.Index(fields=["practice", "offered_at", "id"], name="offers_by_time")]

    def __str__(self) -> str:
        local = self.appointment.starts_at.astimezone(ZoneInfo(self.appointment.location.timezone))
        return f"{us_date(local.date())}, {us_time(local)}"

    @property
    def is_live(self) -> bool:
        """Not answered, and not run out."""
        return self.state == self.State.OFFERED

    @property
    def can_be_answered(self) -> bool:
        """It is live and its time is not over."""
        return self.is_live and self.expires_at > clock.now()

    @property
    def how_told(self) -> str:
        """How the patient was told; of a message that has not left yet, that it is on its way."""
        going = self.told != self.Told.NOT_YET and self.told_at is None
        return f"{self.get_told_display()}{', on its way' if going else ''}"

    @property
    def until(self) -> str:
        """The last moment for an answer, at the site."""
        local = self.expires_at.astimezone(ZoneInfo(self.appointment.location.timezone))
        return f"{us_date(local.date())}, {us_time(local)}"
