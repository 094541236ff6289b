"""Background work is a row; the queue only says hurry (ARCHITECTURE.md 6)."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from kit import clock
from kit.status import StatusChoices
from kit.words import span, us_date, us_time
from practice.tenancy import TenantModel


class JobRun(TenantModel):
    """One piece of background work of one practice, once: unique by kind and key. ``args`` holds ids only."""

    page_name, page_argument = "practice:job", "job_id"  # its asker's too, who may not see the list
    audit = ""  # transport: what a job does is audited where it does it

    class State(StatusChoices):
        QUEUED = "queued", "Queued", "muted"
        SENT = "sent", "Sent", "muted"
        RUNNING = "running", "Running", "info"
        DONE = "done", "Done", "ok"
        FAILED = "failed", "Failed", "bad"

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    run_after = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_note = models.CharField(max_length=200, blank=True, default="")
    error = models.TextField(blank=True, default="")
    result = models.JSONField(default=dict)
    requested_by = models.UUIDField(null=True, blank=True)
    request_id = models.CharField(max_length=40, blank=True, default="")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "kind", "key"], name="one_job_per_kind_and_key")
        ]
        indexes = [
            models.Index(fields=["run_after"], condition=models.Q(state="queued"), name="job_waiting"),
            models.Index(
                fields=["lease_until"], condition=models.Q(state__in=["sent", "running"]), name="job_leased"
            ),
            models.Index(fields=["practice", "-created_at"], name="job_newest"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What people call this kind of work."""
        from practice.jobs import label_of  # the registry of kinds, which itself knows this model

        return label_of(self.kind)

    @property
    def asked_by(self) -> str:
        """Who asked for it (a person's name comes from the selector's annotation)."""
        if self.requested_by:
            return getattr(self, "asker", None) or "A former member"
        return "Wellrun, on schedule" if self.request_id == "dispatch" else "Wellrun"

    @property
    def can_run_again(self) -> bool:
        """It failed for good."""
        return self.state == self.State.FAILED

    @property
    def waits_until(self) -> datetime | None:
        """When it starts, while that is still to come."""
        waiting = self.state == self.State.QUEUED and self.run_after > clock.system_now()
        return self.run_after if waiting else None

    @property
    def what_happened(self) -> str:
        """How far it is, or why it stopped."""
        if self.error:
            return self.error
        if self.state in (self.State.QUEUED, self.State.SENT):
            starts = self.waits_until
            at = timezone.localtime(starts) if starts else None
            return f"Starts {us_date(at.date())}, {us_time(at)}" if at else "Waiting for a worker"
        if self.state == self.State.RUNNING:
            return f"{self.percent}% {self.progress_note}".strip()
        return self.progress_note

    @property
    def took(self) -> str:
        """How long it took, or takes so far: 12 s, 3 min, 2 h 5 min."""
        ended = self.finished_at or (clock.system_now() if self.state == self.State.RUNNING else None)
        return span((ended - self.created_at).total_seconds()) if ended else ""

    @property
    def percent(self) -> int:
        """Progress in whole percent; 100 only when done."""
        if self.state == self.State.DONE:
            return 100
        return min(99, 100 * self.progress_done // self.progress_total) if self.progress_total else 0
