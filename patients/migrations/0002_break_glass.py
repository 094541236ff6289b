"""Break-glass grants for restricted patients."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="restriction_reason",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Why it was restricted, or the restriction lifted",
                max_length=200,
            ),
        ),
        migrations.AlterField(
            model_name="patient",
            name="is_restricted",
            field=models.BooleanField(
                default=False,
                help_text="Hidden but for roles that may see restricted",
                verbose_name="restricted",
            ),
        ),
        migrations.CreateModel(
            name="BreakGlass",
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
                    "reason",
                    models.CharField(
                        choices=[
                            ("care", "The patient needs care now"),
                            ("desk", "The patient is here or on the telephone"),
                            ("billing", "A claim or payment must be worked"),
                            ("request", "The patient or their representative asked for something"),
                            ("law", "A law or a court asks for it"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.CharField(max_length=300)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "membership",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "patient",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="patients.patient",
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
                "indexes": [
                    models.Index(fields=["practice", "membership", "ends_at"], name="openings_of_a_member")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="opening_ends_after_it_begins",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="membership", name="patients_breakglass_membership_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="patient", name="patients_breakglass_patient_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="patients_breakglass_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BreakGlassClosing",
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
                    "grant",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closings",
                        to="patients.breakglass",
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
                    models.UniqueConstraint(fields=("practice", "grant"), name="one_closing_per_opening"),
                    practice.tenancy.SamePractice(
                        deferred=False, field="grant", name="patients_breakglassclosing_grant_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="patients_breakglassclosing_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BreakGlassReview",
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
                            ("justified", "Justified"),
                            ("explained", "Justified after asking"),
                            ("unjustified", "Not justified"),
                        ],
                        max_length=11,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                (
                    "grant",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="patients.breakglass",
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
                    "reviewer",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "grant"), name="one_review_per_opening"),
                    practice.tenancy.SamePractice(
                        deferred=False, field="grant", name="patients_breakglassreview_grant_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="reviewer", name="patients_breakglassreview_reviewer_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="patients_breakglassreview_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
            },
        ),
    ]
