"""People treated here: who they are, what covers them, what they complained about."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Lower

from kit import clock
from kit.status import Status, StatusChoices
from kit.words import us_date
from patients import complaint_rules, rules
from practice.encrypted import EncryptedField
from practice.models import Location, Membership, Payer
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel
from staff.models import Provider


def _key(source: str, *, length: int) -> "models.GeneratedField":
    """A lower-case twin in byte order: the only kind of text an index serves under row-level security."""
    return models.GeneratedField(
        expression=Lower(source),
        output_field=models.CharField(max_length=length, db_collation="C"),
        db_persist=True,
    )


class Patient(TenantModel):
    """A person treated here. ``mrn`` is the practice's own number; SSN is encrypted and optional."""

    secret_columns = ("ssn",)

    class Sex(models.TextChoices):
        FEMALE = "F", "Female"
        MALE = "M", "Male"
        UNKNOWN = "U", "Not known"

    mrn = models.CharField(max_length=20)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    ssn = EncryptedField(blank=True, default="")
    ssn_last4 = models.CharField(max_length=4, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="", help_text="Digits only")
    email = models.EmailField(blank=True, default="")
    address_line = models.CharField(max_length=120, blank=True, default="")
    city = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=2, blank=True, default="")
    postal_code = models.CharField(max_length=10, blank=True, default="")
    usual_provider = TenantForeignKey(Provider, models.SET_NULL, related_name="+", null=True, blank=True)
    deceased_on = models.DateField(null=True, blank=True)
    is_restricted = models.BooleanField(
        "restricted", default=False, help_text="Hidden but for roles that may see restricted"
    )
    restriction_reason = models.CharField(
        max_length=200, blank=True, default="", help_text="Why it was restricted, or the restriction lifted"
    )
    entered_in_error = models.BooleanField(default=False)
    last_name_key = _key("last_name", length=60)
    first_name_key = _key("first_name", length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "mrn"],
                name="one_patient_per_mrn",
                violation_error_message="This MRN is taken.",
            )
        ]
        indexes = [
            models.Index(
                fields=["practice", "last_name_key", "first_name_key", "id"], name="patient_by_name"
            ),
            models.Index(fields=["practice", "birth_date"], name="patient_by_birth_date"),
            models.Index(fields=["practice", "phone"], name="patient_by_phone"),
            models.Index(
                fields=["practice", "last_name_key", "first_name_key"],
                condition=models.Q(is_restricted=True),
                name="restricted_by_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def name(self) -> str:
        """Last name first, as lists sort."""
        return f"{self.last_name}, {self.first_name}"

    @property
    def age(self) -> int:
        """Full years, today or on the day of death."""
        return rules.age_on(self.deceased_on or clock.now().date(), born=self.birth_date)

    @property
    def can_be_restricted(self) -> bool:
        """Whether everybody finds it now."""
        return not self.is_restricted

    @property
    def years(self) -> str:
        """Birth date and age, as the head of a page says it."""
        return f"{us_date(self.birth_date)}, {self.age} years"

    @property
    def record(self) -> str:
        """The record number with its noun."""
        return f"Record {self.mrn}"

    @property
    def address(self) -> str:
        """Street, city, state and ZIP code on one line, '' when no street is known."""
        return (
            f"{self.address_line}, {self.city}, {self.state} {self.postal_code}" if self.address_line else ""
        )

    @property
    def standing(self) -> Status:
        """What matters first about the record: death, restriction, coverage today."""
        if self.deceased_on is not None:
            return Status("Deceased")
        if self.is_restricted:
            return Status("Restricted", "warn")
        return Status("Covered", "ok") if self._covered else Status("No coverage", "warn")

    @property
    def _covered(self) -> bool:
        """Whether something insures them today: from the list's annotation, else one query for this record."""
        known: bool | None = getattr(self, "is_covered", None)
        if known is not None:
            return known
        today = clock.now().date()
        open_or_later = models.Q(ends_on=None) | models.Q(ends_on__gte=today)
        return self.coverages.filter(open_or_later, starts_on__lte=today).exists()


class Coverage(TenantModel):
    """What insures a patient, from when to when; ``priority`` 1 is billed first."""

    class Relationship(models.TextChoices):
        SELF = "18", "Self"
        SPOUSE = "01", "Spouse"
        CHILD = "19", "Child"
        OTHER = "G8", "Other"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="coverages")
    payer = TenantForeignKey(Payer, models.PROTECT, related_name="coverages")
    priority = models.PositiveSmallIntegerField(default=1)
    member_id = models.CharField(max_length=80)
    group_number = models.CharField(max_length=50, blank=True, default="")
    relationship = models.CharField(max_length=2, choices=Relationship, default=Relationship.SELF)
    subscriber_first_name = models.CharField(max_length=60, blank=True, default="")
    subscriber_last_name = models.CharField(max_length=60, blank=True, default="")
    subscriber_birth_date = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    copay = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="coverage_ends_after_it_begins",
            )
        ]
        indexes = [
            models.Index(fields=["practice", "patient", "priority", "starts_on"], name="coverage_of_patient"),
            models.Index(
                fields=["practice", "ends_on"],
                condition=models.Q(ends_on__isnull=False),
                name="coverage_by_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payer} {self.member_id}"

    @property
    def standing(self) -> Status:
        """Active, ended or upcoming, today."""
        today = clock.now().date()
        if self.starts_on > today:
            return Status("Upcoming", "info")
        return Status("Active", "ok") if self.is_open else Status("Ended")

    @property
    def is_open(self) -> bool:
        """Whether it can still be ended: its last day is open or to come."""
        return self.ends_on is None or self.ends_on >= clock.now().date()


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


class BreakGlass(AppendOnlyModel):
    """A restricted record opened in need by one member, for a while. What was seen stands in the read log."""

    class Reason(models.TextChoices):
        CARE = "care", "The patient needs care now"
        DESK = "desk", "The patient is here or on the telephone"
        BILLING = "billing", "A claim or payment must be worked"
        REQUEST = "request", "The patient or their representative asked for something"
        LAW = "law", "A law or a court asks for it"

    membership = TenantForeignKey(Membership, models.PROTECT, related_name="+")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="openings")
    reason = models.CharField(max_length=8, choices=Reason)
    words = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="opening_ends_after_it_begins"
            )
        ]
        indexes = [models.Index(fields=["practice", "membership", "ends_at"], name="openings_of_a_member")]

    def __str__(self) -> str:
        return f"Restricted record opened by {self.membership}"

    @property
    def patient_shown(self) -> str:
        """The patient's name as whoever asks may read it (from the selector's annotation)."""
        return getattr(self, "shown_name", rules.HIDDEN_NAME)

    @property
    def look_count(self) -> int:
        """How often something was looked at under it (from the selector's annotation)."""
        return getattr(self, "looks", 0)

    @property
    def ended_at(self) -> datetime:
        """When it was closed, else when its time is over."""
        closing = next(iter(self.closings.all()), None)
        return closing.created_at if closing else self.ends_at

    @property
    def is_waiting(self) -> bool:
        """Nobody has reviewed it."""
        return not list(self.reviews.all())

    @property
    def review(self) -> Status:
        """What the review found."""
        done = next(iter(self.reviews.all()), None)
        return Status(done.found.label, done.found.tone) if done else Status("To review", "warn")

    @property
    def review_note(self) -> str:
        """What the reviewer wrote, and who that was."""
        done = next(iter(self.reviews.all()), None)
        return f"{done.reviewer}: {done.note or 'no note'}" if done else ""


class BreakGlassClosing(AppendOnlyModel):
    """An opened record closed by its opener before its time."""

    grant = TenantForeignKey(BreakGlass, models.PROTECT, related_name="closings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "grant"], name="one_closing_per_opening")]

    def __str__(self) -> str:
        return f"{self.grant}, closed"


class BreakGlassReview(AppendOnlyModel):
    """What the privacy officer found about an opened record."""

    class Outcome(StatusChoices):
        JUSTIFIED = "justified", "Justified", "ok"
        EXPLAINED = "explained", "Justified after asking", "info"
        UNJUSTIFIED = "unjustified", "Not justified", "bad"

    grant = TenantForeignKey(BreakGlass, models.PROTECT, related_name="reviews")
    outcome = models.CharField(max_length=11, choices=Outcome)
    note = models.CharField(max_length=300, blank=True, default="")
    reviewer = TenantForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "grant"], name="one_review_per_opening")]

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def found(self) -> Outcome:
        """The outcome with its tone."""
        return self.Outcome(self.outcome)
