"""Missed visits: the practice's policy step by step, and each no-show and late cancellation as a fact."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from kit.status import Status, StatusChoices
from kit.words import dollars, us_date
from patients.models import Patient
from practice.models import Letter, LetterTemplate, Membership
from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models.visit import Appointment

MOST_MISSES = 99


class MissPolicyStep(TenantModel):
    """What follows after so many missed visits in the policy's period: a letter, a flag, a fee, a manager's review."""

    takes_files = False

    misses = models.PositiveSmallIntegerField("after missed visits", help_text="In the period of the policy")
    letter = TenantForeignKey(
        LetterTemplate,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="About a visit; its variant in the patient’s language is used where there is one",
    )
    flag = models.CharField(
        max_length=40, blank=True, default="", help_text="Words at the head of the record. Empty: no flag"
    )
    review = models.BooleanField("the manager reviews", default=False)
    fee = models.BooleanField(
        "a fee is due", default=False, help_text="The amount is a rule: the same for everybody"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "misses"],
                name="one_policy_step_per_count",
                violation_error_message="There is a step for this number already.",
            ),
            models.CheckConstraint(
                condition=models.Q(misses__range=(1, MOST_MISSES)),
                name="a_policy_step_counts_misses",
                violation_error_message="Enter 1 to 99.",
            ),
        ]
        ordering = ["misses"]

    def __str__(self) -> str:
        return f"After {self.misses}"

    @property
    def what(self) -> str:
        """What follows, in words."""
        parts = (
            f"letter “{self.letter.name}”" if self.letter else "",
            f"flag “{self.flag}”" if self.flag else "",
            "review" if self.review else "",
            "fee" if self.fee else "",
        )
        return ", ".join(filter(None, parts)).capitalize() or "Nothing"

    @property
    def standing(self) -> Status:
        """Whether it is followed."""
        return Status("In use", "ok") if self.is_active else Status("Switched off")


class MissedVisit(TenantModel):
    """A visit that was not kept, and what the policy made of it. Excused ones stay on file and count no more."""

    takes_files = False

    class Kind(models.TextChoices):
        NO_SHOW = "no_show", "No-show"
        LATE = "late_cancel", "Cancelled late"

    class State(StatusChoices):
        COUNTED = "counted", "Counted", "warn"
        EXCUSED = "excused", "Excused", "ok"
        WITHDRAWN = "withdrawn", "Came after all", "muted"

    appointment = TenantForeignKey(Appointment, models.PROTECT, related_name="misses", verbose_name="visit")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind)
    day = models.DateField(help_text="The visit's day")
    state = models.CharField(max_length=9, choices=State, default=State.COUNTED)
    number = models.PositiveSmallIntegerField(
        "how many by then", default=0, help_text="Missed visits in the policy's period when it was followed"
    )
    step = TenantForeignKey(
        MissPolicyStep, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="policy step"
    )
    followed_at = models.DateTimeField("policy followed", null=True, blank=True)
    letter = TenantForeignKey(Letter, models.SET_NULL, related_name="+", null=True, blank=True)
    fee = models.DecimalField("fee by policy", max_digits=12, decimal_places=2, default=Decimal(0))
    fee_note = models.CharField("about the fee", max_length=200, blank=True, default="")
    excuse = models.CharField(max_length=200, blank=True, default="")
    excused_at = models.DateTimeField("excused", null=True, blank=True)
    excused_by = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "appointment"], name="a_visit_is_missed_once"),
            models.CheckConstraint(
                condition=~models.Q(state="excused") | ~models.Q(excuse=""), name="an_excuse_has_its_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "patient", "day"], name="misses_of_patient"),
            models.Index(fields=["practice", "day", "id"], name="misses_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {us_date(self.day)}"

    @property
    def by_then(self) -> str:
        """How many it made, '' before the policy was followed."""
        return str(self.number) if self.number else ""

    @property
    def location_id(self) -> object:
        """The visit's site."""
        return self.appointment.location_id

    @property
    def fee_due(self) -> str:
        """What the policy charges, in words; '' for nothing, or once it is excused."""
        return dollars(self.fee) if self.fee and self.state == self.State.COUNTED else ""

    @property
    def counts(self) -> bool:
        """Whether it can be excused."""
        return self.state == self.State.COUNTED

    @property
    def is_excused(self) -> bool:
        """Whether it can be made to count again."""
        return self.state == self.State.EXCUSED
