"""Addresses by which somebody signs a consent from outside."""

from __future__ import annotations

from django.db import models

from kit import clock
from kit.status import Status, StatusChoices
from kit.words import us_phone
from patients.models.consent import ConsentVersion, PatientConsent
from patients.models.contact import Representative
from patients.models.patient import Patient
from practice.models import Membership
from practice.tenancy import TenantForeignKey, TenantModel


class ConsentLink(TenantModel):
    """An address for one signer and one version: it opens with the patient's date of birth and is answered once.

    Only the hash of its secret is kept. ``recipient``, ``covers`` and ``holds_until`` are what a release says.
    """

    secret_columns = ("secret_hash",)
    takes_files = takes_notes = False

    class Way(models.TextChoices):
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        HAND = "hand", "Address or code shown"

    class State(StatusChoices):
        GOING = "going", "On its way", "info"
        OPEN = "open", "Can be signed", "info"
        SIGNED = "signed", "Answered", "ok"  # signed, or declined: its consent says which
        FAILED = "failed", "Not sent", "bad"
        SHUT = "shut", "Shut", "bad"
        REVOKED = "revoked", "Revoked", "muted"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="consent_links")
    version = TenantForeignKey(ConsentVersion, models.PROTECT, related_name="links", verbose_name="consent")
    representative = TenantForeignKey(
        Representative,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="who signs for the patient",
    )
    way = models.CharField("sent by", max_length=5, choices=Way)
    address = models.CharField("to", max_length=254, blank=True, default="")
    state = models.CharField(max_length=7, choices=State, default=State.GOING)
    note = models.CharField(max_length=200, blank=True, default="")
    recipient = models.CharField("may go to", max_length=200, blank=True, default="")
    covers = models.CharField("what may go", max_length=300, blank=True, default="")
    holds_until = models.DateField(null=True, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True, default="")
    expires_at = models.DateTimeField("opens until")
    sent_at = models.DateTimeField("handed over", null=True, blank=True)
    opened_at = models.DateTimeField("first opened", null=True, blank=True)
    wrong = models.PositiveSmallIntegerField("wrong dates of birth", default=0)
    consent = TenantForeignKey(
        PatientConsent, models.PROTECT, related_name="links", null=True, blank=True, verbose_name="signature"
    )
    made_by = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="signed", consent__isnull=False)
                | (~models.Q(state="signed") & models.Q(consent=None)),
                name="a_signed_link_has_its_signature",
            )
        ]
        indexes = [
            models.Index(fields=["practice", "patient"], name="consent_links_of_patient"),
            models.Index(fields=["practice", "expires_at", "id"], name="consent_links_by_end"),
        ]

    def __str__(self) -> str:
        return f"Link to sign {self.version.form}"

    @property
    def is_live(self) -> bool:
        """It can still be signed, or declined."""
        return self.state in (self.State.GOING, self.State.OPEN) and self.expires_at > clock.now()

    @property
    def standing(self) -> Status:
        """How it stands now: an open one may have expired."""
        if self.state in (self.State.GOING, self.State.OPEN) and not self.is_live:
            return Status("Expired", "muted")
        if self.consent is not None:
            declined = self.consent.answer == PatientConsent.Answer.REFUSED
            return Status("Declined", "warn") if declined else Status("Signed", "ok")
        return Status(self.get_state_display(), self.State(self.state).tone)

    @property
    def signer(self) -> str:
        """Who is to sign."""
        return str(self.representative or self.patient)

    @property
    def sent_to(self) -> str:
        """The number or address as people read it."""
        return us_phone(self.address)

    @property
    def proof(self) -> str:
        """What is known of how a signature, or a refusal, came about."""
        how = f"By {self.get_way_display().lower()}" + (f" to {self.sent_to}" if self.address else "")
        return f"{how}, opened with the patient’s date of birth"
