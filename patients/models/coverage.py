"""What insures a patient: cards by case, order and days. They are ended, never overwritten."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from kit import clock
from kit.status import Status
from patients.models.case import Case, days_of
from patients.models.patient import Patient
from practice.models import Payer
from practice.tenancy import TenantForeignKey, TenantModel

LOWEST_PRIORITY = 3


class Coverage(TenantModel):
    """What insures a case of a patient, from when to when; ``priority`` 1 is billed first, 3 last.

    One order of a case is held by one coverage a day: the database sees to it.
    """

    class Relationship(models.TextChoices):
        SELF = "18", "Self"
        SPOUSE = "01", "Spouse"
        CHILD = "19", "Child"
        OTHER = "G8", "Other"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="coverages")
    case = TenantForeignKey(Case, models.PROTECT, related_name="coverages")
    payer = TenantForeignKey(Payer, models.PROTECT, related_name="coverages")
    plan_name = models.CharField(
        "plan", max_length=80, blank=True, default="", db_default="", help_text="As the card has it: PPO Gold"
    )
    priority = models.PositiveSmallIntegerField(default=1)
    member_id = models.CharField(max_length=80)
    group_number = models.CharField(max_length=50, blank=True, default="")
    relationship = models.CharField(max_length=2, choices=Relationship, default=Relationship.SELF)
    subscriber_first_name = models.CharField(max_length=60, blank=True, default="")
    subscriber_last_name = models.CharField(max_length=60, blank=True, default="")
    subscriber_birth_date = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    copay = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="coverage_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(priority__range=(1, LOWEST_PRIORITY)),
                name="coverage_is_billed_first_second_or_third",
                violation_error_message="Enter an order from 1 (billed first) to 3.",
            ),
            ExclusionConstraint(
                name="one_coverage_of_an_order_a_day",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("case", RangeOperators.EQUAL),
                    ("priority", RangeOperators.EQUAL),
                    (days_of("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Another coverage has this order in this case on some of these days.",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "patient", "priority", "starts_on"], name="coverage_of_patient"),
            models.Index(
                fields=["practice", "ends_on"],
                condition=models.Q(ends_on__isnull=False),
                name="coverage_by_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payer} {self.member_id}"

    @property
    def standing(self) -> Status:
        """Active, ended or upcoming, today."""
        today = clock.now().date()
        if self.starts_on > today:
            return Status("Upcoming", "info")
        return Status("Active", "ok") if self.is_open else Status("Ended")

    @property
    def is_open(self) -> bool:
        """Whether it can still be ended: its last day is open or to come."""
        return self.ends_on is None or self.ends_on >= clock.now().date()
