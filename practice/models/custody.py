"""What a practice takes with it, and how its data ends."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from kit.status import StatusChoices
from kit.words import us_date
from practice.tenancy import TenantForeignKey, TenantModel


class PracticeExport(TenantModel):
    """One export of everything of the practice: who asked, what it holds, until when it can be fetched.

    The ZIP lies sealed below the media folder; the file goes when the days are over, this row stays.
    """

    takes_files = False  # the archive itself lies sealed beside them

    class State(StatusChoices):
        ORDERED = "ordered", "Being made", "info"
        READY = "ready", "Ready", "ok"
        EXPIRED = "expired", "Expired", "muted"

    state = models.CharField(max_length=8, choices=State, default=State.ORDERED)
    sealed_values = models.BooleanField(
        default=False, help_text="Whether SSNs, tax ids and other sealed values are in it, readable"
    )
    requested_by = TenantForeignKey("practice.Membership", models.PROTECT, null=True, related_name="+")
    rows = models.BigIntegerField(default=0)
    tables = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0, help_text="Bytes of the ZIP")
    sha256 = models.CharField(max_length=64, blank=True, default="", help_text="Of the ZIP")
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "-created_at"], name="export_newest")]

    def __str__(self) -> str:
        return f"Export of {us_date(timezone.localtime(self.created_at).date())}"

    @property
    def big(self) -> str:
        """How large the ZIP is, once it is made."""
        return filesizeformat(self.size) if self.finished_at is not None else ""

    @property
    def sealed(self) -> str:
        """Whether sealed values came along."""
        return "Included" if self.sealed_values else "Left out"


class DestroyRequest(TenantModel):
    """The wish to end a practice's data: made by one owner, approved by another or by the deployment's operator."""

    class State(StatusChoices):
        WAITING = "waiting", "Waiting for approval", "warn"
        APPROVED = "approved", "Approved", "bad"
        WITHDRAWN = "withdrawn", "Withdrawn", "muted"

    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=300)
    requested_by = TenantForeignKey("practice.Membership", models.PROTECT, related_name="+")
    approved_by = TenantForeignKey(
        "practice.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    operator = models.CharField(
        max_length=120, blank=True, default="", help_text="The deployment's operator who approved, by name"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True, help_text="The end of the waiting period")
    withdrawn_by = TenantForeignKey(
        "practice.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice"],
                condition=Q(state__in=["waiting", "approved"]),
                name="one_open_destroy_request",
                violation_error_message="There is an open request already.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")),
                name="two_people_destroy",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (
                    Q(approved_at__isnull=False, not_before__isnull=False)
                    & (Q(approved_by__isnull=False) | ~Q(operator=""))
                ),
                name="approved_by_somebody_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Request of {self.created_at:%Y-%m-%d}"


class DestroyedPractice(models.Model):
    """What is left of a destroyed practice: who, when, how many rows of each table. No patient's data.

    Written by the tables' owner alone; while ``finished_at`` is empty the destruction goes on where it was.
    """

    id = models.UUIDField(primary_key=True, editable=False, help_text="The practice's id")
    slug = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    requested_by = models.CharField(max_length=400, help_text="Name and e-mail address")
    approved_by = models.CharField(max_length=400, help_text="Name and e-mail address, or the operator")
    requested_at = models.DateTimeField()
    approved_at = models.DateTimeField()
    not_before = models.DateTimeField()
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    exported_at = models.DateTimeField(null=True, help_text="The last export that was made")
    row_counts = models.JSONField(db_default=models.Value({}, output_field=models.JSONField()))
    files = models.PositiveIntegerField(db_default=0)
    audit_head = models.CharField(max_length=64, help_text="The last seal of its audit trail")
    sha256 = models.CharField(max_length=64, help_text="Of the certificate", db_default="")

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"
