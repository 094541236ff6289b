"""Compliance programmes: checklists with a citation, audits, answers with evidence, findings, corrective actions."""

from django.db import models

from kit.status import StatusChoices
from practice.models import Location, Membership
from practice.tenancy import TenantForeignKey, TenantModel


class Programme(TenantModel):
    """A body of rules the practice is audited against, e.g. the HIPAA Security Rule."""

    class Kind(models.TextChoices):
        HIPAA = "hipaa", "HIPAA"
        OSHA = "osha", "OSHA"

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=120)
    cycle_days = models.PositiveSmallIntegerField(default=365)
    owner = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "name"], name="one_programme_per_name")]

    def __str__(self) -> str:
        return self.name


class ChecklistItem(TenantModel):
    """One thing the rules ask for, in our own words with its citation."""

    programme = TenantForeignKey(Programme, models.CASCADE, related_name="checklist")
    code = models.CharField(max_length=8)
    citation = models.CharField(max_length=60)
    text = models.CharField(max_length=300)
    is_required = models.BooleanField(default=True, help_text="Required; otherwise addressable")
    position = models.PositiveSmallIntegerField(default=0)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "programme", "code", "effective_from"], name="one_check_per_code_and_date"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Audit(TenantModel):
    """One round of a programme's checklist, at a site or for the whole practice."""

    class State(StatusChoices):
        OPEN = "open", "Open", "info"
        CLOSED = "closed", "Closed", "ok"

    programme = TenantForeignKey(Programme, models.PROTECT, related_name="audits")
    location = TenantForeignKey(Location, models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=120)
    started_on = models.DateField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    lead = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "programme", "name"], name="one_audit_per_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Still answered and added to."""
        return self.state == self.State.OPEN

    @property
    def progress(self) -> str:
        """How many items are answered, "23 of 49"; needs the counts of ``selectors.audits.listed``."""
        return f"{getattr(self, 'answered', 0)} of {getattr(self, 'items', 0)}"


class AuditAnswer(TenantModel):
    """The answer to one checklist item of an audit; evidence hangs on it as attachments."""

    takes_files = False  # what is kept with it comes through its own service

    class Answer(StatusChoices):
        OPEN = "open", "Not answered", "muted"
        MET = "met", "Met", "ok"
        PARTLY = "partly", "Partly met", "warn"
        NOT_MET = "not_met", "Not met", "bad"
        NA = "na", "Not applicable", "muted"

    audit_round = TenantForeignKey(Audit, models.CASCADE, related_name="answers")
    item = TenantForeignKey(ChecklistItem, models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.OPEN)
    notes = models.TextField(blank=True, default="")
    alternative = models.TextField(
        blank=True, default="", help_text="For an addressable item not met: why, and what is done instead"
    )
    answered_by = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "audit_round", "item"], name="one_answer_per_item")
        ]

    def __str__(self) -> str:
        return f"{self.item.code}: {self.answer}"

    @property
    def code(self) -> str:
        """The item's code: S5."""
        return str(self.item.code)

    @property
    def can_change(self) -> bool:
        """Its audit is open."""
        return bool(self.audit_round.is_open)

    @property
    def shows_gap(self) -> bool:
        """Partly met or not met, in an open audit: a finding can be raised."""
        return self.can_change and self.answer in (self.Answer.PARTLY, self.Answer.NOT_MET)


class Finding(TenantModel):
    """A gap that an answer shows, with how bad it is and until when it must be closed."""

    class Severity(StatusChoices):
        HIGH = "high", "High", "bad"
        MEDIUM = "medium", "Medium", "warn"
        LOW = "low", "Low", "muted"

    class State(StatusChoices):
        OPEN = "open", "Open", "bad"
        CLOSED = "closed", "Closed", "ok"

    answer = TenantForeignKey(AuditAnswer, models.PROTECT, related_name="findings")
    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.MEDIUM)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    found_on = models.DateField()
    due_on = models.DateField()
    owner = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "state", "due_on"], name="findings_by_deadline")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Not closed yet."""
        return self.state == self.State.OPEN


class CorrectiveAction(TenantModel):
    """What will be done about a finding, by whom, until when; done only with a proof in words."""

    class State(StatusChoices):
        PLANNED = "planned", "Planned", "info"
        DONE = "done", "Done", "ok"

    finding = TenantForeignKey(Finding, models.PROTECT, related_name="actions")
    text = models.CharField(max_length=300)
    due_on = models.DateField()
    owner = TenantForeignKey(Membership, models.SET_NULL, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    done_on = models.DateField(null=True, blank=True)
    proof = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return self.text

    @property
    def is_planned(self) -> bool:
        """Not done yet."""
        return self.state == self.State.PLANNED
