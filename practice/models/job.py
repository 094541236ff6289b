"""Background work is a row; the queue only says hurry (ARCHITECTURE.md 6)."""

from django.db import models
from django.db.models.functions import Now

from kit.status import StatusChoices
from practice.tenancy import TenantModel


class JobRun(TenantModel):
    """One piece of background work of one practice, once: unique by kind and key. ``args`` holds ids only."""

    page_name, page_argument = "practice:job", "job_id"
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
        return f"{self.kind} {self.key}"

    @property
    def percent(self) -> int:
        """Progress in whole percent; 100 only when done."""
        if self.state == self.State.DONE:
            return 100
        return min(99, 100 * self.progress_done // self.progress_total) if self.progress_total else 0
