"""The patient ledger: append-only entries whose sum is the balance, and the open items screens read."""

from django.db import models

from billing.models.charge import Charge
from billing.models.claim import Claim
from kit.words import us_date
from patients.models import Coverage, Patient
from practice.models import Location, Payer
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class LedgerEntry(AppendOnlyModel):
    """One movement of money on a charge (or unapplied on a patient). Signed: charges add, payments take away.

    ``amount`` > 0 raises what is owed. A transfer of responsibility is two entries that sum to zero. Payments,
    adjustments and write-offs are negative; a refund or a reversal of them is positive.
    ``responsible`` says whose balance it moves: the coverage's payer, or the patient when ``payer`` is empty.
    The source (kind and key) says where it comes from and makes posting twice impossible.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", "Charge"
        INSURANCE_PAYMENT = "insurance_payment", "Insurance payment"
        ADJUSTMENT = "adjustment", "Adjustment"
        TRANSFER = "transfer", "Transfer of responsibility"
        PATIENT_PAYMENT = "patient_payment", "Patient payment"
        REFUND = "refund", "Refund"
        WRITE_OFF = "write_off", "Write-off"
        REVERSAL = "reversal", "Reversal"

    kind = models.CharField(max_length=18, choices=Kind)
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="ledger")
    charge = TenantForeignKey(Charge, models.PROTECT, related_name="ledger", null=True, blank=True)
    claim = TenantForeignKey(Claim, models.PROTECT, related_name="ledger", null=True, blank=True)
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")
    payer = TenantForeignKey(Payer, models.PROTECT, related_name="+", null=True, blank=True)
    coverage = TenantForeignKey(Coverage, models.PROTECT, related_name="+", null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    service_date = models.DateField()
    posted_on = models.DateField(help_text="The accounting day")
    group_code = models.CharField(
        max_length=2, blank=True, default="", help_text="CO, PR, OA, PI of an adjustment"
    )
    reason_code = models.CharField(max_length=5, blank=True, default="", help_text="CARC of an adjustment")
    method = models.CharField(
        max_length=10, blank=True, default="", help_text="cash, check, card, eft, copay"
    )
    memo = models.CharField(max_length=200, blank=True, default="")
    reverses = TenantForeignKey("self", models.PROTECT, related_name="reversals", null=True, blank=True)
    source_kind = models.CharField(max_length=20, help_text="visit, remittance, counter, import, reversal")
    source_key = models.CharField(
        max_length=120, help_text="file/claim/line/adjustment index, or the import's row"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "source_kind", "source_key"], name="one_entry_per_source"
            ),
            models.UniqueConstraint(
                fields=["practice", "reverses"],
                condition=models.Q(reverses__isnull=False),
                name="one_reversal_per_entry",
                violation_error_message="This entry was already reversed.",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "patient", "posted_on"], name="entries_of_a_patient"),
            models.Index(fields=["practice", "charge"], name="entries_of_a_charge"),
            models.Index(fields=["practice", "posted_on", "kind"], name="entries_by_day"),
            models.Index(
                fields=["practice", "claim"],
                condition=models.Q(claim__isnull=False),
                name="entries_of_a_claim",
            ),
        ]
        ordering = ["posted_on", "created_at", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {us_date(self.posted_on)}"

    @property
    def party(self) -> str:
        """Whose balance it moves: a payer's or the patient's."""
        return str(self.payer) if self.payer is not None else "Patient"

    @property
    def why(self) -> str:
        """Group and reason of an adjustment, and what was noted."""
        code = f"{self.group_code}-{self.reason_code}" if self.reason_code else ""
        return " ".join(each for each in (code, self.memo) if each)

    @property
    def code(self) -> str:
        """The procedure it is about, '' for money that is on no charge."""
        return str(self.charge.procedure) if self.charge is not None else ""


class OpenItem(TenantModel):
    """Projection of the ledger: what one party still owes on one charge. Written only with the ledger.

    ``payer`` empty: the patient owes it. Recomputed by check-invariants.
    """

    audit = ""  # generated from the ledger

    charge = TenantForeignKey(Charge, models.CASCADE, related_name="open_items")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="open_items")
    payer = TenantForeignKey(Payer, models.PROTECT, related_name="+", null=True, blank=True)
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")
    service_date = models.DateField()
    first_billed_on = models.DateField(null=True, blank=True, help_text="Never re-aged")
    balance = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "charge", "payer"], nulls_distinct=False, name="one_open_item_per_party"
            )
        ]
        indexes = [
            models.Index(
                fields=["practice", "payer", "first_billed_on"],
                condition=~models.Q(balance=0),
                name="open_balances",
            ),
            models.Index(
                fields=["practice", "patient"], condition=~models.Q(balance=0), name="open_of_a_patient"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge} {self.balance}"
