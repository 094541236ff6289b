"""Visits that a patient pays in full and of which the plan is not told (45 CFR 164.522(a)(1)(vi))."""

from __future__ import annotations

from django.db import models

from kit.status import Status
from practice.models import Payer
from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models import Appointment


class PlanRestriction(TenantModel):
    """A visit is not disclosed to a plan, or to none at all: who asked, when. It is undone with a reason, not deleted.

    No claim of the visit goes to that plan while it stands, whatever case or coverage the visit comes to have.
    """

    patient_path = "appointment__patient_id"

    appointment = TenantForeignKey(
        Appointment, models.PROTECT, related_name="plan_restrictions", verbose_name="visit"
    )
    payer = TenantForeignKey(
        Payer,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="plan",
        help_text="Empty: no plan is told",
    )
    asked_by = models.CharField("who asked", max_length=120)
    asked_on = models.DateField("asked on")
    note = models.CharField("how it is paid", max_length=200, blank=True, default="")
    lifted_on = models.DateField("undone on", null=True, blank=True)
    lifted_reason = models.CharField("why it was undone", max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "appointment", "payer"],
                condition=models.Q(lifted_on=None),
                nulls_distinct=False,
                name="one_restriction_per_visit_and_plan",
                violation_error_message="This visit is kept from that plan already.",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_on=None, lifted_reason="")
                | models.Q(lifted_on__isnull=False) & ~models.Q(lifted_reason=""),
                name="what_was_undone_has_its_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "appointment"], name="restrictions_of_visit"),
            models.Index(fields=["practice", "-asked_on", "-id"], name="restrictions_newest"),
        ]

    def __str__(self) -> str:
        return f"Not disclosed to {self.plan}"

    @property
    def plan(self) -> str:
        """The plan that is not told, or all of them."""
        return str(self.payer) if self.payer_id else "any plan"

    @property
    def words(self) -> str:
        """What whoever makes claims must know."""
        return (
            f"The patient pays this visit in full and asked on {self.asked_on:%m/%d/%Y} that it is not disclosed to "
            f"{self.plan} (45 CFR 164.522(a)(1)(vi))"
        )

    @property
    def standing(self) -> Status:
        """Whether billing obeys it."""
        return Status("Not disclosed", "bad") if self.lifted_on is None else Status("Undone")

    @property
    def is_open(self) -> bool:
        """It can be undone."""
        return self.lifted_on is None
