"""What patients are asked to sign: forms, their published versions, and each signature or refusal as a fact."""

from __future__ import annotations

from datetime import date

from django.db import models

from kit import clock
from kit.status import Status
from patients.models.contact import Representative
from patients.models.patient import Patient
from practice.models import Language
from practice.models.letter import shown_lines
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class ConsentForm(TenantModel):
    """A paper people are asked to sign, and of whom it is asked. What it says stands in its versions."""

    class Kind(models.TextChoices):
        PRIVACY = "privacy", "Notice of privacy practices"
        BENEFITS = "benefits", "Assignment of benefits"
        SIGNATURE = "signature", "Signature on file"
        RELEASE = "release", "Release of information"
        FINANCIAL = "financial", "Financial policy"
        TELEHEALTH = "telehealth", "Telehealth"
        TREATMENT = "treatment", "Treatment"
        OTHER = "other", "Other"

    class Asked(models.TextChoices):
        EVERYONE = "everyone", "Every patient"
        INSURED = "insured", "Patients whose visit a plan is billed for"
        TELEHEALTH = "telehealth", "Telehealth visits"
        REQUEST = "request", "Only when there is reason to"

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind)
    asked_of = models.CharField("asked of", max_length=10, choices=Asked, default=Asked.EVERYONE)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"],
                name="one_consent_form_per_name",
                violation_error_message="There is a consent form of this name.",
            )
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def refusal_is_enough(self) -> bool:
        """A notice need not be signed: the good-faith effort is written down (45 CFR 164.520(c)(2)(ii))."""
        return self.kind == self.Kind.PRIVACY

    @property
    def standing(self) -> Status:
        """Whether it is still asked for."""
        return Status("In use", "ok") if self.is_active else Status("No longer asked")


class ConsentVersion(AppendOnlyModel):
    """What a form said from a day on, in one language: never changed, by nobody. The newest in force is signed."""

    takes_files = False

    form = TenantForeignKey(ConsentForm, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    language = models.CharField(max_length=2, choices=Language, default=Language.EN)
    title = models.CharField(max_length=200)
    body = models.TextField("text")
    effective_from = models.DateField("in force from")
    valid_months = models.PositiveSmallIntegerField(
        "months a signature holds", null=True, blank=True, help_text="Empty: until it is taken back"
    )
    asks_again = models.BooleanField(
        "earlier signatures no longer count",
        default=False,
        help_text="Whoever signed an earlier version is asked again",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "form", "number"], name="one_consent_per_number"),
            models.CheckConstraint(
                condition=models.Q(valid_months=None) | models.Q(valid_months__gte=1),
                name="a_consent_holds_a_month_at_least",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form}, version {self.number}"

    @property
    def lines(self) -> list[str]:
        """The text line by line."""
        return shown_lines(self.body)


class PatientConsent(AppendOnlyModel):
    """A signature, or that it was refused: a fact with its version, who, when, how, and before whom.

    ``expires_on`` is the last day it holds. ``recipient`` and ``covers`` say of a release to whom what may go
    (45 CFR 164.508(c)(1)).
    """

    class Answer(models.TextChoices):
        SIGNED = "signed", "Signed"
        REFUSED = "refused", "Not signed"

    class How(models.TextChoices):
        TYPED = "typed", "On screen, name typed"
        PAPER = "paper", "On paper"
        REMOTE = "link", "From outside, by link"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="consents")
    version = TenantForeignKey(ConsentVersion, models.PROTECT, related_name="consents")
    answer = models.CharField(max_length=7, choices=Answer)
    signed_at = models.DateTimeField("when")
    signed_on = models.DateField("day", help_text="By the practice's own clock")
    signed_by = models.CharField("who", max_length=120)
    representative = TenantForeignKey(
        Representative, models.PROTECT, related_name="consents", null=True, blank=True
    )
    how = models.CharField(max_length=5, choices=How, blank=True, default="")
    drawing = models.TextField(
        "drawn signature", blank=True, default="", db_default="", help_text="SVG path data, 600 by 200"
    )
    witness = models.CharField(max_length=120, blank=True, default="")
    reason = models.CharField(
        "why it was not signed", max_length=200, blank=True, default="", help_text="And what was tried"
    )
    expires_on = models.DateField("holds until", null=True, blank=True)
    recipient = models.CharField("may go to", max_length=200, blank=True, default="")
    covers = models.CharField("what may go", max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer="signed", reason="") & ~models.Q(how="")
                | models.Q(answer="refused", how="", expires_on=None) & ~models.Q(reason=""),
                name="a_signature_has_its_way_a_refusal_its_reason",
            )
        ]
        indexes = [
            models.Index(fields=["practice", "patient", "signed_at"], name="signatures_of_patient"),
            models.Index(fields=["practice", "signed_at", "id"], name="signatures_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.version.form}: {self.get_answer_display().lower()}"

    @property
    def revocation(self) -> ConsentRevocation | None:
        """What took it back, if anything did."""
        return next(iter(self.revocations.all()), None)

    @property
    def revoked_on(self) -> date | None:
        """The day it was taken back."""
        return self.revocation.revoked_on if self.revocation else None

    @property
    def revoked_why(self) -> str:
        """Who took it back, and why."""
        taken = self.revocation
        return f"{taken.revoked_by}: {taken.reason}" if taken else ""

    @property
    def standing(self) -> Status:
        """Whether it holds today."""
        if self.answer == self.Answer.REFUSED:
            return Status("Not signed", "warn")
        if self.revocation is not None:
            return Status("Taken back", "bad")
        if self.expires_on is not None and self.expires_on < clock.now().date():
            return Status("Expired", "warn")
        return Status("Signed", "ok")

    @property
    def by_link(self) -> str:
        """How an answer from outside came about; '' for any other."""
        outside = self.how == self.How.REMOTE or self.answer == self.Answer.REFUSED
        link = self.links.first() if outside else None
        return link.proof if link is not None else ""

    @property
    def can_revoke(self) -> bool:
        """It was signed and not taken back."""
        return self.answer == self.Answer.SIGNED and self.revocation is None


class ConsentRevocation(AppendOnlyModel):
    """A signature taken back, from a day on, with who and why. What was done before stays right."""

    patient_path = "consent__patient_id"
    takes_files = takes_notes = False

    consent = TenantForeignKey(PatientConsent, models.PROTECT, related_name="revocations")
    revoked_on = models.DateField()
    revoked_by = models.CharField("who", max_length=120)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "consent"],
                name="a_consent_is_taken_back_once",
                violation_error_message="This consent was taken back already.",
            )
        ]

    def __str__(self) -> str:
        return f"Taken back: {self.consent}"
