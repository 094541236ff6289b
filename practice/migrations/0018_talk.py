"""What people say to one another: notes on records, phone messages, announcements."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy

# Practices that stand already: their default roles get what new ones have.
PERMISSIONS = """
INSERT INTO practice_rolepermission (practice_id, role_id, permission)
SELECT r.practice_id, r.id, p.permission FROM practice_role r,
  (VALUES ('practice.write_note', 'owner manager physician front_desk biller hr compliance outside_biller integration'),
          ('practice.pin_note', 'owner manager physician biller hr compliance')) p (permission, roles)
WHERE r.code = ANY (string_to_array(p.roles, ' ')) ON CONFLICT DO NOTHING;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0015_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Note",
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
                ("text", models.TextField()),
                (
                    "author",
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
                    "ref",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="practice.recordref",
                    ),
                ),
                (
                    "replaces",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="practice.note",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoteMention",
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
                ("told", models.BooleanField()),
                (
                    "member",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "note",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="practice.note",
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
        migrations.CreateModel(
            name="NotePin",
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
                    "note",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pins", to="practice.note"
                    ),
                ),
                (
                    "pinned_by",
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
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["practice", "ref", "-id"], name="notes_of_record"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(
                fields=("practice", "replaces"),
                name="one_correction_per_note",
                violation_error_message="This note was corrected already",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_note_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="ref", name="practice_note_ref_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="author", name="practice_note_author_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="replaces", name="practice_note_replaces_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=practice.tenancy.TenantTable(
                audit="update,delete", name="practice_note_tenant", revoked="update, delete", secrets=""
            ),
        ),
        migrations.AddConstraint(
            model_name="notemention",
            constraint=models.UniqueConstraint(
                fields=("practice", "note", "member"), name="one_mention_per_member"
            ),
        ),
        migrations.AddConstraint(
            model_name="notemention",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="note", name="practice_notemention_note_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="notemention",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="member", name="practice_notemention_member_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="notemention",
            constraint=practice.tenancy.TenantTable(
                audit="update,delete",
                name="practice_notemention_tenant",
                revoked="update, delete",
                secrets="",
            ),
        ),
        migrations.AddConstraint(
            model_name="notepin",
            constraint=models.UniqueConstraint(fields=("practice", "note"), name="one_pin_per_note"),
        ),
        migrations.AddConstraint(
            model_name="notepin",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="note", name="practice_notepin_note_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="notepin",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="pinned_by", name="practice_notepin_pinned_by_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="notepin",
            constraint=practice.tenancy.TenantTable(
                audit="insert,update,delete", name="practice_notepin_tenant", revoked="", secrets=""
            ),
        ),
        migrations.RunSQL(PERMISSIONS, migrations.RunSQL.noop),
    ]
