"""What a practice may take with it, and how it is destroyed."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy
from practice import operating_sql, sql


class Migration(migrations.Migration):
    dependencies = [("practice", "0006_displays")]

    operations = [
        migrations.RunSQL(sql.OWNERS_PERMISSIONS, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="DestroyedPractice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        editable=False, help_text="The practice's id", primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("reason", models.CharField(max_length=300)),
                ("requested_by", models.CharField(help_text="Name and e-mail address", max_length=400)),
                (
                    "approved_by",
                    models.CharField(help_text="Name and e-mail address, or the operator", max_length=400),
                ),
                ("requested_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("finished_at", models.DateTimeField(null=True)),
                ("exported_at", models.DateTimeField(help_text="The last export that was made", null=True)),
                (
                    "row_counts",
                    models.JSONField(db_default=models.Value({}, output_field=models.JSONField())),
                ),
                ("files", models.PositiveIntegerField(db_default=0)),
                ("audit_head", models.CharField(help_text="The last seal of its audit trail", max_length=64)),
                ("sha256", models.CharField(db_default="", help_text="Of the certificate", max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="DestroyRequest",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "operator",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="The deployment's operator who approved, by name",
                        max_length=120,
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "not_before",
                    models.DateTimeField(blank=True, help_text="The end of the waiting period", null=True),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
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
                    "requested_by",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "withdrawn_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "approved"])),
                        fields=("practice",),
                        name="one_open_destroy_request",
                        violation_error_message="There is an open request already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_destroy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("not_before__isnull", False),
                                models.Q(
                                    ("approved_by__isnull", False),
                                    models.Q(("operator", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="approved_by_somebody_at_a_time",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="requested_by", name="practice_destroyrequest_requested_by_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="approved_by", name="practice_destroyrequest_approved_by_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="withdrawn_by", name="practice_destroyrequest_withdrawn_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_destroyrequest_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeExport",
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
                    "state",
                    models.CharField(
                        choices=[("ordered", "Being made"), ("ready", "Ready"), ("expired", "Expired")],
                        default="ordered",
                        max_length=8,
                    ),
                ),
                (
                    "sealed_values",
                    models.BooleanField(
                        default=False,
                        help_text="Whether SSNs, tax ids and other sealed values are in it, readable",
                    ),
                ),
                ("rows", models.BigIntegerField(default=0)),
                ("tables", models.PositiveIntegerField(default=0)),
                ("files", models.PositiveIntegerField(default=0)),
                ("size", models.BigIntegerField(default=0, help_text="Bytes of the ZIP")),
                ("sha256", models.CharField(blank=True, default="", help_text="Of the ZIP", max_length=64)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
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
                    "requested_by",
                    practice.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "-created_at"], name="export_newest")],
                "constraints": [
                    practice.tenancy.SamePractice(
                        deferred=False, field="requested_by", name="practice_practiceexport_requested_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_practiceexport_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "REVOKE ALL ON practice_destroyedpractice FROM wellrun_app", migrations.RunSQL.noop
        ),
        # The jobs' last mile and the status page
        migrations.RunSQL(operating_sql.TAKE_JOBS, migrations.RunSQL.noop),
        migrations.RunSQL(operating_sql.SWEEP_JOBS, migrations.RunSQL.noop),
        migrations.RunSQL(operating_sql.DISPATCH_DUE, operating_sql.OLD_DISPATCH_DUE),
        migrations.RunSQL(operating_sql.OPERATING_FIGURES, "DROP FUNCTION operating_figures()"),
    ]
