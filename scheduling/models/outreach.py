"""Patients somebody has to reach: to give them another time, or because a visit is due. Every try is kept."""

from __future__ import annotations

from django.db import models

from kit.status import StatusChoices
from patients.models import Patient
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel
from scheduling.models.kinds import AppointmentType
from scheduling.models.visit import Appointment


class Outreach(TenantModel):
    """What reschedules and recalls share: whom, until when nobody calls again, and what came of it."""

    class State(StatusChoices):
        OPEN = "open", "To call", "warn"
        BOOKED = "booked", "Booked", "ok"
        SETTLED = "settled", "Settled", "ok"
        DECLINED = "declined", "Does not want it", "muted"
        UNREACHED = "unreached", "Not reached", "muted"

    next_try_on = models.DateField("next try", help_text="Nobody needs to call before this day")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    new_visit = TenantForeignKey(
        Appointment, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="visit booked"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Somebody still has to be reached."""
        return self.state == self.State.OPEN

    @property
    def is_given_up(self) -> bool:
        """Closed without a visit: it can be opened again."""
        return self.state in (self.State.DECLINED, self.State.UNREACHED)

    @property
    def tries(self) -> int:
        """How often somebody tried to reach the patient. Prefetch ``attempts``."""
        return len(self.attempts.all())  # type: ignore[attr-defined]


class Reschedule(Outreach):
    """A visit that did not take place as booked and has no new one: why, since when, and what was tried."""

    class Cause(models.IntegerChoices):  # in the order in which people are called
        DISPLACED = 1, "Outside the hours"
        CANCELLED = 2, "Cancelled by the practice"
        LEFT = 3, "Left without being seen"
        NO_SHOW = 4, "No-show"

    appointment = TenantForeignKey(
        Appointment, models.PROTECT, related_name="reschedules", verbose_name="visit"
    )
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="reschedules")
    cause = models.PositiveSmallIntegerField("why", choices=Cause)
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "appointment"],
                condition=models.Q(state="open"),
                name="rescheduled_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at=None)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
                name="reschedule_is_open_or_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "next_try_on", "cause", "id"], name="reschedules_in_order"),
            models.Index(fields=["practice", "patient"], name="reschedules_of_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.patient}, {self.get_cause_display().lower()}"

    @property
    def was_at(self) -> str:
        """Day and time of the visit, at its site."""
        said: str = self.appointment.when
        return said


class RecallType(TenantModel):
    """A reason to see somebody again: which visit, how long after which, and whether it is planned by itself."""

    name = models.CharField(max_length=60)
    type = TenantForeignKey(
        AppointmentType, models.PROTECT, related_name="+", verbose_name="visit type", help_text="What is due"
    )
    after = TenantForeignKey(
        AppointmentType,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="after a visit of type",
        help_text="Empty: after the visit that is due itself",
    )
    months = models.PositiveSmallIntegerField("months between", default=12)
    is_automatic = models.BooleanField(
        "planned by itself", default=False, help_text="As soon as such a visit is completed"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"],
                name="one_recall_type_per_name",
                violation_error_message="There is a recall type with this name.",
            ),
            models.CheckConstraint(
                condition=models.Q(months__range=(1, 120)),
                name="recalled_after_months",
                violation_error_message="Enter 1 to 120 months.",
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Recall(Outreach):
    """A patient for whom a visit is due on a day."""

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="recalls")
    kind = TenantForeignKey(RecallType, models.PROTECT, related_name="recalls", verbose_name="recall type")
    due_on = models.DateField("due")
    after_visit = TenantForeignKey(
        Appointment, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="planned after"
    )
    note = models.CharField(max_length=200, blank=True, default="", help_text="Why they should come")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at=None)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
                name="recall_is_open_or_closed",
            )
        ]
        indexes = [
            models.Index(fields=["practice", "due_on", "id"], name="recalls_by_day"),
            models.Index(fields=["practice", "patient"], name="recalls_of_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.patient}, {self.kind}"


class ContactAttempt(AppendOnlyModel):
    """A try to reach somebody about a visit: when, how, and what came of it."""

    takes_files = takes_notes = False

    class How(models.TextChoices):
        PHONE = "phone", "Phone"
        LETTER = "letter", "Letter"
        EMAIL = "email", "E-mail"
        TEXT = "text", "Text message"
        IN_PERSON = "in_person", "In person"

    class Result(StatusChoices):
        NO_ANSWER = "no_answer", "No answer", "muted"
        MESSAGE = "message", "Left a message", "info"
        SENT = "sent", "Sent", "info"
        CALL_BACK = "call_back", "Asked to call again", "warn"
        REACHED = "reached", "Reached", "ok"
        WRONG_NUMBER = "wrong_number", "Wrong number or address", "bad"

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="+")
    reschedule = TenantForeignKey(Reschedule, models.PROTECT, related_name="attempts", null=True, blank=True)
    recall = TenantForeignKey(Recall, models.PROTECT, related_name="attempts", null=True, blank=True)
    at = models.DateTimeField()
    how = models.CharField(max_length=9, choices=How)
    result = models.CharField(max_length=12, choices=Result)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reschedule=None, recall__isnull=False)
                | models.Q(reschedule__isnull=False, recall=None),
                name="a_try_is_about_one_thing",
            )
        ]
        indexes = [
            models.Index(fields=["practice", "reschedule", "at"], name="tries_to_reschedule"),
            models.Index(fields=["practice", "recall", "at"], name="tries_to_recall"),
            models.Index(fields=["practice", "at", "id"], name="tries_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()}: {self.get_result_display().lower()}"
