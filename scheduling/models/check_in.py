"""What was looked at when a patient was checked in, and what was missing: kept beside the visit."""

from __future__ import annotations

from django.db import models

from kit.status import Status, StatusChoices
from practice.models import Membership
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel
from scheduling.models.visit import Appointment


class CheckIn(TenantModel):
    """One check-in at the desk: by whom, when, how many items were not in order, and why it went on all the same."""

    takes_files = False
    patient_path = "appointment__patient_id"

    appointment = TenantForeignKey(
        Appointment, models.PROTECT, related_name="check_ins", verbose_name="visit"
    )
    at = models.DateTimeField("checked in at")
    by = TenantForeignKey(
        Membership, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="checked in by"
    )
    missing = models.PositiveSmallIntegerField(default=0, help_text="Items that were not in order")
    reason = models.CharField(
        max_length=200, blank=True, default="", help_text="Why the visit went on without them"
    )

    class Meta:
        verbose_name = "check-in"
        constraints = [
            models.UniqueConstraint(fields=["practice", "appointment"], name="one_check_in_per_visit"),
            models.CheckConstraint(
                condition=models.Q(missing=0) | ~models.Q(reason=""),
                name="what_is_missing_has_a_reason",
                violation_error_message="Say why the visit goes on although something is missing.",
            ),
        ]
        indexes = [models.Index(fields=["practice", "-at", "-id"], name="check_ins_newest")]

    def __str__(self) -> str:
        return f"Check-in of {self.appointment.patient}"

    @property
    def standing(self) -> Status:
        """Complete, or with something missing."""
        return Status("Missing items", "warn") if self.missing else Status("Complete", "ok")

    @property
    def lacked(self) -> str:
        """What was not in order, in words."""
        return ", ".join(each.title for each in self.items.all() if each.state != CheckInItem.State.OK)


class CheckInItem(AppendOnlyModel):
    """One thing that was looked at: what it was, how it stood, in whose words."""

    patient_path = "check_in__appointment__patient_id"

    class State(StatusChoices):
        OK = "ok", "In order", "ok"
        WARN = "warn", "To look at", "warn"
        MISSING = "missing", "Missing", "bad"

    check_in = TenantForeignKey(CheckIn, models.PROTECT, related_name="items", verbose_name="check-in")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=7, choices=State)
    detail = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "check_in", "code"], name="one_item_of_a_code_per_check_in"
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_state_display()}"
