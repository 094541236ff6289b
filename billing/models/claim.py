"""Claims from draft to adjudication, the rules that hold them, and the batches they leave in (X12.md 4.1)."""

from django.db import models
from django.db.models.functions import Now

from billing.models.charge import Charge
from billing.rules.next_steps import next_action
from kit import clock
from kit.status import StatusChoices
from patients.models import Coverage, Patient
from patients.rules import HIDDEN_NAME
from practice.encrypted import EncryptedField
from practice.models import BillingEntity, Location, Payer
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel
from scheduling.models import Appointment
from staff.models import Provider


class ClaimBatch(TenantModel):
    """One interchange written into the outgoing folder: its control numbers and the hash of its bytes.

    The text is ciphertext here; only the file for the clearinghouse is readable.
    """

    secret_columns = ("content",)

    class State(StatusChoices):
        WRITTEN = "written", "Written", "info"
        ACCEPTED = "accepted", "Accepted", "ok"
        REJECTED = "rejected", "Rejected", "bad"

    interchange_number = models.PositiveIntegerField(help_text="ISA13, nine digits on the wire")
    group_number = models.PositiveIntegerField(help_text="GS06")
    payer = TenantForeignKey(Payer, models.PROTECT, related_name="+", null=True, blank=True)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = EncryptedField()
    claim_count = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    state = models.CharField(max_length=8, choices=State, default=State.WRITTEN)
    written_at = models.DateTimeField(
        null=True, blank=True, help_text="When the file lay in the outgoing folder"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "interchange_number"], name="one_batch_per_interchange"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Claim(TenantModel):
    """A request for payment to one payer for one visit. ``control_number`` is CLM01: opaque, never reused."""

    class State(StatusChoices):
        DRAFT = "draft", "Draft", "muted"
        HELD = "held", "Held", "warn"
        READY = "ready", "Ready", "info"
        SUBMITTED = "submitted", "Submitted", "info"
        REJECTED = "rejected", "Rejected", "bad"
        ACCEPTED = "accepted", "Accepted", "info"
        PAID = "paid", "Paid", "ok"
        PARTLY_PAID = "partly_paid", "Partly paid", "warn"
        DENIED = "denied", "Denied", "bad"
        REVERSED = "reversed", "Reversed", "warn"
        CLOSED = "closed", "Closed", "muted"
        VOIDED = "voided", "Voided", "muted"

    control_number = models.CharField(max_length=17)
    appointment = TenantForeignKey(Appointment, models.PROTECT, related_name="claims")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="claims")
    coverage = TenantForeignKey(Coverage, models.PROTECT, related_name="claims", null=True, blank=True)
    payer = TenantForeignKey(Payer, models.PROTECT, related_name="claims")
    billing_entity = TenantForeignKey(BillingEntity, models.PROTECT, related_name="+", null=True, blank=True)
    rendering_provider = TenantForeignKey(Provider, models.PROTECT, related_name="claims")
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")
    frequency = models.CharField(max_length=1, default="1", help_text="1 original, 7 replacement, 8 void")
    part = models.PositiveSmallIntegerField(
        default=1, help_text="A visit past 50 lines or with late charges has more"
    )
    replaces = TenantForeignKey("self", models.PROTECT, related_name="replaced_by", null=True, blank=True)
    payer_control_number = models.CharField(max_length=50, blank=True, default="")
    authorization_number = models.CharField(max_length=50, blank=True, default="")
    place_of_service = models.CharField(max_length=2, default="11")
    service_date = models.DateField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    origin = models.CharField(max_length=10, default="product", help_text="product, or import for history")
    batch = TenantForeignKey(ClaimBatch, models.PROTECT, related_name="claims", null=True, blank=True)
    first_submitted_on = models.DateField(null=True, blank=True)
    adjudicated_on = models.DateField(null=True, blank=True)
    file_by = models.DateField(help_text="Last day the payer takes it")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "control_number"], name="one_claim_per_control_number"
            ),
            models.UniqueConstraint(
                fields=["practice", "appointment", "payer", "frequency", "part"],
                condition=models.Q(frequency="1")
                & ~models.Q(state__in=["voided", "closed"])
                & models.Q(origin="product"),
                name="one_original_claim_per_visit_and_payer",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "state", "file_by", "id"], name="claims_by_state"),
            models.Index(fields=["practice", "-service_date", "-id"], name="claims_newest"),
            models.Index(fields=["practice", "patient", "-service_date"], name="claims_of_a_patient"),
            models.Index(fields=["practice", "payer", "-service_date"], name="claims_of_a_payer"),
        ]

    def __str__(self) -> str:
        return f"Claim {self.control_number}"

    @property
    def patient_shown(self) -> str:
        """The patient's name as whoever asks may read it (from the selector's annotation)."""
        return getattr(self, "shown_name", HIDDEN_NAME)

    @property
    def age(self) -> int:
        """Days since the service."""
        return max(0, (clock.now().date() - self.service_date).days)

    @property
    def next_step(self) -> str:
        """What somebody should do about it now; the rules that hold it come from the selector's prefetch."""
        holds = getattr(self, "open_holds", ())
        return next_action(
            self.state,
            hold=str(holds[0].rule.message) if holds else "",
            submitted_on=self.first_submitted_on,
            today=clock.now().date(),
        )


class ClaimLine(TenantModel):
    """A charge on a claim, with the reference its payer echoes (REF*6R) and the outcome so far."""

    claim = TenantForeignKey(Claim, models.CASCADE, related_name="lines")
    charge = TenantForeignKey(Charge, models.PROTECT, related_name="claim_lines")
    number = models.PositiveSmallIntegerField()
    line_control = models.CharField(max_length=30)
    paid = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    allowed = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "claim", "number"], name="one_line_per_number"),
            models.UniqueConstraint(fields=["practice", "claim", "charge"], name="one_line_per_charge"),
        ]
        indexes = [models.Index(fields=["practice", "charge"], name="claim_lines_of_a_charge")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.claim} line {self.number}"


class ClaimDiagnosis(TenantModel):
    """A diagnosis of a claim in its order (HI): lines point at positions 1 to 12."""

    claim = TenantForeignKey(Claim, models.CASCADE, related_name="diagnoses")
    code = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "claim", "position"], name="one_claim_diagnosis_per_position"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class ClaimEvent(AppendOnlyModel):
    """A step in a claim's life, in words."""

    claim = TenantForeignKey(Claim, models.PROTECT, related_name="events")
    state = models.CharField(max_length=12, choices=Claim.State)
    at = models.DateTimeField(db_default=Now())
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["practice", "claim", "at"], name="events_of_a_claim")]

    def __str__(self) -> str:
        return f"{self.claim}: {self.state}"


class ScrubRule(TenantModel):
    """A check a claim must pass before it leaves. The condition names a registered test and its parameter."""

    class Severity(StatusChoices):
        HOLD = "hold", "Holds the claim", "bad"
        WARN = "warn", "Warns", "warn"

    code = models.SlugField(max_length=40, db_index=False)
    message = models.CharField(max_length=200, help_text="What is wrong, and what to do")
    test = models.CharField(max_length=60, help_text="Name of a registered test in billing.rules.scrub")
    parameter = models.CharField(max_length=200, blank=True, default="")
    payer = TenantForeignKey(Payer, models.CASCADE, related_name="+", null=True, blank=True)
    severity = models.CharField(max_length=4, choices=Severity, default=Severity.HOLD)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    citation = models.CharField(max_length=120, blank=True, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "code", "effective_from"], name="one_rule_per_code_and_date"
            )
        ]

    def __str__(self) -> str:
        return self.message


class ScrubFinding(TenantModel):
    """A rule that a claim failed; overridden only with a name and a reason."""

    claim = TenantForeignKey(Claim, models.CASCADE, related_name="findings")
    rule = TenantForeignKey(ScrubRule, models.PROTECT, related_name="findings")
    line_number = models.PositiveSmallIntegerField(null=True, blank=True)
    detail = models.CharField(max_length=200, blank=True, default="")
    overridden_at = models.DateTimeField(null=True, blank=True)
    override_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "claim", "rule", "line_number"],
                nulls_distinct=False,
                name="one_finding_per_line",
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.rule}"
