"""Cases: what a visit is for decides who pays. Coverage and self-pay belong to a case, visits are put on one."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from kit import clock
from kit.status import Status
from kit.words import us_date
from patients.models.patient import Patient
from practice.tenancy import TenantForeignKey, TenantModel


def days_of(first: str, last: str) -> models.Func:
    """The days from one column to another, both counted; an empty last day is none yet."""
    return models.Func(first, last, models.Value("[]"), function="daterange", output_field=DateRangeField())


class Case(TenantModel):
    """Why somebody comes and who therefore pays: illness and prevention, a work injury, a car or other accident.

    Each patient has one medical case, opened at registration; the others have their claim with an insurer. A patient
    that is deleted would take them along, so ``patient`` cascades; no service deletes one.
    """

    class Kind(models.TextChoices):
        MEDICAL = "medical", "Medical"
        WORK_INJURY = "work_injury", "Work injury"
        AUTO = "auto", "Auto accident"
        LIABILITY = "liability", "Other liability"

    patient = TenantForeignKey(Patient, models.CASCADE, related_name="cases")
    kind = models.CharField(max_length=11, choices=Kind, default=Kind.MEDICAL)
    claim_number = models.CharField(max_length=50, blank=True, default="", help_text="The insurer's")
    injured_on = models.DateField("day of injury", null=True, blank=True)
    state = models.CharField(max_length=2, blank=True, default="", help_text="Where it happened; two letters")
    adjuster = models.CharField(max_length=120, blank=True, default="")
    adjuster_phone = models.CharField("adjuster's telephone", max_length=20, blank=True, default="")
    employer = models.CharField(
        max_length=120, blank=True, default="", help_text="At the time of a work injury"
    )
    words = models.CharField("what happened", max_length=200, blank=True, default="")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient"],
                condition=models.Q(kind="medical"),
                name="one_medical_case_per_patient",
                violation_error_message="This patient has a medical case already.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="medical", injured_on=None, closed_on=None)
                | (~models.Q(kind="medical") & models.Q(injured_on__isnull=False)),
                name="an_injury_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on=None) | models.Q(closed_on__gte=models.F("opened_on")),
                name="a_case_closes_after_it_opens",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "patient", "opened_on"], name="cases_of_patient"),
            models.Index(fields=["practice", "-opened_on", "-id"], name="cases_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {us_date(self.injured_on)}" if self.injured_on else "Medical"

    @property
    def is_medical(self) -> bool:
        """Whether it is the one for illness and prevention."""
        return self.kind == self.Kind.MEDICAL

    @property
    def standing(self) -> Status:
        """Open or closed."""
        return Status("Open", "ok") if self.closed_on is None else Status("Closed")

    @property
    def can_close(self) -> bool:
        """The medical case is never over."""
        return self.closed_on is None and not self.is_medical

    @property
    def can_reopen(self) -> bool:
        """It was closed."""
        return self.closed_on is not None

    @property
    def pays_alone(self) -> bool:
        """Whether the patient pays today without a plan, as an agreed state of the case."""
        today = clock.now().date()
        open_or_later = models.Q(ends_on=None) | models.Q(ends_on__gte=today)
        return self.self_pay.filter(open_or_later, starts_on__lte=today).exists()

    @property
    def can_self_pay(self) -> bool:
        """Self-pay is not agreed for today and all days to come."""
        return self.closed_on is None and not self.self_pay.filter(ends_on=None).exists()

    @property
    def ends_self_pay(self) -> bool:
        """Self-pay is agreed without a last day."""
        return self.self_pay.filter(ends_on=None).exists()

    @property
    def pays(self) -> Status:
        """Who pays today: the patient by agreement, a plan, or nobody known."""
        if self.pays_alone:
            return Status("Self-pay", "info")
        today = clock.now().date()
        open_or_later = models.Q(ends_on=None) | models.Q(ends_on__gte=today)
        covered = self.coverages.filter(open_or_later, starts_on__lte=today).exists()
        return Status("Covered", "ok") if covered else Status("No coverage", "warn")


class SelfPay(TenantModel):
    """From when to when the patient pays a case without any plan, agreed in words. It is ended, never overwritten."""

    patient_path = "case__patient_id"

    case = TenantForeignKey(Case, models.PROTECT, related_name="self_pay")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200)

    class Meta:
        verbose_name = "self-pay agreement"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="self_pay_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="one_self_pay_a_day",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("case", RangeOperators.EQUAL),
                    (days_of("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Self-pay is agreed for some of these days already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Self-pay from {us_date(self.starts_on)}"

    @property
    def standing(self) -> Status:
        """In force, ended or upcoming, today."""
        today = clock.now().date()
        if self.starts_on > today:
            return Status("Upcoming", "info")
        return Status("Active", "ok") if self.ends_on is None or self.ends_on >= today else Status("Ended")


class VisitCase(TenantModel):
    """Which case a visit belongs to; one without a row is for the medical case.

    The schedule stands above this room, so the visit is named by its key alone; the service asks the visit's own door
    whether it is there and whose it is.
    """

    patient_path = "case__patient_id"

    visit_id = models.UUIDField(help_text="The appointment's key")
    case = TenantForeignKey(Case, models.PROTECT, related_name="visits")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "visit_id"], name="one_case_per_visit"),
        ]

    def __str__(self) -> str:
        return f"Visit for {self.case}"
