"""Denials: the table that says what an adjustment means, and a case for each true denial."""

from django.db import models
from django.db.models.functions import Now

from billing.models.claim import Claim, ClaimLine
from billing.models.remittance import RemittanceAdjustment
from kit.status import StatusChoices
from practice.models import Membership, Payer
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class DenialCategory(models.TextChoices):
    """Root causes, as the denial board groups them."""

    CODING = "coding", "Coding"
    ELIGIBILITY = "eligibility", "Eligibility"
    AUTHORIZATION = "authorization", "Authorization"
    TIMELY_FILING = "timely_filing", "Timely filing"
    DUPLICATE = "duplicate", "Duplicate"
    MEDICAL_NECESSITY = "medical_necessity", "Medical necessity"
    COB = "cob", "Coordination of benefits"
    BUNDLING = "bundling", "Bundling"
    OTHER = "other", "Other"


class AdjustmentRule(TenantModel):
    """What an adjustment is and what to do: looked up by payer, group, reason and remark, most specific first.

    '' in payer or remark means any. ``treatment`` decides the posting; only DENIAL opens a case.
    """

    class Treatment(models.TextChoices):
        CONTRACTUAL = "contractual", "Contractual: write off"
        PATIENT = "patient", "Patient share: move to the patient"
        DENIAL = "denial", "Denial: open a case, leave the balance"
        PRIOR_PAYER = "prior_payer", "Paid by another payer: information"
        SEQUESTRATION = "sequestration", "Sequestration: write off"
        REVIEW = "review", "Unknown: a person decides"

    payer = TenantForeignKey(Payer, models.CASCADE, related_name="+", null=True, blank=True)
    group_code = models.CharField(max_length=2, blank=True, default="")
    reason_code = models.CharField(max_length=5)
    remark_code = models.CharField(max_length=5, blank=True, default="")
    meaning = models.CharField(max_length=120, help_text="In our own words")
    treatment = models.CharField(max_length=14, choices=Treatment)
    category = models.CharField(max_length=18, choices=DenialCategory, blank=True, default="")
    next_action = models.CharField(max_length=160, blank=True, default="")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    citation = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "payer", "group_code", "reason_code", "remark_code", "effective_from"],
                nulls_distinct=False,
                name="one_adjustment_rule_per_key",
            )
        ]
        indexes = [models.Index(fields=["practice", "reason_code"], name="adjustment_rule_by_reason")]

    def __str__(self) -> str:
        return f"{self.group_code}-{self.reason_code} {self.meaning}"


class DenialCase(TenantModel):
    """One denied line (or whole claim) that somebody must answer before its deadline."""

    page_name = "billing:denial"

    class State(StatusChoices):
        NEW = "new", "New", "bad"
        WORKING = "working", "Working", "info"
        APPEALED = "appealed", "Appealed", "info"
        WAITING = "waiting", "Waiting", "warn"
        WON = "won", "Won", "ok"
        LOST = "lost", "Lost", "muted"

    number = models.PositiveIntegerField()
    claim = TenantForeignKey(Claim, models.PROTECT, related_name="denials")
    claim_line = TenantForeignKey(ClaimLine, models.PROTECT, related_name="denials", null=True, blank=True)
    adjustment = TenantForeignKey(RemittanceAdjustment, models.PROTECT, related_name="denials")
    payer = TenantForeignKey(Payer, models.PROTECT, related_name="+")
    category = models.CharField(max_length=18, choices=DenialCategory)
    group_code = models.CharField(max_length=2)
    reason_code = models.CharField(max_length=5)
    remark_codes = models.CharField(max_length=80, blank=True, default="")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    next_action = models.CharField(max_length=160)
    denied_on = models.DateField()
    deadline = models.DateField()
    owner = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    recovered = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_denial_per_number"),
            models.UniqueConstraint(fields=["practice", "adjustment"], name="one_case_per_adjustment"),
        ]
        indexes = [models.Index(fields=["practice", "state", "deadline", "id"], name="denials_by_deadline")]

    def __str__(self) -> str:
        return f"Denial {self.number}"


class DenialEvent(AppendOnlyModel):
    """A step taken on a denial."""

    denial = TenantForeignKey(DenialCase, models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=DenialCase.State)
    at = models.DateTimeField(db_default=Now())
    note = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.denial}: {self.state}"
