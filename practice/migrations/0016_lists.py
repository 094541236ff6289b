"""Own views of lists, runs of one act on many records, and how a person likes the product."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.encrypted
import practice.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0013_letters"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="comfortable_rows",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="user",
            name="single_keys",
            field=models.BooleanField(
                db_default=True, default=True, help_text="One letter is a command outside of fields"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="theme",
            field=models.CharField(
                choices=[("system", "As the device is set"), ("light", "Light"), ("dark", "Dark")],
                db_default="system",
                default="system",
                max_length=6,
            ),
        ),
        migrations.CreateModel(
            name="BulkRun",
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
                ("kind", models.CharField(help_text="The Resource of the records", max_length=60)),
                ("action", models.CharField(max_length=40)),
                (
                    "answers",
                    practice.encrypted.EncryptedField(
                        blank=True, default="", help_text="The form's answers; a reason may be personal"
                    ),
                ),
                (
                    "asked_by",
                    models.CharField(help_text="The actor: user or token, and its id", max_length=60),
                ),
                ("total", models.PositiveIntegerField()),
                (
                    "job_id",
                    models.UUIDField(blank=True, help_text="The background work that does it", null=True),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BulkItem",
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
                ("record_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("done", "Done"), ("refused", "Refused")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
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
                        related_name="items",
                        to="practice.bulkrun",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedListView",
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
                ("kind", models.CharField(help_text="The Resource whose list it is", max_length=60)),
                ("name", models.CharField(max_length=60)),
                (
                    "query",
                    models.CharField(
                        help_text="The address after its ?, without words of a search", max_length=2000
                    ),
                ),
                ("shared", models.BooleanField(default=False)),
                (
                    "is_default",
                    models.BooleanField(default=False, help_text="Its owner's list opens with it"),
                ),
                (
                    "member",
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
        ),
        migrations.AddConstraint(
            model_name="bulkrun",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="member", name="practice_bulkrun_member_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkrun",
            constraint=practice.tenancy.TenantTable(
                audit="insert,update,delete", name="practice_bulkrun_tenant", revoked="", secrets="answers"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=models.UniqueConstraint(
                fields=("practice", "run", "record_id"), name="one_item_per_record_and_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="run", name="practice_bulkitem_run_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkitem",
            constraint=practice.tenancy.TenantTable(
                audit="", name="practice_bulkitem_tenant", revoked="", secrets=""
            ),
        ),
        migrations.AddIndex(
            model_name="savedlistview",
            index=models.Index(
                condition=models.Q(("shared", True)),
                fields=["practice", "kind"],
                name="shared_views_of_a_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedlistview",
            constraint=models.UniqueConstraint(
                fields=("practice", "member", "kind", "name"),
                name="one_saved_view_per_name",
                violation_error_message="You have a view of that name. Choose another name",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedlistview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("practice", "member", "kind"),
                name="one_default_view_per_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedlistview",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="member", name="practice_savedlistview_member_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedlistview",
            constraint=practice.tenancy.TenantTable(
                audit="insert,update,delete", name="practice_savedlistview_tenant", revoked="", secrets=""
            ),
        ),
    ]
