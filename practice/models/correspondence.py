"""What came in and went out by mail, fax, e-mail and telephone: one log, joined to any record."""

from django.db import models

from kit.status import StatusChoices
from practice.models.people import Membership
from practice.models.work import RecordRef
from practice.tenancy import TenantForeignKey, TenantModel


class Correspondence(TenantModel):
    """One message with somebody outside. What needs an answer by a day stands on the work list until it has one."""

    class Direction(models.TextChoices):
        IN = "in", "Received"
        OUT = "out", "Sent"

    class Medium(models.TextChoices):
        PHONE = "phone", "Phone"
        MAIL = "mail", "Mail"
        FAX = "fax", "Fax"
        EMAIL = "email", "E-mail"
        PORTAL = "portal", "Portal"
        IN_PERSON = "in_person", "In person"

    class State(StatusChoices):
        LOGGED = "logged", "On record", "muted"
        WAITING = "waiting", "Needs an answer", "warn"
        ANSWERED = "answered", "Answered", "ok"

    number = models.PositiveIntegerField()
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    medium = models.CharField(max_length=9, choices=Medium, default=Medium.PHONE)
    party = models.CharField(max_length=120, help_text="Who wrote or called, or to whom it went")
    subject = models.CharField(max_length=200, help_text="What it is about")
    notes = models.TextField(blank=True, default="")
    happened_at = models.DateTimeField()
    ref = TenantForeignKey(RecordRef, models.PROTECT, related_name="messages", null=True, blank=True)
    kind = models.CharField(max_length=60, blank=True, default="", help_text="The kind of that record")
    patient_id = models.UUIDField(null=True, blank=True, help_text="Whom it is about, for the log of reads")
    owner = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    reply_by = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.LOGGED)
    outcome = models.CharField(max_length=300, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "message"
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_message_per_number"),
            models.CheckConstraint(
                condition=models.Q(state="logged")
                | models.Q(reply_by__isnull=False)
                | models.Q(state="answered"),
                name="a_waiting_message_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "happened_at", "id"], name="messages_by_time"),
            models.Index(fields=["practice", "patient_id", "id"], name="messages_about_patient"),
            models.Index(fields=["practice", "kind", "id"], name="messages_by_kind"),
        ]

    def __str__(self) -> str:
        return f"Message {self.number}"

    @property
    def needs_answer(self) -> bool:
        """Somebody waits for one."""
        return self.state == self.State.WAITING

    @property
    def is_settled(self) -> bool:
        """Nobody waits."""
        return self.state != self.State.WAITING
