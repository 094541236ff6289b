"""The flow board: reasons to wait on status events; what was looked at at check-in."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0021_record_refs_merge"),
        ("scheduling", "0003_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitReason",
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
                ("name", models.CharField(max_length=120)),
                ("is_active", models.BooleanField(default=True)),
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
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "name"), name="one_waitreason_per_name"),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="scheduling_waitreason_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
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
                ("at", models.DateTimeField(verbose_name="checked in at")),
                (
                    "missing",
                    models.PositiveSmallIntegerField(default=0, help_text="Items that were not in order"),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, default="", help_text="Why the visit went on without them", max_length=200
                    ),
                ),
                (
                    "appointment",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="scheduling.appointment",
                        verbose_name="visit",
                    ),
                ),
                (
                    "by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="practice.membership",
                        verbose_name="checked in by",
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
                "verbose_name": "check-in",
                "indexes": [models.Index(fields=["practice", "-at", "-id"], name="check_ins_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "appointment"), name="one_check_in_per_visit"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("missing", 0), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="what_is_missing_has_a_reason",
                        violation_error_message="Say why the visit goes on although something is missing.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="appointment", name="scheduling_checkin_appointment_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="by", name="scheduling_checkin_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete", name="scheduling_checkin_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckInItem",
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
                ("code", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("ok", "In order"), ("warn", "To look at"), ("missing", "Missing")],
                        max_length=7,
                    ),
                ),
                ("detail", models.CharField(blank=True, default="", max_length=300)),
                (
                    "check_in",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="scheduling.checkin",
                        verbose_name="check-in",
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
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "check_in", "code"), name="one_item_of_a_code_per_check_in"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="check_in", name="scheduling_checkinitem_check_in_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="scheduling_checkinitem_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="statusevent",
            name="wait_reason",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scheduling.waitreason",
            ),
        ),
        migrations.AddConstraint(
            model_name="statusevent",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="wait_reason", name="scheduling_statusevent_wait_reason_same"
            ),
        ),
    ]
