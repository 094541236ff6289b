"""Letters, their templates, print runs and log; the log of messages."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.encrypted
import practice.tenancy
from practice import sql


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0011_rules"),
    ]

    operations = [
        migrations.RunSQL(sql.LETTER_PERMISSIONS, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="LetterTemplate",
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
                ("code", models.SlugField(db_index=False, max_length=60)),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(help_text="The kind of record it is about", max_length=60)),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")], default="en", max_length=2
                    ),
                ),
                (
                    "without_phi",
                    models.BooleanField(
                        default=False,
                        help_text="Says nothing about anybody's health, care or bills: may be e-mailed in full",
                        verbose_name="nothing personal",
                    ),
                ),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="The newest published one, 0 for none"
                    ),
                ),
                (
                    "is_changed",
                    models.BooleanField(
                        default=True,
                        help_text="The draft says something else than that version",
                        verbose_name="unpublished draft",
                    ),
                ),
                ("retired_on", models.DateField(blank=True, null=True)),
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
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "code", "language"),
                        name="one_template_per_code_and_language",
                        violation_error_message="There is a template of this code in this language.",
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_lettertemplate_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterVersion",
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
                    "created_by",
                    models.TextField(db_default=practice.tenancy.Setting("app.actor"), editable=False),
                ),
                (
                    "request_id",
                    models.TextField(db_default=practice.tenancy.Setting("app.request_id"), editable=False),
                ),
                (
                    "tx",
                    practice.tenancy.TransactionIdField(
                        db_default=practice.tenancy.CurrentTransaction(), editable=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("without_phi", models.BooleanField()),
                ("effective_from", models.DateField()),
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
                    "published_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "template",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="practice.lettertemplate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "template", "number"), name="one_version_per_number"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="template", name="practice_letterversion_template_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="published_by", name="practice_letterversion_published_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="practice_letterversion_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterBatch",
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
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("making", "Being made"), ("ready", "Ready to print"), ("posted", "Posted")],
                        default="making",
                        max_length=7,
                    ),
                ),
                ("posted_on", models.DateField(blank=True, null=True)),
                (
                    "made_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "pdf",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.attachment",
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
                        fields=("practice", "number"), name="one_letter_batch_per_number"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="made_by", name="practice_letterbatch_made_by_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="pdf", name="practice_letterbatch_pdf_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_letterbatch_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letterhead",
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
                    "foot",
                    models.CharField(blank=True, default="", help_text="A line at the foot", max_length=200),
                ),
                (
                    "logo",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.attachment",
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
                    models.UniqueConstraint(fields=("practice",), name="one_letterhead_per_practice"),
                    practice.tenancy.SamePractice(
                        deferred=False, field="logo", name="practice_letterhead_logo_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_letterhead_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
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
                ("number", models.PositiveIntegerField()),
                (
                    "patient_id",
                    models.UUIDField(
                        blank=True, help_text="Whom it is about, for the log of reads", null=True
                    ),
                ),
                ("recipient", models.CharField(max_length=120)),
                ("letter_on", models.DateField()),
                ("content", practice.encrypted.EncryptedField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Ready to send"),
                            ("queued", "To print"),
                            ("printed", "Printed"),
                            ("mailing", "Being e-mailed"),
                            ("sent", "Sent"),
                            ("failed", "Not delivered"),
                            ("returned", "Came back"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="ready",
                        max_length=9,
                    ),
                ),
                (
                    "pdf",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.attachment",
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
                    "ref",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="practice.recordref",
                    ),
                ),
                (
                    "written_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "batch",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="practice.letterbatch",
                    ),
                ),
                (
                    "version",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="practice.letterversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "number"), name="one_letter_per_number"),
                    practice.tenancy.SamePractice(
                        deferred=False, field="version", name="practice_letter_version_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="ref", name="practice_letter_ref_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="pdf", name="practice_letter_pdf_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="batch", name="practice_letter_batch_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="written_by", name="practice_letter_written_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_letter_tenant",
                        revoked="",
                        secrets="content",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["practice", "patient_id", "id"], name="letters_about_patient"),
                    models.Index(fields=["practice", "state", "id"], name="letters_by_state"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterStep",
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
                    "created_by",
                    models.TextField(db_default=practice.tenancy.Setting("app.actor"), editable=False),
                ),
                (
                    "request_id",
                    models.TextField(db_default=practice.tenancy.Setting("app.request_id"), editable=False),
                ),
                (
                    "tx",
                    practice.tenancy.TransactionIdField(
                        db_default=practice.tenancy.CurrentTransaction(), editable=False
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("written", "Written"),
                            ("queued", "Put in the print queue"),
                            ("printed", "Taken to print"),
                            ("posted", "Posted"),
                            ("tried", "Being e-mailed"),
                            ("mailed", "E-mailed"),
                            ("failed", "Not delivered"),
                            ("returned", "Came back"),
                            ("reprinted", "Reprinted"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("", "—"), ("post", "Post"), ("email", "E-mail")],
                        default="",
                        max_length=5,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                (
                    "by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "letter",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="practice.letter",
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
                "abstract": False,
                "constraints": [
                    practice.tenancy.SamePractice(
                        deferred=False, field="letter", name="practice_letterstep_letter_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="by", name="practice_letterstep_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="practice_letterstep_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correspondence",
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
                ("number", models.PositiveIntegerField()),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "Received"), ("out", "Sent")], default="in", max_length=3
                    ),
                ),
                (
                    "medium",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("mail", "Mail"),
                            ("fax", "Fax"),
                            ("email", "E-mail"),
                            ("portal", "Portal"),
                            ("in_person", "In person"),
                        ],
                        default="phone",
                        max_length=9,
                    ),
                ),
                (
                    "party",
                    models.CharField(help_text="Who wrote or called, or to whom it went", max_length=120),
                ),
                ("subject", models.CharField(help_text="What it is about", max_length=200)),
                ("notes", models.TextField(blank=True, default="")),
                ("happened_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        blank=True, default="", help_text="The kind of that record", max_length=60
                    ),
                ),
                (
                    "patient_id",
                    models.UUIDField(
                        blank=True, help_text="Whom it is about, for the log of reads", null=True
                    ),
                ),
                ("reply_by", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("logged", "On record"),
                            ("waiting", "Needs an answer"),
                            ("answered", "Answered"),
                        ],
                        default="logged",
                        max_length=8,
                    ),
                ),
                ("outcome", models.CharField(blank=True, default="", max_length=300)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
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
                    "ref",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="practice.recordref",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "indexes": [
                    models.Index(fields=["practice", "happened_at", "id"], name="messages_by_time"),
                    models.Index(fields=["practice", "patient_id", "id"], name="messages_about_patient"),
                    models.Index(fields=["practice", "kind", "id"], name="messages_by_kind"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "number"), name="one_message_per_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "logged"),
                            ("reply_by__isnull", False),
                            ("state", "answered"),
                            _connector="OR",
                        ),
                        name="a_waiting_message_has_its_day",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="ref", name="practice_correspondence_ref_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="owner", name="practice_correspondence_owner_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_correspondence_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
    ]
