"""Sessions: what somebody typed and has not saved yet."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

import kit.ids
import practice.encrypted
import practice.tenancy


class Migration(migrations.Migration):
    dependencies = [("practice", "0003_ways_in")]

    operations = [
        migrations.CreateModel(
            name="Draft",
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
                ("form", models.CharField(max_length=300)),
                ("entries", practice.encrypted.EncryptedField()),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "membership",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "membership", "form"), name="one_draft_per_form"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="membership", name="practice_draft_membership_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="", name="practice_draft_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
    ]
