"""People who work here: employment, who treats, what they hold, with which payers they are enrolled."""

from datetime import date

from django.db import models

from kit import clock
from kit.status import Status, StatusChoices
from practice.models import Location, Membership, Payer
from practice.tenancy import TenantForeignKey, TenantModel


class Employee(TenantModel):
    """A person employed or contracted by the practice; ``membership`` when they may sign in."""

    class Status(StatusChoices):
        ACTIVE = "active", "Active", "ok"
        LEAVE = "leave", "On leave", "warn"
        ENDED = "ended", "Ended", "muted"

    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    job_title = models.CharField(max_length=80)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    email = models.EmailField(blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    location = TenantForeignKey(Location, models.PROTECT, related_name="employees", null=True, blank=True)
    membership = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    hired_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    last_name_key = models.GeneratedField(
        expression=models.functions.Lower("last_name"),
        output_field=models.CharField(max_length=60, db_collation="C"),
        db_persist=True,
    )

    class Meta:
        indexes = [models.Index(fields=["practice", "last_name_key", "id"], name="employee_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gte=models.F("hired_on")),
                name="employment_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def is_employed(self) -> bool:
        """Not ended yet."""
        return self.status != self.Status.ENDED

    @property
    def can_go_on_leave(self) -> bool:
        """At work now."""
        return self.status == self.Status.ACTIVE

    @property
    def is_on_leave(self) -> bool:
        """Away for a while."""
        return self.status == self.Status.LEAVE


class Provider(TenantModel):
    """Someone who treats and whose services are billed. ``billed_as`` is only ever set by a person (DOMAIN 9)."""

    employee = TenantForeignKey(Employee, models.PROTECT, related_name="provider_rows")
    display_name = models.CharField(
        max_length=80, help_text="As patients and schedules read it: E. Vasquez, MD"
    )
    npi = models.CharField(
        max_length=10, blank=True, default="", help_text="Individual NPI; empty holds claims"
    )
    taxonomy = models.CharField(max_length=10, blank=True, default="")
    specialty = models.CharField(max_length=80, blank=True, default="")
    location = TenantForeignKey(Location, models.PROTECT, related_name="providers", null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "employee"], name="one_provider_per_employee"),
            models.UniqueConstraint(
                fields=["practice", "npi"], condition=~models.Q(npi=""), name="one_provider_per_npi"
            ),
        ]
        ordering = ["display_name"]

    def __str__(self) -> str:
        return self.display_name


class Credential(TenantModel):
    """A licence, registration, certificate or policy with an expiry that somebody must watch."""

    class Kind(models.TextChoices):
        LICENSE = "license", "State licence"
        DEA = "dea", "DEA registration"
        BOARD = "board", "Board certification"
        MALPRACTICE = "malpractice", "Malpractice policy"
        CPR = "cpr", "CPR certificate"
        CAQH = "caqh", "CAQH attestation"
        OTHER = "other", "Other"

    employee = TenantForeignKey(Employee, models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=12, choices=Kind)
    number = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=2, blank=True, default="")
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_source = models.CharField(max_length=120, blank=True, default="")
    replaced_by = TenantForeignKey("self", models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "expires_on", "id"], name="credential_by_expiry")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on=None)
                | models.Q(issued_on=None)
                | models.Q(expires_on__gte=models.F("issued_on")),
                name="credential_expires_after_issue",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    def days_left(self, *, today: date) -> int | None:
        """Days until it expires; negative when it has; None when it never does."""
        return (self.expires_on - today).days if self.expires_on else None

    @property
    def is_current(self) -> bool:
        """No newer one has taken its place."""
        return self.replaced_by_id is None

    @property
    def validity(self) -> Status:
        """In words: replaced, no end, days left, expired. ``as_of`` comes from the selector: the practice's day."""
        if not self.is_current:
            return Status("Replaced", "muted")
        left = self.days_left(today=getattr(self, "as_of", None) or clock.now().date())
        if left is None:
            return Status("No end date", "muted")
        days = f"{abs(left)} day{'' if abs(left) == 1 else 's'}"
        if left < 0:
            return Status(f"Expired {days} ago", "bad")
        return Status(f"{days} left", "bad" if left <= 7 else "warn" if left <= 90 else "ok")


class PayerEnrolment(TenantModel):
    """Whether a provider may bill a payer at a site, and from when."""

    class State(StatusChoices):
        NOT_STARTED = "not_started", "Not started", "muted"
        COLLECTING = "collecting", "Collecting", "info"
        SUBMITTED = "submitted", "Submitted", "info"
        REVIEW = "review", "In review", "info"
        INFO_REQUESTED = "info_requested", "Info requested", "warn"
        APPROVED = "approved", "Approved", "info"
        EFFECTIVE = "effective", "Effective", "ok"
        REVALIDATING = "revalidating", "Revalidating", "warn"
        TERMINATED = "terminated", "Terminated", "bad"
        DENIED = "denied", "Denied", "bad"

    provider = TenantForeignKey(Provider, models.PROTECT, related_name="enrolments")
    payer = TenantForeignKey(Payer, models.PROTECT, related_name="enrolments")
    location = TenantForeignKey(Location, models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.NOT_STARTED)
    effective_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "provider", "payer", "location"],
                nulls_distinct=False,
                name="one_enrolment_per_provider_payer_site",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} with {self.payer}"
