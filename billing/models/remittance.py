"""Remittances: the raw file, each payment in it (one ST), its claims, lines and adjustments (X12.md 4.6, 4.7)."""

from django.db import models

from billing.models.claim import Claim, ClaimLine
from kit.status import StatusChoices
from practice.encrypted import EncryptedField
from practice.models import Payer
from practice.tenancy import TenantForeignKey, TenantModel


class RemittanceFile(TenantModel):
    """An 835 file as it came: raw text and its hash, unique in the practice; what could not be read, and where.

    The text names patients and what was done to them, so it is ciphertext at rest: ``reveal(file, "content")``.
    """

    secret_columns = ("content",)

    class State(StatusChoices):
        STAGED = "staged", "Staged", "info"
        REFUSED = "refused", "Refused", "bad"
        POSTED = "posted", "Posted", "ok"

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = EncryptedField()
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.STAGED)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "sha256"],
                name="one_file_per_content",
                violation_error_message="This file was already received.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def problems(self) -> list[str]:
        """What was not taken, and where, line by line."""
        return self.error.splitlines()


class Remittance(TenantModel):
    """One payment (ST) of a file. Its identity (payer, trace, day, digest) makes posting it twice impossible."""

    class State(StatusChoices):
        STAGED = "staged", "Ready to post", "info"
        REVIEW = "review", "Needs review", "warn"
        REFUSED = "refused", "Not balanced", "bad"
        QUARANTINED = "quarantined", "Quarantined", "bad"
        POSTED = "posted", "Posted", "ok"

    file = TenantForeignKey(RemittanceFile, models.PROTECT, related_name="remittances")
    position = models.PositiveIntegerField(help_text="Which ST of the file, from 1")
    payer = TenantForeignKey(Payer, models.PROTECT, related_name="remittances", null=True, blank=True)
    payer_name = models.CharField(max_length=80)
    payer_identity = models.CharField(max_length=80, help_text="TRN03, else N104 or REF*2U")
    trace_number = models.CharField(max_length=50)
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="BPR02")
    method = models.CharField(max_length=3, help_text="ACH, CHK, NON …")
    paid_on = models.DateField(null=True, blank=True, help_text="BPR16")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State, default=State.STAGED)
    problem = models.TextField(blank=True, default="", help_text="Why it cannot be posted, with its place")
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.TextField(blank=True, default="")
    unapplied = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "payer_identity", "trace_number", "paid_on", "digest"],
                nulls_distinct=False,
                name="one_payment_per_identity",
            ),
            models.UniqueConstraint(
                fields=["practice", "file", "position"], name="one_remittance_per_position"
            ),
        ]
        indexes = [models.Index(fields=["practice", "state", "-paid_on"], name="remittances_by_state")]

    def __str__(self) -> str:
        return f"{self.payer_name} {self.trace_number}"

    @property
    def claims_in_it(self) -> int:
        """How many claims it answers (from the selector's annotation)."""
        return getattr(self, "claim_count", 0)

    @property
    def claims_waiting(self) -> int:
        """How many of them wait for a decision after the posting (from the selector's annotation)."""
        return getattr(self, "unposted", 0) if self.state == self.State.POSTED else 0


class RemittanceClaim(TenantModel):
    """A claim of a remittance (CLP) and which of our claims it is."""

    class Match(StatusChoices):
        EXACT = "exact", "Matched", "ok"
        CANDIDATE = "candidate", "Check match", "warn"
        NONE = "none", "No match", "bad"

    remittance = TenantForeignKey(Remittance, models.CASCADE, related_name="claims")
    position = models.PositiveIntegerField()
    claim = TenantForeignKey(Claim, models.PROTECT, related_name="remittance_claims", null=True, blank=True)
    match = models.CharField(max_length=10, choices=Match, default=Match.NONE)
    claim_reference = models.CharField(max_length=50, help_text="CLP01")
    payer_control_number = models.CharField(max_length=50, blank=True, default="")
    status_code = models.CharField(max_length=3, help_text="CLP02")
    patient_name = models.CharField(max_length=120, blank=True, default="")
    charge = models.DecimalField(max_digits=12, decimal_places=2)
    paid = models.DecimalField(max_digits=12, decimal_places=2)
    patient_share = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    remarks = models.CharField(max_length=80, blank=True, default="", help_text="RARCs of MIA and MOA")
    problem = models.CharField(max_length=300, blank=True, default="")
    posted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "remittance", "position"], name="one_clp_per_position"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.claim_reference


class RemittanceLine(TenantModel):
    """A service line of a remitted claim (SVC) and which of our claim lines it is."""

    remittance_claim = TenantForeignKey(RemittanceClaim, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    claim_line = TenantForeignKey(ClaimLine, models.PROTECT, related_name="+", null=True, blank=True)
    procedure_code = models.CharField(max_length=48)
    line_control = models.CharField(max_length=50, blank=True, default="")
    service_date = models.DateField(null=True, blank=True)
    charge = models.DecimalField(max_digits=12, decimal_places=2)
    paid = models.DecimalField(max_digits=12, decimal_places=2)
    remarks = models.CharField(max_length=80, blank=True, default="", help_text="RARCs, space separated")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "remittance_claim", "position"], name="one_svc_per_position"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.procedure_code


class RemittanceAdjustment(TenantModel):
    """One adjustment (CAS triplet) of a claim or of a line. Signs as the payer sent them, never flipped."""

    remittance_claim = TenantForeignKey(RemittanceClaim, models.CASCADE, related_name="adjustments")
    line = TenantForeignKey(RemittanceLine, models.CASCADE, related_name="adjustments", null=True, blank=True)
    position = models.PositiveIntegerField()
    group_code = models.CharField(max_length=2)
    reason_code = models.CharField(max_length=5)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    quantity = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "remittance_claim", "line", "position"],
                nulls_distinct=False,
                name="one_cas_per_position",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group_code}-{self.reason_code} {self.amount}"


class ProviderAdjustment(TenantModel):
    """A provider-level adjustment (PLB): positive is kept by the payer, negative added by it."""

    remittance = TenantForeignKey(Remittance, models.CASCADE, related_name="provider_adjustments")
    position = models.PositiveIntegerField()
    reason = models.CharField(max_length=5)
    reference = models.CharField(max_length=60, blank=True, default="")
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "remittance", "position"], name="one_plb_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.amount}"
