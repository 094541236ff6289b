"""What the access of a day was: taken once a night, because the past cannot be computed again from the present."""

from __future__ import annotations

from django.db import models

from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models.kinds import AppointmentType
from scheduling.models.supply import Resource


class AccessDay(TenantModel):
    """Calendar days to the third next available visit of one provider at a site, of one kind, as of a night."""

    audit = ""  # generated: templates and visits are audited

    day = models.DateField(help_text="The local day it was taken on")
    resource = TenantForeignKey(Resource, models.CASCADE, related_name="+", verbose_name="provider")
    type = TenantForeignKey(AppointmentType, models.CASCADE, related_name="+", verbose_name="visit type")
    days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: no third opening as far as it was looked"
    )
    lookahead = models.PositiveSmallIntegerField(help_text="How many days were looked at")
    sampled = models.BooleanField(default=False, help_text="Counts for the weekly key figure")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "day", "resource", "type"], name="one_access_per_day_provider_and_type"
            )
        ]
        indexes = [models.Index(fields=["practice", "resource", "type", "day"], name="access_of_provider")]

    def __str__(self) -> str:
        return f"{self.resource}, {self.type}, {self.day}"
