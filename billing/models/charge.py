"""What was done and what it costs: codes, fees, charges."""

from django.db import models

from kit.status import StatusChoices
from kit.words import dollars
from patients.models import Patient
from practice.models import Location
from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models import Appointment
from staff.models import Provider


class ProcedureCode(TenantModel):
    """A code the practice bills or receives. Names are the practice's own words, never the AMA's.

    ``billable_code`` is what a foreign code (SNOMED CT, RxNorm, CVX) becomes on a claim; empty: not mapped yet.
    """

    class System(models.TextChoices):
        CPT = "cpt", "CPT / HCPCS"
        SNOMED = "snomed", "SNOMED CT"
        RXNORM = "rxnorm", "RxNorm"
        CVX = "cvx", "CVX"
        OTHER = "other", "Other"

    system = models.CharField(max_length=8, choices=System, default=System.CPT)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=255, blank=True, default="")
    billable_code = models.CharField(max_length=5, blank=True, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "system", "code"], name="one_code_per_system")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def claim_code(self) -> str:
        """The code a claim carries, '' while a foreign code has no mapping."""
        return self.code if self.system == self.System.CPT else self.billable_code


class UnmappedCode(TenantModel):
    """Work list: a received code without a billable one. Its money already counts; its claims wait."""

    class State(StatusChoices):
        OPEN = "open", "Open", "warn"
        MAPPED = "mapped", "Mapped", "ok"
        IGNORED = "ignored", "Not billable", "muted"

    code = TenantForeignKey(ProcedureCode, models.CASCADE, related_name="work_list")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    charge_count = models.PositiveIntegerField(default=0)
    charge_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "code"], name="one_work_row_per_code")]

    def __str__(self) -> str:
        return str(self.code)


class FeeScheduleLine(TenantModel):
    """The practice's own fee for a code, between two dates."""

    code = models.CharField(max_length=30)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "code", "effective_from"], name="one_fee_per_code_and_date"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="fee_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.code}, {dollars(self.amount)}"


class Charge(TenantModel):
    """One service line of a visit. Its money stands in the ledger as one entry of kind charge."""

    appointment = TenantForeignKey(Appointment, models.PROTECT, related_name="charges")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="charges")
    provider = TenantForeignKey(Provider, models.PROTECT, related_name="+")
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")
    procedure = TenantForeignKey(ProcedureCode, models.PROTECT, related_name="charges")
    modifier1 = models.CharField(max_length=2, blank=True, default="")
    modifier2 = models.CharField(max_length=2, blank=True, default="")
    modifier3 = models.CharField(max_length=2, blank=True, default="")
    modifier4 = models.CharField(max_length=2, blank=True, default="")
    units = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="For all units")
    service_date = models.DateField()
    posted_on = models.DateField(help_text="The day it entered the ledger")
    place_of_service = models.CharField(max_length=2, default="11")
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="charge_is_not_negative"),
            models.CheckConstraint(condition=models.Q(units__gt=0), name="units_are_positive"),
        ]
        indexes = [
            models.Index(fields=["practice", "appointment"], name="charges_of_a_visit"),
            models.Index(fields=["practice", "service_date"], name="charges_by_service_date"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.amount}"

    @property
    def code(self) -> str:
        """The procedure's code."""
        return str(self.procedure.code)

    @property
    def diagnosis_codes(self) -> list[str]:
        """What it points at, the principal one first."""
        return [each.code for each in self.diagnoses.all()]

    @property
    def modifiers(self) -> list[str]:
        """The modifiers that are set, in order."""
        return [m for m in (self.modifier1, self.modifier2, self.modifier3, self.modifier4) if m]


class ChargeDiagnosis(TenantModel):
    """A diagnosis (ICD-10-CM, no dot) that a charge points at; ``position`` 1 is the principal one."""

    charge = TenantForeignKey(Charge, models.CASCADE, related_name="diagnoses")
    code = models.CharField(max_length=20)
    system = models.CharField(max_length=8, default="icd10")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "charge", "position"], name="one_diagnosis_per_position"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code
