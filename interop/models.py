"""Data that comes from elsewhere: import runs, what each foreign row became, and what was refused."""

from django.db import models

from kit.status import StatusChoices
from practice.tenancy import TenantForeignKey, TenantModel


class ImportRun(TenantModel):
    """One import of one folder of files; resumable, and repeatable without effect."""

    takes_files = False  # what is kept with it comes through its own service

    class State(StatusChoices):
        QUEUED = "queued", "Queued", "muted"
        RUNNING = "running", "Running", "info"
        DONE = "done", "Done", "ok"
        FAILED = "failed", "Failed", "bad"

    source = models.CharField(max_length=20, default="synthea")
    label = models.CharField(max_length=120)
    directory = models.CharField(max_length=300)
    upload = models.BooleanField(default=False, help_text="The files are an uploaded archive, kept encrypted")
    is_dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.TextField(blank=True, default="")
    error = models.TextField(blank=True, default="")

    page_name = "interop:import"
    job_kind = "interop.import"

    def __str__(self) -> str:
        return self.label


class ImportFile(TenantModel):
    """How far one file of a run has come: rows read, new, already there, refused."""

    audit = ""

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="files")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    rows_total = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0, help_text="Checkpoint: rows before it are committed")
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_known = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    is_finished = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "run", "name"], name="one_file_per_run_and_name")
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class ImportRefusal(TenantModel):
    """A row that could not be taken: where it stands, which field is wrong, and the row itself for download."""

    audit = ""

    file = TenantForeignKey(ImportFile, models.CASCADE, related_name="refusals")
    row_number = models.PositiveIntegerField(help_text="Line of the file; the heading is line 1")
    field = models.CharField(max_length=60)
    message = models.CharField(max_length=300)
    row = models.JSONField(help_text="The row as it came, so that it can be mended and sent again")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "file", "row_number"], name="one_refusal_per_row")
        ]
        ordering = ["row_number"]

    def __str__(self) -> str:
        return f"{self.file} row {self.row_number}: {self.message}"


class ImportedRecord(TenantModel):
    """Which record of ours a foreign id became: what makes an import repeatable."""

    audit = ""

    source = models.CharField(max_length=20)
    kind = models.CharField(max_length=30)
    external_id = models.CharField(max_length=100)
    record_id = models.UUIDField()
    checksum = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "source", "kind", "external_id"], name="one_record_per_external_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.external_id}"
