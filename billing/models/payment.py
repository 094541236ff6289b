"""Money that a patient gave at the desk or sent in, and the number of its receipt."""

from __future__ import annotations

from django.db import models

from kit.money import ZERO
from kit.status import Status
from patients.models import Patient
from practice.models import Location, Membership
from practice.tenancy import TenantForeignKey, TenantModel
from scheduling.models import Appointment

SHOWN_DIGITS = 4


class PatientPayment(TenantModel):
    """One payment, with a receipt number that has no gap. It is voided with a reason, never changed or deleted.

    Its money stands in the ledger: entries of kind patient payment whose source is "payment" and whose key begins with
    this row's id.
    """

    takes_files = False

    class Method(models.TextChoices):
        CARD = "card", "Card"
        CHECK = "check", "Check"
        CASH = "cash", "Cash"
        OTHER = "other", "Other"

    number = models.CharField("receipt number", max_length=20)
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="payments")
    visit = TenantForeignKey(Appointment, models.PROTECT, related_name="payments", null=True, blank=True)
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    method = models.CharField(max_length=10, choices=Method)
    reference = models.CharField(
        max_length=40,
        blank=True,
        default="",
        help_text="Check number, or the approval number of the card terminal; never a card number",
    )
    note = models.CharField(max_length=200, blank=True, default="")
    received_on = models.DateField("received on")
    received_by = TenantForeignKey(
        Membership, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="taken by"
    )
    balance_after = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        help_text="What the patient owed after it, money on account counted; below zero is a credit",
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    voided_reason = models.CharField("why it was voided", max_length=500, blank=True, default="")
    counted = models.GeneratedField(
        verbose_name="amount that counts",
        expression=models.Case(
            models.When(voided_at__isnull=True, then=models.F("amount")),
            default=models.Value(ZERO),
        ),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
        help_text="The amount, nothing once it is voided: what a day's money adds up to",
    )

    class Meta:
        verbose_name = "patient payment"
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_payment_per_receipt"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0),
                name="a_payment_is_above_zero",
                violation_error_message="Enter an amount above zero.",
            ),
            models.CheckConstraint(
                condition=models.Q(voided_at=None, voided_reason="")
                | models.Q(voided_at__isnull=False) & ~models.Q(voided_reason=""),
                name="what_was_voided_has_its_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "-received_on", "-id"], name="payments_newest"),
            models.Index(fields=["practice", "patient", "received_on"], name="payments_of_a_patient"),
            models.Index(
                fields=["practice", "visit"],
                condition=models.Q(visit__isnull=False),
                name="payments_of_a_visit",
            ),
        ]

    def __str__(self) -> str:
        return f"Receipt {self.number}"

    @property
    def standing(self) -> Status:
        """Whether its money counts."""
        return Status("Taken", "ok") if self.can_void else Status("Voided", "bad")

    @property
    def can_void(self) -> bool:
        """It still counts, so it can be taken back."""
        return self.voided_at is None

    @property
    def paid_by(self) -> str:
        """Method and the end of its reference: "Card, ending 4417"."""
        said = str(self.get_method_display())
        if not self.reference:
            return said
        whole = self.reference.replace(" ", "")
        word = "ending" if len(whole) > SHOWN_DIGITS else "number"
        return f"{said}, {word} {whole[-SHOWN_DIGITS:]}"
