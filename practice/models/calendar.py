"""The practice's own calendar: days it is closed beside weekends and federal holidays, or open in spite of one."""

from django.db import models

from kit.status import StatusChoices
from practice.models.place import Location
from practice.tenancy import TenantForeignKey, TenantModel


class Holiday(TenantModel):
    """A day on which the practice, or one site, is closed; or works although it would be."""

    class Status(StatusChoices):
        CLOSED = "closed", "Closed", "muted"
        OPEN = "open", "Open", "ok"

    day = models.DateField()
    name = models.CharField(max_length=80)
    status = models.CharField(
        "open or closed",
        max_length=6,
        choices=Status,
        default=Status.CLOSED,
        help_text="Open: you work although it is a weekend or a federal holiday",
    )
    location = TenantForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: every location"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "day", "location"],
                name="one_word_on_a_day",
                nulls_distinct=False,
                violation_error_message="This day is on the list already",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day:%m/%d/%Y}"
