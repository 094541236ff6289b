"""Patients sent elsewhere, and sent here: each step with its day, until the report closes the loop."""

from django.db import models

from kit.status import StatusChoices
from patients.models.patient import Patient
from patients.models.referring import ReferringProvider
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel
from staff.models import Provider


class ReferralStage(StatusChoices):
    """Where a referral stands. Out: written, sent, scheduled, report received. In: received, scheduled, report sent."""

    OPEN = "open", "Open", "warn"
    SENT = "sent", "Sent", "info"
    SCHEDULED = "scheduled", "Scheduled", "info"
    REPORTED = "reported", "Report in", "ok"
    CANCELLED = "cancelled", "Cancelled", "muted"


class Referral(TenantModel):
    """A patient sent from one provider to another. ``due_on`` is the day by which the next step is expected."""

    Status = ReferralStage

    class Direction(models.TextChoices):
        OUT = "out", "Sent elsewhere"
        IN = "in", "Sent here"

    class Urgency(models.TextChoices):
        ROUTINE = "routine", "Routine"
        URGENT = "urgent", "Urgent"

    number = models.PositiveIntegerField()
    direction = models.CharField(max_length=3, choices=Direction)
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="referrals")
    elsewhere = TenantForeignKey(
        ReferringProvider, models.PROTECT, related_name="referrals", verbose_name="provider elsewhere"
    )
    provider = TenantForeignKey(
        Provider, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="provider here"
    )
    reason = models.CharField(max_length=300, help_text="What is asked of the other provider")
    urgency = models.CharField(max_length=7, choices=Urgency, default=Urgency.ROUTINE)
    asked_on = models.DateField("asked on")
    status = models.CharField(max_length=9, choices=ReferralStage, default=ReferralStage.OPEN)
    scheduled_for = models.DateField(null=True, blank=True)
    due_on = models.DateField("next step by", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_referral_per_number"),
            models.CheckConstraint(
                condition=models.Q(status__in=["reported", "cancelled"], due_on=None, closed_on__isnull=False)
                | models.Q(status__in=["open", "sent", "scheduled"], due_on__isnull=False, closed_on=None),
                name="a_referral_is_closed_or_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "due_on", "id"],
                condition=models.Q(due_on__isnull=False),
                name="open_referrals_by_due",
            ),
            models.Index(fields=["practice", "patient"], name="referrals_of_patient"),
            models.Index(fields=["practice", "asked_on", "id"], name="referrals_by_day"),
        ]

    def __str__(self) -> str:
        return f"Referral {self.number}"

    @property
    def is_open(self) -> bool:
        """The loop is not closed."""
        return self.due_on is not None

    @property
    def can_send(self) -> bool:
        """Written and not sent yet."""
        return self.direction == self.Direction.OUT and self.status == ReferralStage.OPEN

    @property
    def can_schedule(self) -> bool:
        """The other side has it, and the visit can get its day, or another one."""
        return self.is_open and not self.can_send

    @property
    def can_report(self) -> bool:
        """The visit has its day, so the report can come."""
        return self.status == ReferralStage.SCHEDULED


class ReferralStep(AppendOnlyModel):
    """A step of a referral: which, on which day, and what was said."""

    patient_path = "referral__patient_id"
    takes_files = takes_notes = False

    referral = TenantForeignKey(Referral, models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=9, choices=ReferralStage)
    on = models.DateField()
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["practice", "referral", "created_at"], name="steps_of_referral")]

    def __str__(self) -> str:
        return self.get_stage_display()
