"""What patients and their families complained about, and the steps taken on it."""

from datetime import date

from django.db import models

from kit.status import StatusChoices
from patients import complaint_rules
from patients.models.patient import Patient
from practice.models import Location, Membership
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class Complaint(TenantModel):
    """A complaint or grievance, with its stage and the two clocks that run on it."""

    class Stage(StatusChoices):
        RECEIVED = "received", "Received", "info"
        ACKNOWLEDGED = "acknowledged", "Acknowledged", "info"
        INVESTIGATING = "investigating", "Investigating", "info"
        RESPONDED = "responded", "Responded", "ok"
        CLOSED = "closed", "Closed", "muted"
        REOPENED = "reopened", "Reopened", "warn"

    class Category(models.TextChoices):
        CLINICAL = "clinical", "Clinical care"
        ACCESS = "access", "Access and waiting"
        CONDUCT = "conduct", "Staff conduct"
        COMMUNICATION = "communication", "Communication"
        BILLING = "billing", "Billing"
        PRIVACY = "privacy", "Privacy"
        SAFETY = "safety", "Safety"
        FACILITY = "facility", "Facility"
        DISCRIMINATION = "discrimination", "Discrimination"
        RECORDS = "records", "Records"
        TELEHEALTH = "telehealth", "Telehealth"

    class Channel(models.TextChoices):
        PHONE = "phone", "Phone"
        IN_PERSON = "in_person", "In person"
        LETTER = "letter", "Letter"
        EMAIL = "email", "E-mail"
        REVIEW = "review", "Online review"

    class Severity(StatusChoices):
        LOW = "low", "Low", "muted"
        MEDIUM = "medium", "Medium", "warn"
        HIGH = "high", "High", "bad"

    number = models.PositiveIntegerField()
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="complaints", null=True, blank=True)
    complainant = models.CharField(
        max_length=120, blank=True, default="", help_text="Who told us, when not the patient"
    )
    location = TenantForeignKey(Location, models.PROTECT, related_name="+", null=True, blank=True)
    received_on = models.DateField()
    channel = models.CharField(max_length=10, choices=Channel)
    category = models.CharField(max_length=14, choices=Category)
    severity = models.CharField(max_length=6, choices=Severity, default=Severity.MEDIUM)
    is_grievance = models.BooleanField(
        default=False, help_text="Written, postponed, or needs an investigation"
    )
    summary = models.CharField(max_length=200)
    details = models.TextField(blank=True, default="")
    stage = models.CharField(max_length=14, choices=Stage, default=Stage.RECEIVED)
    acknowledge_by = models.DateField()
    resolve_by = models.DateField()
    owner = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    resolution = models.TextField(blank=True, default="")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_complaint_per_number")
        ]
        indexes = [models.Index(fields=["practice", "stage", "resolve_by"], name="complaint_by_deadline")]

    def __str__(self) -> str:
        return f"Complaint {self.number}"

    @property
    def next_due(self) -> date:
        """The day of its next clock: of the acknowledgment until it was heard, then of the answer."""
        return self.acknowledge_by if self.stage == self.Stage.RECEIVED else self.resolve_by

    @property
    def who(self) -> str:
        """Who complained: the patient, whoever spoke for them, or nobody known."""
        return str(self.patient) if self.patient is not None else self.complainant or "Anonymous"

    @property
    def can_acknowledge(self) -> bool:
        """Nobody has answered yet."""
        return self.stage in complaint_rules.before("acknowledged")

    @property
    def can_investigate(self) -> bool:
        """Somebody can start to look into it."""
        return self.stage in complaint_rules.before("investigating")

    @property
    def can_respond(self) -> bool:
        """The answer can be given."""
        return self.stage in complaint_rules.before("responded")

    @property
    def can_close(self) -> bool:
        """Nothing more to do: answered, or settled on the spot."""
        return not complaint_rules.refusal(self.stage, wanted="closed", is_grievance=self.is_grievance)

    @property
    def can_reopen(self) -> bool:
        """Closed."""
        return self.stage in complaint_rules.before("reopened")


class ComplaintEvent(AppendOnlyModel):
    """A step taken on a complaint, with what was said."""

    complaint = TenantForeignKey(Complaint, models.PROTECT, related_name="events")
    stage = models.CharField(max_length=14, choices=Complaint.Stage)
    note = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.complaint}: {self.stage}"
