"""People treated here: who they are and what covers them."""

from django.db import models
from django.db.models.functions import Lower

from kit import clock
from kit.status import Status
from kit.words import us_date
from patients import rules
from practice.encrypted import EncryptedField
from practice.models import Payer
from practice.tenancy import TenantForeignKey, TenantModel
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
