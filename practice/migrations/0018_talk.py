"""What people say to one another: notes on records, phone messages, announcements."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models

import kit.ids
import practice.tenancy

# Practices that stand already: their default roles get what new ones have.
PERMISSIONS = """
INSERT INTO practice_rolepermission (practice_id, role_id, permission)
SELECT r.practice_id, r.id, p.permission FROM practice_role r,
  (VALUES ('practice.write_note',
           'owner manager physician front_desk biller hr compliance outside_biller integration'),
          ('practice.pin_note',
           'owner manager physician biller hr compliance'),
          ('practice.view_phone_message',
           'owner manager physician front_desk biller hr compliance outside_biller auditor'),
          ('practice.take_phone_message',
           'owner manager physician front_desk biller hr compliance outside_biller'),
          ('practice.answer_phone_message',
           'owner manager physician front_desk biller hr compliance outside_biller'),
          ('practice.announce',
           'owner manager hr compliance')
  ) p (permission, roles)
WHERE r.code = ANY (string_to_array(p.roles, ' ')) ON CONFLICT DO NOTHING;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0015_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
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
                ("title", models.CharField(max_length=120)),
                (
                    "title_lower",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower("title"),
                        output_field=models.CharField(db_collation="C", max_length=120),
                    ),
                ),
                ("text", models.TextField()),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("must_confirm", models.BooleanField(default=False, verbose_name="must be confirmed")),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "asked_version",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, verbose_name="version that must be read"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
            ],
        ),
        migrations.CreateModel(
            name="AnnouncementLocation",
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
                    "announcement",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="location_links",
                        to="practice.announcement",
                    ),
                ),
                (
                    "location",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practice.location"
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
            name="AnnouncementReceipt",
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
                ("version", models.PositiveSmallIntegerField()),
                ("confirmed", models.BooleanField()),
                (
                    "announcement",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="practice.announcement",
                    ),
                ),
                (
                    "member",
                    practice.tenancy.TenantForeignKey(
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
        migrations.CreateModel(
            name="AnnouncementRole",
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
                    "announcement",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="role_links",
                        to="practice.announcement",
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
                    "role",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practice.role"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnnouncementVersion",
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
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("material", models.BooleanField(verbose_name="asks again")),
                (
                    "announcement",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="practice.announcement",
                    ),
                ),
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
        migrations.CreateModel(
            name="PhoneMessage",
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
                ("taken_at", models.DateTimeField()),
                ("caller", models.CharField(max_length=120)),
                ("phone", models.CharField(max_length=30)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("appointment", "Appointment"),
                            ("refill", "Refill"),
                            ("results", "Results"),
                            ("billing", "Billing"),
                            ("records", "Records"),
                            ("urgent", "Urgent clinical"),
                            ("other", "Other"),
                        ],
                        default="appointment",
                        max_length=11,
                    ),
                ),
                ("text", models.TextField(verbose_name="message")),
                (
                    "urgency",
                    models.CharField(
                        choices=[("now", "At once"), ("soon", "Soon"), ("routine", "Routine")],
                        default="routine",
                        max_length=7,
                    ),
                ),
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
                ("call_back_by", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("in_progress", "In progress"),
                            ("voicemail", "Left voicemail"),
                            ("called_back", "Called back"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=11,
                    ),
                ),
                ("reached_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=300)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
                (
                    "ref",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="phone_messages",
                        to="practice.recordref",
                    ),
                ),
                (
                    "role",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.role",
                    ),
                ),
                (
                    "taken_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallAttempt",
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
                    "result",
                    models.CharField(
                        choices=[
                            ("reached", "Reached"),
                            ("voicemail", "Left voicemail"),
                            ("no_answer", "No answer"),
                            ("wrong", "Wrong number"),
                        ],
                        max_length=9,
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
                    "message",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="practice.phonemessage",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="announcement",
            index=models.Index(fields=["practice", "from_on", "id"], name="announcements_by_day"),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"
                ),
                name="an_announcement_ends_after_it_begins",
                violation_error_message="Enter a last day that is not before the first",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_version__lte", models.F("version"))),
                name="asked_for_what_there_is",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="author", name="practice_announcement_author_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=practice.tenancy.TenantTable(
                audit="insert,update,delete", name="practice_announcement_tenant", revoked="", secrets=""
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementlocation",
            constraint=models.UniqueConstraint(
                fields=("practice", "announcement", "location"), name="one_site_link_per_announcement"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementlocation",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="announcement", name="practice_announcementlocation_announcement_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementlocation",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="location", name="practice_announcementlocation_location_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementlocation",
            constraint=practice.tenancy.TenantTable(
                audit="insert,update,delete",
                name="practice_announcementlocation_tenant",
                revoked="",
                secrets="",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementreceipt",
            constraint=models.UniqueConstraint(
                fields=("practice", "announcement", "member", "version"), name="one_receipt_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementreceipt",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="announcement", name="practice_announcementreceipt_announcement_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementreceipt",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="member", name="practice_announcementreceipt_member_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementreceipt",
            constraint=practice.tenancy.TenantTable(
                audit="update,delete",
                name="practice_announcementreceipt_tenant",
                revoked="update, delete",
                secrets="",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementrole",
            constraint=models.UniqueConstraint(
                fields=("practice", "announcement", "role"), name="one_role_link_per_announcement"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementrole",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="announcement", name="practice_announcementrole_announcement_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementrole",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="role", name="practice_announcementrole_role_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementrole",
            constraint=practice.tenancy.TenantTable(
                audit="insert,update,delete", name="practice_announcementrole_tenant", revoked="", secrets=""
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementversion",
            constraint=models.UniqueConstraint(
                fields=("practice", "announcement", "number"), name="one_announcement_version_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementversion",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="announcement", name="practice_announcementversion_announcement_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementversion",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="by", name="practice_announcementversion_by_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementversion",
            constraint=practice.tenancy.TenantTable(
                audit="update,delete",
                name="practice_announcementversion_tenant",
                revoked="update, delete",
                secrets="",
            ),
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
        migrations.AddIndex(
            model_name="phonemessage",
            index=models.Index(fields=["practice", "taken_at", "id"], name="phone_messages_by_time"),
        ),
        migrations.AddIndex(
            model_name="phonemessage",
            index=models.Index(fields=["practice", "patient_id", "id"], name="phone_messages_of_patient"),
        ),
        migrations.AddIndex(
            model_name="phonemessage",
            index=models.Index(fields=["practice", "kind", "id"], name="phone_messages_by_kind"),
        ),
        migrations.AddIndex(
            model_name="phonemessage",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["practice", "call_back_by", "id"],
                name="phone_messages_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="phonemessage",
            constraint=models.UniqueConstraint(
                fields=("practice", "number"), name="one_phone_message_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="phonemessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("role", None), ("member", None), _connector="XOR"),
                name="a_message_is_for_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="phonemessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                    _connector="OR",
                ),
                name="a_closed_message_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="phonemessage",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="taken_by", name="practice_phonemessage_taken_by_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="phonemessage",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="ref", name="practice_phonemessage_ref_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="phonemessage",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="role", name="practice_phonemessage_role_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="phonemessage",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="member", name="practice_phonemessage_member_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="phonemessage",
            constraint=practice.tenancy.TenantTable(
                audit="insert,update,delete", name="practice_phonemessage_tenant", revoked="", secrets=""
            ),
        ),
        migrations.AddConstraint(
            model_name="callattempt",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="message", name="practice_callattempt_message_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="callattempt",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="by", name="practice_callattempt_by_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="callattempt",
            constraint=practice.tenancy.TenantTable(
                audit="update,delete",
                name="practice_callattempt_tenant",
                revoked="update, delete",
                secrets="",
            ),
        ),
        migrations.RunSQL(PERMISSIONS, migrations.RunSQL.noop),
    ]
