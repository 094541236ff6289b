"""Imports: runs, their files and refusals, what rows became, and what columns of sheets mean."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0012_approvals_and_public_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="SheetMapping",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=practice.tenancy.UUID7(),
                        default=kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
                ),
                ("target", models.CharField(max_length=60)),
                (
                    "name",
                    models.CharField(
                        blank=True, default="", help_text="The source system it is kept for", max_length=80
                    ),
                ),
                (
                    "practice",
                    practice.tenancy.PracticeField(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.practice",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        fields=("practice", "target", "name"),
                        name="one_mapping_per_source",
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_sheetmapping_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetColumn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=practice.tenancy.UUID7(),
                        default=kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("heading", models.CharField(max_length=200)),
                ("field", models.CharField(blank=True, default="", max_length=60)),
                ("date_form", models.CharField(blank=True, default="", max_length=6)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("filled", models.PositiveIntegerField(default=0)),
                ("distinct", models.PositiveIntegerField(default=0)),
                ("looks", models.CharField(blank=True, default="", max_length=10)),
                ("notes", models.TextField(blank=True, default="", help_text="What stands out, a line each")),
                (
                    "samples",
                    models.TextField(blank=True, default="", help_text="The first values, a line each"),
                ),
                (
                    "practice",
                    practice.tenancy.PracticeField(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.practice",
                    ),
                ),
                (
                    "mapping",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="columns",
                        to="practice.sheetmapping",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "mapping", "position"), name="one_column_per_position"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="mapping", name="practice_sheetcolumn_mapping_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="", name="practice_sheetcolumn_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetValue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=practice.tenancy.UUID7(),
                        default=kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
                ),
                ("text", models.CharField(max_length=200)),
                ("count", models.PositiveIntegerField(default=0)),
                ("code", models.CharField(blank=True, default="", max_length=60)),
                (
                    "column",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meanings",
                        to="practice.sheetcolumn",
                    ),
                ),
                (
                    "practice",
                    practice.tenancy.PracticeField(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.practice",
                    ),
                ),
            ],
            options={
                "ordering": ["-count", "text"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "column", "text"), name="one_meaning_per_text"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="column", name="practice_sheetvalue_column_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="", name="practice_sheetvalue_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=practice.tenancy.UUID7(),
                        default=kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "target",
                    models.CharField(
                        help_text="What it brings in: the name of a declared target", max_length=60
                    ),
                ),
                ("label", models.CharField(max_length=120, verbose_name="import")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="The system the rows come from",
                        max_length=80,
                        verbose_name="comes from",
                    ),
                ),
                (
                    "directory",
                    models.CharField(
                        blank=True, default="", help_text="A folder of the server", max_length=300
                    ),
                ),
                (
                    "upload",
                    models.BooleanField(
                        default=False, help_text="The files are an uploaded archive, kept encrypted"
                    ),
                ),
                (
                    "file_key",
                    models.CharField(
                        blank=True, default="", help_text="SHA-256 of what was uploaded", max_length=64
                    ),
                ),
                ("worksheet", models.CharField(blank=True, default="", max_length=120)),
                (
                    "heading_row",
                    models.PositiveIntegerField(
                        default=0, help_text="Row of the headings; 0 is found by itself"
                    ),
                ),
                (
                    "options",
                    models.JSONField(
                        blank=True, default=dict, help_text="Answers to the target's own questions, as texts"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("trying", "Dry run"),
                            ("tried", "Dry run done"),
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How often work was asked for: a job's key"
                    ),
                ),
                (
                    "is_tried",
                    models.BooleanField(default=False, help_text="A dry run of these very columns is done"),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("requested_by", models.TextField(blank=True, default="", verbose_name="asked by")),
                ("error", models.TextField(blank=True, default="")),
                ("undone_because", models.CharField(blank=True, default="", max_length=500)),
                (
                    "asked_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "practice",
                    practice.tenancy.PracticeField(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.practice",
                    ),
                ),
                (
                    "mapping",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="practice.sheetmapping",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "-created_at"], name="import_newest")],
                "constraints": [
                    practice.tenancy.SamePractice(
                        deferred=False, field="mapping", name="practice_importrun_mapping_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="asked_by", name="practice_importrun_asked_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete", name="practice_importrun_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=practice.tenancy.UUID7(),
                        default=kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
                ),
                ("name", models.CharField(max_length=120)),
                ("is_rehearsal", models.BooleanField(default=False, help_text="Counts of the dry run")),
                ("position", models.PositiveSmallIntegerField()),
                ("rows_total", models.PositiveIntegerField(default=0)),
                (
                    "rows_read",
                    models.PositiveIntegerField(
                        default=0, help_text="Checkpoint: rows before it are committed"
                    ),
                ),
                ("rows_new", models.PositiveIntegerField(default=0)),
                ("rows_changed", models.PositiveIntegerField(default=0)),
                (
                    "rows_known",
                    models.PositiveIntegerField(
                        default=0, help_text="Rows that are here already as they are"
                    ),
                ),
                ("rows_refused", models.PositiveIntegerField(default=0)),
                ("is_finished", models.BooleanField(default=False)),
                (
                    "practice",
                    practice.tenancy.PracticeField(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.practice",
                    ),
                ),
                (
                    "run",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="practice.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "run", "is_rehearsal", "name"), name="one_count_per_file_of_run"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="run", name="practice_importfile_run_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="", name="practice_importfile_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRefusal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=practice.tenancy.UUID7(),
                        default=kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "row_number",
                    models.PositiveIntegerField(
                        help_text="Row as a spreadsheet counts; the headings are one too"
                    ),
                ),
                ("field", models.CharField(max_length=200)),
                ("message", models.CharField(max_length=500)),
                (
                    "row",
                    models.JSONField(help_text="The row as it came, so that it can be mended and sent again"),
                ),
                (
                    "file",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refusals",
                        to="practice.importfile",
                    ),
                ),
                (
                    "practice",
                    practice.tenancy.PracticeField(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.practice",
                    ),
                ),
            ],
            options={
                "ordering": ["row_number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "file", "row_number"), name="one_refusal_per_row_of_file"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="file", name="practice_importrefusal_file_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="", name="practice_importrefusal_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=practice.tenancy.UUID7(),
                        default=kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
                ),
                ("source", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=60)),
                ("external_id", models.CharField(max_length=100)),
                ("record_id", models.UUIDField()),
                ("checksum", models.CharField(blank=True, default="", max_length=64)),
                (
                    "record_version",
                    models.DateTimeField(
                        blank=True, help_text="Last change of the record when its run had made it", null=True
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, help_text="Undone then", null=True)),
                (
                    "left_because",
                    models.CharField(blank=True, default="", help_text="Why an undo left it", max_length=300),
                ),
                (
                    "practice",
                    practice.tenancy.PracticeField(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.practice",
                    ),
                ),
                (
                    "run",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        help_text="The run that made it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made",
                        to="practice.importrun",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("run__isnull", False)),
                        fields=["practice", "run", "id"],
                        name="imported_by_run",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("practice", "source", "kind", "external_id"),
                        name="one_record_per_foreign_row",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="run", name="practice_importedrecord_run_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="", name="practice_importedrecord_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
    ]
