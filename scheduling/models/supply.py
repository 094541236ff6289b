"""What can be booked and when: resources, their weekly templates, exceptions, and the open time made from them."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from kit.status import Status, StatusChoices
from kit.words import counted, us_date, us_time
from practice.models import Location, Membership, Room
from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models.kinds import AppointmentType
from staff.models import Provider


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
    capacity = models.PositiveSmallIntegerField(default=1, help_text="Visits at one time")
    overbook_max = models.PositiveSmallIntegerField(
        "overbooked at most", default=1, help_text="Visits above that, with a permission and a reason"
    )
    group = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="What a visit type may ask for by name, such as Ultrasound",
    )
    has_hours = models.BooleanField(
        "has hours of its own",
        default=False,
        db_default=False,
        help_text="A room or device without hours can be taken whenever it is not closed",
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "provider", "location"],
                condition=models.Q(kind="provider"),
                name="one_resource_per_provider_and_site",
                violation_error_message="This provider can be booked at this location already.",
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__range=(1, 50)),
                name="a_resource_takes_somebody",
                violation_error_message="Enter 1 to 50 visits at one time.",
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> Status:
        """Whether it can be booked."""
        return Status("In use", "ok") if self.is_active else Status("Not booked any more")


class ScheduleTemplate(TenantModel):
    """One version of a resource's week (or weeks), in local wall time, in force between two dates."""

    class State(StatusChoices):
        DRAFT = "draft", "Draft", "info"
        PUBLISHED = "published", "Published", "ok"
        RETIRED = "retired", "Replaced", "muted"

    resource = TenantForeignKey(
        Resource, models.CASCADE, related_name="templates", verbose_name="provider or resource"
    )
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=60, blank=True, default="", help_text="Such as Summer hours")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    valid_from = models.DateField("in force from")
    valid_to = models.DateField("until", null=True, blank=True, help_text="Empty: until further notice")
    cycle_weeks = models.PositiveSmallIntegerField(
        "weeks that alternate", default=1, help_text="1: every week is the same. 2: two weeks take turns"
    )
    anchor_date = models.DateField(help_text="A day of the cycle's first week")
    based_on = TenantForeignKey("self", models.SET_NULL, related_name="+", null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="a_template_ends_after_it_begins",
                violation_error_message="Enter a last day that is not before the first.",
            ),
            models.CheckConstraint(
                condition=models.Q(cycle_weeks__range=(1, 8)),
                name="a_cycle_has_weeks",
                violation_error_message="Enter 1 to 8 weeks.",
            ),
            models.UniqueConstraint(
                fields=["practice", "resource", "version"], name="one_template_per_version"
            ),
            ExclusionConstraint(
                name="one_template_in_force",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("resource", RangeOperators.EQUAL),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=models.Q(state="published"),
            ),
        ]
        indexes = [models.Index(fields=["practice", "resource", "-version"], name="templates_newest")]

    def __str__(self) -> str:
        return f"{self.resource}, version {self.version}"

    @property
    def is_draft(self) -> bool:
        """Still open to change."""
        return self.state == self.State.DRAFT

    @property
    def is_published(self) -> bool:
        """In force between its dates."""
        return self.state == self.State.PUBLISHED

    @property
    def weeks(self) -> str:
        """How the weeks run, in words."""
        return "Every week" if self.cycle_weeks == 1 else f"{self.cycle_weeks} weeks in turn"


class TemplateBlock(TenantModel):
    """A stretch of a template's week in local wall time: open, held back for short notice, or blocked."""

    class Kind(models.TextChoices):
        OPEN = "open", "Open"
        HELD = "held", "Held for same day"
        ADMIN = "admin", "Blocked"

    template = TenantForeignKey(ScheduleTemplate, models.CASCADE, related_name="blocks")
    weekday = models.PositiveSmallIntegerField(help_text="0 Monday … 6 Sunday")
    cycle_week = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which week of the cycle. Empty: every week"
    )
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.OPEN)
    capacity = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Visits at one time. Empty: as the resource"
    )
    release_hours_before = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Held time opens for everything so many hours before. Empty: when its day begins",
    )
    label = models.CharField(max_length=30, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="weekday_0_to_6"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="block_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["practice", "template", "weekday"], name="blocks_of_template")]

    def __str__(self) -> str:
        return f"{self.template} {self.weekday} {self.starts_at:%H:%M}"


class TemplateBlockType(TenantModel):
    """A kind of visit that a block takes; a block without any takes every kind."""

    block = TenantForeignKey(TemplateBlock, models.CASCADE, related_name="types")
    type = TenantForeignKey(AppointmentType, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "block", "type"], name="one_row_per_block_and_type")
        ]

    def __str__(self) -> str:
        return f"{self.block}: {self.type}"


class ScheduleException(TenantModel):
    """Days on which a resource, or a whole location, differs from its template. Withdrawn, never deleted."""

    class Kind(models.TextChoices):
        CLOSED = "closed", "Closed"
        EXTRA = "extra", "Open in addition"
        RETIME = "retime", "These hours instead"

    class Source(models.TextChoices):
        LEAVE = "leave", "Leave"
        HOLIDAY = "holiday", "Holiday"
        MANUAL = "manual", "Other"

    resource = TenantForeignKey(
        Resource,
        models.CASCADE,
        related_name="exceptions",
        null=True,
        blank=True,
        verbose_name="provider or resource",
        help_text="Or choose a location, for everybody there",
    )
    location = TenantForeignKey(
        Location,
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        help_text="Everybody and everything there",
    )
    kind = models.CharField("what", max_length=6, choices=Kind, default=Kind.CLOSED)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    starts_at = models.TimeField(
        "from", null=True, blank=True, help_text="Local time. Empty: the whole day (closed only)"
    )
    ends_at = models.TimeField("to", null=True, blank=True)
    reason = models.CharField(max_length=120, help_text="Shown in the day view: no patient’s name")
    source = models.CharField(max_length=8, choices=Source, default=Source.MANUAL)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resource=None, location__isnull=False)
                | models.Q(resource__isnull=False, location=None),
                name="an_exception_is_of_one_thing",
                violation_error_message="Choose a provider or resource, or a location.",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="an_exception_ends_after_it_begins",
                violation_error_message="Enter a last day that is not before the first.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="closed", starts_at=None, ends_at=None)
                | models.Q(starts_at__isnull=False, ends_at__gt=models.F("starts_at")),
                name="an_exception_has_its_hours",
                violation_error_message="Enter from and to, the second after the first.",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "-starts_on", "id"], name="exceptions_by_day"),
            models.Index(fields=["practice", "resource", "ends_on"], name="exceptions_of_resource"),
        ]

    def __str__(self) -> str:
        return f"{self.of}, {self.when}"

    @property
    def of(self) -> str:
        """Whom or what it concerns."""
        return str(self.resource or self.location)

    @property
    def when(self) -> str:
        """Days and hours in words."""
        days = us_date(self.starts_on)
        if self.ends_on != self.starts_on:
            days += f" to {us_date(self.ends_on)}"
        if self.starts_at is None or self.ends_at is None:
            return days
        return f"{days}, {us_time(self.starts_at)} to {us_time(self.ends_at)}"

    @property
    def length(self) -> str:
        """ "3 days"."""
        return counted((self.ends_on - self.starts_on).days + 1, one="day", many="days")

    @property
    def standing(self) -> Status:
        """In force or taken back."""
        return Status("Withdrawn") if self.withdrawn_at else Status("In force", "ok")

    @property
    def stands(self) -> bool:
        """Not taken back."""
        return self.withdrawn_at is None


class AvailabilityBlock(TenantModel):
    """A generated stretch of one day in which a resource may be booked. Rebuilt from template and exceptions."""

    audit = ""  # generated: what it comes from is audited

    resource = TenantForeignKey(Resource, models.CASCADE, related_name="availability")
    local_day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=6, choices=TemplateBlock.Kind)
    label = models.CharField(max_length=30, blank=True, default="")
    capacity = models.PositiveSmallIntegerField(default=1, db_default=1)
    releases_at = models.DateTimeField(
        null=True, blank=True, help_text="From when held time takes everything"
    )
    shifted = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Its wall-clock time does not exist that day (spring): it is an hour later",
    )
    source = TenantForeignKey(TemplateBlock, models.SET_NULL, related_name="+", null=True, blank=True)
    exception = TenantForeignKey(ScheduleException, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["practice", "resource", "local_day", "starts_at"], name="availability_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource}, {us_date(self.local_day)}"
