"""Data that comes from elsewhere: runs, how far their files have come, what was refused, what each row became."""

from django.db import models

from kit.status import StatusChoices
from kit.words import counted
from practice.tenancy import TenantForeignKey, TenantModel


class SheetMapping(TenantModel):
    """Which column of a sheet becomes which field: of one run, or with a name kept for a source system."""

    target = models.CharField(max_length=60)
    name = models.CharField(
        max_length=80, blank=True, default="", help_text="The source system it is kept for"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "target", "name"],
                condition=~models.Q(name=""),
                name="one_mapping_per_source",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.target


class ImportRun(TenantModel):
    """One import of one sheet or one folder of files: prepared, tried, run, and perhaps undone."""

    class State(StatusChoices):
        DRAFT = "draft", "Being prepared", "muted"
        TRYING = "trying", "Dry run", "info"
        TRIED = "tried", "Dry run done", "info"
        QUEUED = "queued", "Queued", "muted"
        RUNNING = "running", "Running", "info"
        DONE = "done", "Done", "ok"
        FAILED = "failed", "Failed", "bad"
        UNDOING = "undoing", "Being undone", "warn"
        UNDONE = "undone", "Undone", "muted"

    target = models.CharField(max_length=60, help_text="What it brings in: the name of a declared target")
    label = models.CharField("import", max_length=120)
    source = models.CharField(
        "comes from", max_length=80, blank=True, default="", help_text="The system the rows come from"
    )
    directory = models.CharField(max_length=300, blank=True, default="", help_text="A folder of the server")
    upload = models.BooleanField(default=False, help_text="The files are an uploaded archive, kept encrypted")
    file_key = models.CharField(
        max_length=64, blank=True, default="", help_text="SHA-256 of what was uploaded"
    )
    worksheet = models.CharField(max_length=120, blank=True, default="")
    heading_row = models.PositiveIntegerField(
        default=0, help_text="Row of the headings; 0 is found by itself"
    )
    options = models.JSONField(
        default=dict, blank=True, help_text="Answers to the target's own questions, as texts"
    )
    mapping = TenantForeignKey(SheetMapping, models.PROTECT, null=True, blank=True, related_name="runs")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often work was asked for: a job's key")
    is_tried = models.BooleanField(default=False, help_text="A dry run of these very columns is done")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField("finished", null=True, blank=True)
    asked_by = TenantForeignKey(
        "practice.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_by = models.TextField("asked by", blank=True, default="")
    error = models.TextField(blank=True, default="")
    undone_because = models.CharField(max_length=500, blank=True, default="")

    takes_files = False  # the sheet itself is kept with it, through its own service
    page_name = "practice:import_run"
    job_kind, undo_kind = "practice.import", "practice.import_undo"
    # What the list's selector counts.
    taken_rows: int | None = None
    refused_rows: int | None = None

    class Meta:
        indexes = [models.Index(fields=["practice", "-created_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.label

    @property
    def target_label(self) -> str:
        """What it brings in, in words."""
        from practice import sheet_registry

        found = sheet_registry.find(self.target)
        return found.label if found else self.target

    @property
    def is_over(self) -> bool:
        """Nothing moves any more."""
        return self.state in (self.State.DONE, self.State.FAILED, self.State.UNDONE)

    @property
    def is_moving(self) -> bool:
        """A job works on it, or waits to."""
        return self.state in (self.State.TRYING, self.State.QUEUED, self.State.RUNNING, self.State.UNDOING)

    @property
    def can_try(self) -> bool:
        """A dry run may be asked for."""
        return self.state in (self.State.DRAFT, self.State.TRIED) or (
            self.state == self.State.FAILED and self.started_at is None
        )

    @property
    def can_run(self) -> bool:
        """Its rows may be taken: after a dry run, or again where a run stopped."""
        return (self.state == self.State.TRIED and self.is_tried) or (
            self.state == self.State.FAILED and self.started_at is not None
        )

    @property
    def can_undo(self) -> bool:
        """What it made may be withdrawn."""
        from practice import sheet_registry

        found = sheet_registry.find(self.target)
        return self.state == self.State.DONE and bool(found and found.undo)


class ImportFile(TenantModel):
    """How far one file of a run has come, in the dry run or for real: rows read, new, changed, the same, refused."""

    audit = ""  # transport: what a run writes is audited where it writes it

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    is_rehearsal = models.BooleanField(default=False, help_text="Counts of the dry run")
    position = models.PositiveSmallIntegerField()
    rows_total = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0, help_text="Checkpoint: rows before it are committed")
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_known = models.PositiveIntegerField(default=0, help_text="Rows that are here already as they are")
    rows_refused = models.PositiveIntegerField(default=0)
    is_finished = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "run", "is_rehearsal", "name"], name="one_count_per_file_of_run"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> str:
        """What became of its rows, in one line."""
        return (
            f"{counted(self.rows_new, one='row', many='rows')} new, {self.rows_changed:,} changed, "
            f"{self.rows_known:,} unchanged, {self.rows_refused:,} refused"
        )


class ImportRefusal(TenantModel):
    """A row that could not be taken: where it stands, which column is wrong, and the row itself for download."""

    audit = ""  # transport

    file = TenantForeignKey(ImportFile, models.CASCADE, related_name="refusals")
    row_number = models.PositiveIntegerField(
        help_text="Row as a spreadsheet counts; the headings are one too"
    )
    field = models.CharField(max_length=200)
    message = models.CharField(max_length=500)
    row = models.JSONField(help_text="The row as it came, so that it can be mended and sent again")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "file", "row_number"], name="one_refusal_per_row_of_file"
            )
        ]
        ordering = ["row_number"]

    def __str__(self) -> str:
        return f"{self.file} row {self.row_number}: {self.message}"


class ImportedRecord(TenantModel):
    """Which record of ours a foreign row became: what makes an import repeatable, and what an undo goes by."""

    audit = ""  # transport: the record itself is audited

    source = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    external_id = models.CharField(max_length=100)
    record_id = models.UUIDField()
    checksum = models.CharField(max_length=64, blank=True, default="")
    run = TenantForeignKey(
        ImportRun,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="made",
        help_text="The run that made it",
    )
    record_version = models.DateTimeField(
        null=True, blank=True, help_text="Last change of the record when its run had made it"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Undone then")
    left_because = models.CharField(max_length=300, blank=True, default="", help_text="Why an undo left it")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "source", "kind", "external_id"],
                condition=models.Q(withdrawn_at=None),
                name="one_record_per_foreign_row",
            )
        ]
        indexes = [
            models.Index(
                fields=["practice", "run", "id"],
                condition=models.Q(run__isnull=False),
                name="imported_by_run",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.external_id}"


class SheetColumn(TenantModel):
    """A column of a sheet: the field it becomes ('' is left out), the form of its dates, and what it holds."""

    audit = ""  # its samples are a patient's; the mapping's own row is audited

    mapping = TenantForeignKey(SheetMapping, models.CASCADE, related_name="columns")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=200)
    field = models.CharField(max_length=60, blank=True, default="")
    date_form = models.CharField(max_length=6, blank=True, default="")
    rows = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    distinct = models.PositiveIntegerField(default=0)
    looks = models.CharField(max_length=10, blank=True, default="")
    notes = models.TextField(blank=True, default="", help_text="What stands out, a line each")
    samples = models.TextField(blank=True, default="", help_text="The first values, a line each")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "mapping", "position"], name="one_column_per_position"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.heading


class SheetValue(TenantModel):
    """What a word of another system means here: M is Male."""

    audit = ""  # as its column

    column = TenantForeignKey(SheetColumn, models.CASCADE, related_name="meanings")
    text = models.CharField(max_length=200)
    count = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "column", "text"], name="one_meaning_per_text")
        ]
        ordering = ["-count", "text"]

    def __str__(self) -> str:
        return f"{self.text} = {self.code}"
