"""The message pad: who called, what about, who calls back and by when, and each try to reach them."""

from django.db import models

from kit.status import Status, StatusChoices, status_of
from practice.models.people import Membership, Role
from practice.models.work import RecordRef
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class PhoneMessage(TenantModel):
    """A call that somebody took down. Its clock stops when the caller is reached; it is done when it is closed."""

    class Category(models.TextChoices):
        APPOINTMENT = "appointment", "Appointment"
        REFILL = "refill", "Refill"
        RESULTS = "results", "Results"
        BILLING = "billing", "Billing"
        RECORDS = "records", "Records"
        URGENT = "urgent", "Urgent clinical"
        OTHER = "other", "Other"

    class Urgency(models.TextChoices):
        NOW = "now", "At once"
        SOON = "soon", "Soon"
        ROUTINE = "routine", "Routine"

    class State(StatusChoices):
        NEW = "new", "New", "warn"
        IN_PROGRESS = "in_progress", "In progress", "info"
        VOICEMAIL = "voicemail", "Left voicemail", "info"
        CALLED_BACK = "called_back", "Called back", "ok"
        CLOSED = "closed", "Closed", "muted"

    number = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    taken_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)
    caller = models.CharField(max_length=120)
    phone = models.CharField(max_length=30)
    category = models.CharField(max_length=11, choices=Category, default=Category.APPOINTMENT)
    text = models.TextField("message")
    urgency = models.CharField(max_length=7, choices=Urgency, default=Urgency.ROUTINE)
    ref = TenantForeignKey(RecordRef, models.PROTECT, related_name="phone_messages", null=True, blank=True)
    kind = models.CharField(max_length=60, blank=True, default="", help_text="The kind of that record")
    patient_id = models.UUIDField(null=True, blank=True, help_text="Whom it is about, for the log of reads")
    role = TenantForeignKey(Role, models.PROTECT, related_name="+", null=True, blank=True)
    member = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)
    call_back_by = models.DateTimeField()
    state = models.CharField(max_length=11, choices=State, default=State.NEW)
    reached_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_phone_message_per_number"),
            models.CheckConstraint(
                condition=models.Q(role=None) ^ models.Q(member=None), name="a_message_is_for_one"
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at=None)),
                name="a_closed_message_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "taken_at", "id"], name="phone_messages_by_time"),
            models.Index(fields=["practice", "patient_id", "id"], name="phone_messages_of_patient"),
            models.Index(fields=["practice", "kind", "id"], name="phone_messages_by_kind"),
            models.Index(
                fields=["practice", "call_back_by", "id"],
                condition=models.Q(closed_at=None),
                name="phone_messages_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Phone message {self.number}"

    @property
    def is_open(self) -> bool:
        """Somebody still has to do something."""
        return self.state != self.State.CLOSED

    @property
    def shown(self) -> Status:
        """The state with its tone, for the box on a record's page."""
        return status_of(self)

    @property
    def lines(self) -> list[str]:
        """What they want, line by line."""
        return self.text.splitlines()

    @property
    def receiver(self) -> str:
        """The person or the role that calls back."""
        return str(self.member or self.role or "")

    @property
    def to(self) -> str:
        """The receiver as a form names them."""
        return f"member:{self.member_id}" if self.member_id else f"role:{self.role_id}"


class CallAttempt(AppendOnlyModel):
    """One try to reach the caller, and what came of it."""

    patient_path = "message__patient_id"
    takes_files = takes_notes = False

    class Result(StatusChoices):
        REACHED = "reached", "Reached", "ok"
        VOICEMAIL = "voicemail", "Left voicemail", "info"
        NO_ANSWER = "no_answer", "No answer", "warn"
        WRONG = "wrong", "Wrong number", "bad"

    message = TenantForeignKey(PhoneMessage, models.PROTECT, related_name="attempts")
    result = models.CharField(max_length=9, choices=Result)
    note = models.CharField(max_length=300, blank=True, default="")
    by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.message}: {self.get_result_display()}"
