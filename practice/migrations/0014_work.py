"""Work items with owner, role, site, source and history; the Monday brief, kept week by week."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models

import kit.ids
import practice.tenancy

# What is on the list already keeps its place: one open item of a kind for a record.
SOURCE_KEYS = """
UPDATE practice_workitem w SET source_key = w.kind || ':' || r.record_id
FROM practice_recordref r WHERE r.practice_id = w.practice_id AND r.id = w.ref_id;
"""
# Practices that stand already: their default roles get what new ones have.
PERMISSIONS = """
INSERT INTO practice_rolepermission (practice_id, role_id, permission)
SELECT r.practice_id, r.id, p.permission FROM practice_role r,
  (VALUES ('practice.do_work', 'owner manager physician front_desk biller hr compliance outside_biller integration'),
          ('practice.assign_work', 'owner manager biller hr compliance'),
          ('practice.view_all_work', 'owner manager auditor'),
          ('practice.view_brief', 'owner manager auditor biller hr compliance'),
          ('practice.mark_brief', 'owner manager')) p (permission, roles)
WHERE r.code = ANY (string_to_array(p.roles, ' ')) ON CONFLICT DO NOTHING;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0017_vendor"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brief",
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
                ("week", models.DateField(help_text="Its Monday")),
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
                    models.UniqueConstraint(fields=("practice", "week"), name="one_brief_per_week"),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="practice_brief_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="BriefEntry",
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
                ("position", models.PositiveSmallIntegerField()),
                ("key", models.CharField(max_length=80)),
                ("area", models.CharField(max_length=60)),
                ("sentence", models.CharField(max_length=200)),
                ("detail", models.CharField(blank=True, default="", max_length=300)),
                (
                    "severity",
                    models.CharField(
                        choices=[("bad", "Urgent"), ("warn", "Soon"), ("info", "To know")], max_length=4
                    ),
                ),
                ("permission", models.CharField(max_length=80)),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("count", models.PositiveIntegerField(default=0)),
                ("owner", models.CharField(blank=True, default="", max_length=120)),
                (
                    "path",
                    models.CharField(
                        blank=True, default="", help_text="Below the practice's address", max_length=300
                    ),
                ),
                ("button", models.CharField(blank=True, default="", max_length=40)),
                ("failed", models.BooleanField(default=False)),
                (
                    "brief",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="practice.brief",
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
                        fields=("practice", "brief", "position"), name="one_brief_entry_per_place"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="brief", name="practice_briefentry_brief_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="practice_briefentry_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="BriefMail",
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
                    "brief",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="practice.brief"
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "brief", "member"), name="one_brief_mail_per_member"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="brief", name="practice_briefmail_brief_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="member", name="practice_briefmail_member_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="practice_briefmail_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="BriefMark",
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
                ("key", models.CharField(max_length=80)),
                (
                    "act",
                    models.CharField(
                        choices=[("snoozed", "Snoozed"), ("done", "Done"), ("back", "Back again")],
                        max_length=7,
                    ),
                ),
                ("sentence", models.CharField(help_text="What the line said", max_length=200)),
                ("until", models.DateField(blank=True, help_text="The day it comes back", null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
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
                "constraints": [
                    practice.tenancy.SamePractice(
                        deferred=False, field="member", name="practice_briefmark_member_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="practice_briefmark_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["practice", "key", "-created_at"], name="marks_of_a_brief_line")
                ],
            },
        ),
        migrations.CreateModel(
            name="BriefReader",
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
                ("by_mail", models.BooleanField(default=True)),
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "member"), name="one_brief_choice_per_member"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="member", name="practice_briefreader_member_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_briefreader_tenant",
                        revoked="",
                        secrets="",
                    ),
                ]
            },
        ),
        migrations.AddField(
            model_name="workitem",
            name="chance",
            field=models.PositiveSmallIntegerField(
                db_default=100, default=100, help_text="How likely the money is had by doing it, in percent"
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="closed_by",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practice.membership",
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="closed_by_hand",
            field=models.BooleanField(
                db_default=False, default=False, help_text="A person closed it, not its source"
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="escalated_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="workitem",
            name="escalated_to",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practice.role",
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="location",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practice.location",
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="made_by",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practice.membership",
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="reason",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="Why it is here", max_length=300
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="role",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practice.role",
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="snooze_count",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="workitem",
            name="snooze_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="workitem",
            name="snoozed_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="workitem",
            name="source_key",
            field=models.CharField(db_default="", default="", max_length=160),
        ),
        migrations.AddField(
            model_name="workitem",
            name="source_owner",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                help_text="Whom its source named last: a hand-over by hand stands until the source names somebody else",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practice.membership",
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="subject",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                help_text="The patient it concerns",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.recordref",
            ),
        ),
        migrations.AddField(
            model_name="workitem",
            name="title_lower",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower("title"),
                output_field=models.CharField(db_collation="C", max_length=200),
            ),
        ),
        migrations.RunSQL(SOURCE_KEYS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="workitem",
            name="one_open_item_per_record",
        ),
        migrations.AlterField(
            model_name="workitem",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="due"),
        ),
        migrations.AlterField(
            model_name="workitem",
            name="ref",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="work_items",
                to="practice.recordref",
            ),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["practice", "owner", "due_on"],
                name="open_work_of_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["practice", "ref", "kind"], name="work_about_a_record"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["practice", "source_key", "-closed_at"], name="work_of_a_source"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                condition=models.Q(("state", "open"), _negated=True),
                fields=["practice", "closed_by", "-closed_at"],
                name="work_done_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("practice", "source_key"),
                name="one_open_item_per_source",
                violation_error_message="This is on the list already",
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("chance__lte", 100)), name="chance_is_a_percentage"
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("source_key", ""), _negated=True), name="work_has_a_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="subject", name="practice_workitem_subject_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="source_owner", name="practice_workitem_source_owner_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="role", name="practice_workitem_role_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="location", name="practice_workitem_location_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="made_by", name="practice_workitem_made_by_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="escalated_to", name="practice_workitem_escalated_to_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="closed_by", name="practice_workitem_closed_by_same"
            ),
        ),
        migrations.CreateModel(
            name="WorkEvent",
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
                    "act",
                    models.CharField(
                        choices=[
                            ("assigned", "Assigned"),
                            ("snoozed", "Snoozed"),
                            ("woke", "Brought back"),
                            ("escalated", "Escalated"),
                            ("commented", "Commented"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                (
                    "role",
                    models.CharField(blank=True, default="", help_text="Its name that day", max_length=80),
                ),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "item",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="practice.workitem",
                    ),
                ),
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
                "constraints": [
                    practice.tenancy.SamePractice(
                        deferred=False, field="item", name="practice_workevent_item_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="member", name="practice_workevent_member_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="practice_workevent_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["practice", "item", "created_at"], name="events_of_a_work_item")
                ],
            },
        ),
        migrations.RunSQL(PERMISSIONS, migrations.RunSQL.noop),
    ]
