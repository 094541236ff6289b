"""The access of each night: third next available by provider and type."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0019_checklists"),
        ("scheduling", "0002_supply"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessDay",
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
                ("day", models.DateField(help_text="The local day it was taken on")),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Empty: no third opening as far as it was looked", null=True
                    ),
                ),
                ("lookahead", models.PositiveSmallIntegerField(help_text="How many days were looked at")),
                ("sampled", models.BooleanField(default=False, help_text="Counts for the weekly key figure")),
                ("taken_at", models.DateTimeField()),
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
                    "resource",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="scheduling.resource",
                        verbose_name="provider",
                    ),
                ),
                (
                    "type",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="scheduling.appointmenttype",
                        verbose_name="visit type",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["practice", "resource", "type", "day"], name="access_of_provider")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "day", "resource", "type"),
                        name="one_access_per_day_provider_and_type",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="resource", name="scheduling_accessday_resource_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="type", name="scheduling_accessday_type_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="", name="scheduling_accessday_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
    ]
