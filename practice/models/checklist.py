"""Checklists: what is gone through again and again, each time it was, and who signed for it."""

from __future__ import annotations

from django.db import models

from kit.status import Status, StatusChoices
from practice.models.attachment import Attachment
from practice.models.people import Membership, Role
from practice.models.place import Location
from practice.rules.checklist_text import MONEY, measured
from practice.rules.recurrence import Recurrence
from practice.tenancy import AppendOnlyModel, TenantForeignKey, TenantModel


class StepKind(models.TextChoices):
    """How a step is answered."""

    TICK = "tick", "Tick"
    YES_NO = "yes_no", "Yes or no"
    NUMBER = "number", "Number"
    TEXT = "text", "Text"
    FILE = "file", "File or photo"


class Rhythm(models.TextChoices):
    """How often a checklist is gone through."""

    ONCE = Recurrence.ONCE.value, "Once"
    DAILY = Recurrence.DAILY.value, "Every day"
    WEEKLY = Recurrence.WEEKLY.value, "Every week"
    MONTHLY = Recurrence.MONTHLY.value, "Every month"


class Weekday(models.IntegerChoices):
    """Days of the week as Python counts them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class ChecklistTemplate(TenantModel):
    """A checklist to be gone through by a rhythm. Its steps are the newest version's."""

    takes_files = False

    name = models.CharField(max_length=80)
    role = TenantForeignKey(
        Role, models.PROTECT, related_name="+", null=True, blank=True, help_text="Who does it. Empty: anybody"
    )
    location = TenantForeignKey(
        Location,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Empty: one for every location",
    )
    recurrence = models.CharField("how often", max_length=7, choices=Rhythm, default=Rhythm.DAILY)
    weekday = models.PositiveSmallIntegerField(
        choices=Weekday,
        null=True,
        blank=True,
        help_text="For weekly ones. Moves from a closed day to the next open one",
    )
    month_day = models.PositiveSmallIntegerField(
        "day of the month",
        null=True,
        blank=True,
        help_text="For monthly ones, 1 to 28. Moves as weekly ones do",
    )
    once_on = models.DateField("day", null=True, blank=True, help_text="For one done once. MM/DD/YYYY")
    due_time = models.TimeField("due time", help_text="Local time of the location, such as 8:00 AM")
    closed_days = models.BooleanField(
        "also on closed days",
        default=False,
        help_text="For what needs a look on weekends and holidays too. Else a closed day has none",
    )
    second_person = models.BooleanField(
        "signed by a second person",
        default=False,
        help_text="Whoever signs has answered none of its steps",
    )
    version = models.PositiveSmallIntegerField(default=0, help_text="The newest version of its steps")
    is_active = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"],
                name="one_checklist_per_name",
                violation_error_message="There is a checklist of that name.",
            ),
            models.CheckConstraint(
                condition=models.Q(month_day=None) | models.Q(month_day__range=(1, 28)),
                name="month_day_is_in_every_month",
                violation_error_message="Enter a day from 1 to 28.",
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> Status:
        """In use, paused, or still without steps."""
        if not self.version:
            return Status("No steps", "warn")
        return Status("In use", "ok") if self.is_active else Status("Paused")

    @property
    def can_start(self) -> bool:
        """It has steps and is not in use."""
        return bool(self.version) and not self.is_active

    @property
    def can_pause(self) -> bool:
        """It is in use."""
        return self.is_active


class ChecklistVersion(AppendOnlyModel):
    """The steps of a template as they were from one change to the next; runs keep theirs."""

    takes_files = False

    template = TenantForeignKey(ChecklistTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    made_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "template", "number"], name="one_checklist_version_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"


class ChecklistStep(AppendOnlyModel):
    """One line of a version."""

    takes_files = False

    version = TenantForeignKey(ChecklistVersion, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    kind = models.CharField(max_length=6, choices=StepKind, default=StepKind.TICK)
    lowest = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    highest = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=12, blank=True, default="")
    required = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "version", "position"], name="one_step_per_position")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def limits(self) -> str:
        """The limits in words, '' without any."""
        low, high = self.lowest, self.highest
        if low is not None and high is not None:
            first = measured(low, unit=self.unit if self.unit == MONEY else "")
            return f"{first} to {measured(high, unit=self.unit)}"
        if low is not None:
            return f"At least {measured(low, unit=self.unit)}"
        return f"At most {measured(high, unit=self.unit)}" if high is not None else self.unit


class ChecklistRun(TenantModel):
    """A checklist on one day at one location. Steps, role and who may sign are those of the hour it was made."""

    class State(StatusChoices):
        OPEN = "open", "Open", "info"
        SIGNED = "signed", "Signed", "ok"
        LATE = "late", "Signed late", "warn"
        MISSED = "missed", "Missed", "bad"
        CLOSED = "closed", "Not needed", "muted"

    template = TenantForeignKey(ChecklistTemplate, models.PROTECT, related_name="runs")
    version = TenantForeignKey(ChecklistVersion, models.PROTECT, related_name="runs")
    location = TenantForeignKey(Location, models.PROTECT, related_name="+")
    on = models.DateField("day")
    due_at = models.DateTimeField("due")
    role = TenantForeignKey(Role, models.PROTECT, related_name="+", null=True, blank=True)
    second_person = models.BooleanField(default=False)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    signed_by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)
    signed_name = models.CharField(
        max_length=120, blank=True, default="", help_text="The name as it was typed"
    )
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "template", "location", "on"], name="one_run_per_checklist_place_and_day"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["signed", "late"], signed_at__isnull=False)
                | models.Q(state__in=["open", "missed", "closed"], signed_at=None),
                name="only_signed_runs_have_a_signature",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "on", "id"], name="checklist_runs_by_day"),
            models.Index(fields=["practice", "state", "id"], name="checklist_runs_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.template}, {self.on:%m/%d/%Y}"

    @property
    def can_sign(self) -> bool:
        """It waits for its answers and a signature."""
        return self.state == self.State.OPEN


class ChecklistAnswer(AppendOnlyModel):
    """What somebody answered. A correction is another row: the newest of a step counts, all are kept."""

    takes_files = False

    run = TenantForeignKey(ChecklistRun, models.PROTECT, related_name="answers")
    step = TenantForeignKey(ChecklistStep, models.PROTECT, related_name="answers")
    value = models.CharField(max_length=500, blank=True, help_text="Empty: taken back")
    number = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    outside = models.BooleanField(default=False, help_text="Outside the step's limits")
    file = TenantForeignKey(Attachment, models.PROTECT, related_name="+", null=True, blank=True)
    by = TenantForeignKey(Membership, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "run", "id"], name="checklist_answers_of_run")]

    def __str__(self) -> str:
        return self.value or "Taken back"

    @property
    def counts(self) -> bool:
        """Something stands here: neither taken back nor a file that was withdrawn."""
        return bool(self.value) and not (self.file is not None and self.file.withdrawn_at)

    @property
    def shown(self) -> str:
        """The answer as people read it."""
        words = {"yes": "Yes", "no": "No", "done": "Done"}
        if self.number is not None:
            return measured(self.number, unit=self.step.unit)
        return words.get(self.value, self.value)
