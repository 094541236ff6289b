"""Kinds of visits: how long they take, what they need, what each provider does otherwise; why somebody waits."""

from __future__ import annotations

from typing import Protocol

from django.db import models

from kit.status import Status
from practice.models import Location
from practice.models.named import Named
from practice.tenancy import TenantForeignKey, TenantModel
from staff.models import Provider


class Modality(models.TextChoices):
    """How patient and provider meet."""

    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "Video"
    PHONE = "telephone", "Telephone"


class Meeting(Protocol):
    """A kind of visit, or what one visit says of itself."""

    modality: str


def is_apart(meeting: Meeting) -> bool:
    """Whether patient and provider are not in one room."""
    return meeting.modality != Modality.IN_PERSON


class AppointmentType(TenantModel):
    """A kind of visit: how long it takes, the minutes around it, and whether it is a new patient's."""

    class Color(models.TextChoices):
        PLAIN = "plain", "Plain"
        INFO = "info", "Blue"
        OK = "ok", "Green"
        ACCENT = "accent", "Teal"
        WARN = "warn", "Amber"

    class Align(models.IntegerChoices):
        FIVE = 5, "Every 5 minutes"
        TEN = 10, "Every 10 minutes"
        QUARTER = 15, "On the quarter hour"
        TWENTY = 20, "Every 20 minutes"
        HALF = 30, "On the half hour"
        HOUR = 60, "On the hour"

    code = models.CharField(max_length=8, help_text="What the front desk types: fu, new, pe")
    name = models.CharField(max_length=60)
    tone = models.CharField("color", max_length=8, choices=Color, default=Color.INFO)
    minutes = models.PositiveSmallIntegerField(
        "minutes", default=20, help_text="How long it takes, unless a provider has a rule of their own"
    )
    buffer_before = models.PositiveSmallIntegerField(
        "minutes before", default=0, db_default=0, help_text="Preparation that nobody else can be booked into"
    )
    buffer_after = models.PositiveSmallIntegerField(
        "minutes after", default=0, help_text="Minutes of cleaning or notes"
    )
    align_minutes = models.PositiveSmallIntegerField(
        "starts",
        choices=Align,
        null=True,
        blank=True,
        help_text="When it may begin. Empty: every step of the booking grid from the start of open time",
    )
    is_new_patient = models.BooleanField("for new patients", default=False)
    modality = models.CharField(
        "takes place",
        max_length=9,
        choices=Modality,
        default=Modality.IN_PERSON,
        db_default=Modality.IN_PERSON,
    )
    bookable_online = models.BooleanField(
        "bookable from outside", default=False, db_default=False, help_text="Offered to patients themselves"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "code"],
                name="one_type_per_code",
                violation_error_message="There is a visit type with this code.",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(5, 600)),
                name="a_visit_takes_minutes",
                violation_error_message="Enter 5 to 600 minutes.",
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> Status:
        """Whether it can still be booked."""
        return Status("In use", "ok") if self.is_active else Status("Not booked any more")


class TypeNeed(TenantModel):
    """So many rooms or devices that a kind of visit takes besides its provider: all of them, or it is not booked."""

    class Kind(models.TextChoices):
        ROOM = "room", "Room"
        DEVICE = "device", "Device"

    type = TenantForeignKey(AppointmentType, models.CASCADE, related_name="needs", verbose_name="visit type")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ROOM)
    group = models.CharField(
        max_length=40,
        blank=True,
        default="",
        help_text="Only resources of this group, such as Ultrasound. Empty: any of this kind",
    )
    count = models.PositiveSmallIntegerField("how many", default=1, help_text="0: none any more")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "type", "kind", "group"],
                name="one_need_per_kind_and_group",
                violation_error_message="This visit type asks for that already. Change the number there.",
            ),
            models.CheckConstraint(
                condition=models.Q(count__range=(0, 9)),
                name="a_need_is_a_few",
                violation_error_message="Enter 0 to 9.",
            ),
        ]
        ordering = ["kind", "group"]

    def __str__(self) -> str:
        return f"{self.count} × {self.group or self.get_kind_display()}"


class ProviderTypeRule(TenantModel):
    """What one provider does otherwise with a kind of visit. Empty fields follow the type."""

    provider = TenantForeignKey(Provider, models.CASCADE, related_name="type_rules")
    type = TenantForeignKey(AppointmentType, models.CASCADE, related_name="rules", verbose_name="visit type")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: as the type says")
    buffer_before = models.PositiveSmallIntegerField(
        "minutes before", null=True, blank=True, help_text="Empty: as the type says"
    )
    buffer_after = models.PositiveSmallIntegerField(
        "minutes after", null=True, blank=True, help_text="Empty: as the type says"
    )
    max_per_day = models.PositiveSmallIntegerField(
        "most in a day", null=True, blank=True, help_text="Empty: as many as fit"
    )
    is_offered = models.BooleanField("takes these visits", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "provider", "type"],
                name="one_rule_per_provider_and_type",
                violation_error_message="This provider has a rule for this visit type already.",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes=None) | models.Q(minutes__range=(5, 600)),
                name="a_providers_visit_takes_minutes",
                violation_error_message="Enter 5 to 600 minutes, or nothing.",
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.provider}, {self.type}"

    @property
    def places(self) -> str:
        """Where the provider takes these visits, in words."""
        return ", ".join(sorted(str(each.location) for each in self.sites.all())) or "Every location"


class ProviderTypeSite(TenantModel):
    """A location at which a provider takes a kind of visit; without any, all of them."""

    rule = TenantForeignKey(ProviderTypeRule, models.CASCADE, related_name="sites")
    location = TenantForeignKey(Location, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "rule", "location"], name="one_row_per_rule_and_site")
        ]

    def __str__(self) -> str:
        return f"{self.rule} at {self.location}"


class WaitReason(Named):
    """Why somebody waits longer than usual: what the flow board offers, a list of the practice's own."""

    takes_files = False
