"""Telehealth visits, and calendar addresses of providers."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from kit.status import Status
from practice.models import Membership
from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models.kinds import Modality
from scheduling.models.visit import Appointment
from staff.models import Provider


class Telehealth(TenantModel):
    """How one visit takes place apart from the room, and where the patient will be: licences are by state."""

    patient_path = "appointment__patient_id"
    takes_files = takes_notes = False

    appointment = TenantForeignKey(
        Appointment, models.CASCADE, related_name="telehealth", verbose_name="visit"
    )
    modality = models.CharField("takes place", max_length=9, choices=Modality, default=Modality.VIDEO)
    join_link = models.CharField("join link", max_length=300, blank=True, default="")
    state = models.CharField(
        "patient’s state", max_length=2, blank=True, default="", help_text="Where they are at the visit"
    )
    timezone = models.CharField("patient’s time zone", max_length=40, blank=True, default="")
    phone = models.CharField(
        "call-back number", max_length=20, blank=True, default="", help_text="When the line breaks"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "appointment"], name="one_telehealth_per_visit"),
            models.CheckConstraint(
                condition=models.Q(join_link="") | models.Q(join_link__startswith="https://"),
                name="a_join_link_is_https",
                violation_error_message="Enter an address that begins with https://.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_modality_display()


class CalendarFeed(TenantModel):
    """A secret address at which calendars read one provider's busy times. Ends with its maker's membership."""

    secret_columns = ("secret_hash",)
    takes_files = takes_notes = False

    name = models.CharField(max_length=80, help_text="Where it is read: phone, home computer")
    provider = TenantForeignKey(Provider, models.PROTECT, related_name="+")
    secret_hash = models.CharField(max_length=64)
    made_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)
    changed_at = models.DateTimeField("address since")
    revoked_at = models.DateTimeField("revoked", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "provider"], name="feeds_of_provider")]

    def __str__(self) -> str:
        return f"{self.provider}, {self.name}"

    @property
    def is_live(self) -> bool:
        """Whether it opens anything."""
        ended = self.made_by is not None and self.made_by.ended_at is not None
        return self.revoked_at is None and not ended and self.provider.is_active

    @property
    def standing(self) -> Status:
        """In words."""
        if self.revoked_at is not None:
            return Status("Revoked")
        return Status("In use", "ok") if self.is_live else Status("Ended")

    @property
    def last_read(self) -> datetime | None:
        """When it was last read, to the minute; from the selector's annotation."""
        return getattr(self, "seen_at", None)
