"""Wall displays."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy


class Migration(migrations.Migration):
    dependencies = [("practice", "0005_seal")]

    operations = [
        migrations.AddField(
            model_name="auditaccesspatient",
            name="grant_id",
            field=models.UUIDField(help_text="The break-glass grant that opened the record", null=True),
        ),
        migrations.AddIndex(
            model_name="auditaccesspatient",
            index=models.Index(
                condition=models.Q(("grant_id__isnull", False)),
                fields=["practice", "grant_id", "created_at"],
                name="access_under_a_grant",
            ),
        ),
        migrations.CreateModel(
            name="WallDisplay",
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
                ("name", models.CharField(help_text="Where it hangs", max_length=80)),
                ("secret_hash", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "location",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practice.location"
                    ),
                ),
                (
                    "made_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="displays",
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
            ],
            options={
                "abstract": False,
                "constraints": [
                    practice.tenancy.SamePractice(
                        deferred=False, field="location", name="practice_walldisplay_location_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="made_by", name="practice_walldisplay_made_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_walldisplay_tenant",
                        revoked="",
                        secrets="secret_hash",
                    ),
                ],
            },
        ),
    ]
