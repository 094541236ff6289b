"""Approvals with their limits and stand-ins; forms for people outside, their links and what was sent."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.encrypted
import practice.tenancy
from practice import form_sql


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0014_work"),
    ]

    operations = [
        migrations.AlterField(
            model_name="tokenlookup",
            name="kind",
            field=models.CharField(
                choices=[
                    ("token", "API token"),
                    ("invitation", "Invitation"),
                    ("display", "Wall display"),
                    ("link", "Public link"),
                ],
                default="token",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="ApprovalRequest",
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
                ("kind", models.CharField(max_length=60)),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("reason", models.CharField(max_length=500)),
                ("digest", models.CharField(help_text="SHA-256 of what is asked for", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("asked_back", "Asked back"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="One more each time it is asked for anew"
                    ),
                ),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="The step that is to be decided next"
                    ),
                ),
                ("asked_on", models.DateField()),
                ("due_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("escalated_on", models.DateField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practice.recordref"
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
            ],
            options={
                "indexes": [models.Index(fields=["practice", "state", "due_on"], name="approval_by_due_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "number"), name="one_approval_per_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "asked_back"])),
                        fields=("practice", "kind", "ref"),
                        name="one_open_approval_per_record",
                        violation_error_message="This has been asked for already and is not decided yet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", None), ("amount__gt", 0), _connector="OR"),
                        name="approval_of_something",
                        violation_error_message="Enter an amount above zero.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="ref", name="practice_approvalrequest_ref_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False,
                        field="requested_by",
                        name="practice_approvalrequest_requested_by_same",
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_approvalrequest_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalEvent",
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
                            ("asked", "Asked"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("asked_back", "Asked back"),
                            ("answered", "Asked again"),
                            ("withdrawn", "Withdrawn"),
                            ("escalated", "Overdue"),
                            ("expired", "Expired"),
                        ],
                        max_length=10,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("step", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("said_at", models.DateTimeField(help_text="By the practice's clock")),
                (
                    "asker",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "member",
                    practice.tenancy.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "on_behalf_of",
                    practice.tenancy.TenantForeignKey(
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
                    "approval",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="practice.approvalrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome__in", ["approved", "refused"])),
                        fields=("practice", "approval", "round", "step"),
                        name="one_decision_per_step",
                        violation_error_message="Somebody else has just decided this.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__in", ["approved", "refused", "asked_back"]), _negated=True),
                            models.Q(
                                ("member__isnull", False),
                                ("on_behalf_of__isnull", False),
                                models.Q(("member", models.F("asker")), _negated=True),
                                models.Q(("on_behalf_of", models.F("asker")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="nobody_decides_their_own",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="approval", name="practice_approvalevent_approval_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="asker", name="practice_approvalevent_asker_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="member", name="practice_approvalevent_member_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="on_behalf_of", name="practice_approvalevent_on_behalf_of_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="practice_approvalevent_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
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
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(help_text="The last day")),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("ended_on", models.DateField(blank=True, help_text="Taken back on this day", null=True)),
                (
                    "deputy",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputyships",
                        to="practice.membership",
                    ),
                ),
                (
                    "member",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
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
                "indexes": [
                    models.Index(fields=["practice", "deputy", "ends_on"], name="delegation_of_deputy")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("member", models.F("deputy")), _negated=True),
                        name="nobody_stands_in_for_themselves",
                        violation_error_message="Choose somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="delegation_ends_after_it_begins",
                        violation_error_message="The last day cannot be before the first.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="member", name="practice_delegation_member_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="deputy", name="practice_delegation_deputy_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_delegation_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DelegationKind",
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
                ("kind", models.CharField(max_length=60)),
                (
                    "delegation",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kind_links",
                        to="practice.delegation",
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
                        fields=("practice", "delegation", "kind"), name="one_kind_link_per_delegation"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="delegation", name="practice_delegationkind_delegation_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_delegationkind_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicForm",
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
                ("name", models.CharField(help_text="As your colleagues call it", max_length=80)),
                ("purpose", models.CharField(help_text="What an accepted submission becomes", max_length=60)),
                ("is_active", models.BooleanField(default=True, help_text="Whether its links open it")),
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
                        fields=("practice", "name"),
                        name="one_form_per_name",
                        violation_error_message="There is a form of this name already.",
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_publicform_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormVersion",
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
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(help_text="The heading people see", max_length=120)),
                ("intro", models.TextField(blank=True, default="", help_text="Shown above the questions")),
                ("thanks", models.TextField(blank=True, default="", help_text="Shown after it was sent")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
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
                    "published_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "form",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="practice.publicform",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "form", "number"), name="one_form_version_per_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)),
                        fields=("practice", "form"),
                        name="one_draft_version_per_form",
                        violation_error_message="There is a draft of this form already.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="form", name="practice_formversion_form_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="published_by", name="practice_formversion_published_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_formversion_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormSection",
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
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(blank=True, default="", max_length=120)),
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
                    "version",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="practice.formversion",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "id"),
                "constraints": [
                    practice.tenancy.SamePractice(
                        deferred=False, field="version", name="practice_formsection_version_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_formsection_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormField",
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
                ("position", models.PositiveSmallIntegerField()),
                (
                    "key",
                    models.CharField(
                        help_text="Its short name, like birth_date",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9_]*$",
                                "Use small letters, digits and _, and begin with a letter.",
                            )
                        ],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "One line"),
                            ("long_text", "Several lines"),
                            ("choice", "One of several"),
                            ("yes_no", "Yes or no"),
                            ("date", "Date"),
                            ("number", "Number"),
                            ("phone", "Phone number"),
                            ("email", "Email address"),
                            ("file", "File"),
                            ("consent", "Box to agree"),
                            ("signature", "Signature by typed name"),
                        ],
                        max_length=10,
                    ),
                ),
                ("label", models.CharField(max_length=200)),
                ("help_text", models.CharField(blank=True, default="", max_length=300)),
                ("is_required", models.BooleanField(default=True)),
                ("is_sensitive", models.BooleanField(default=False, help_text="Answers are kept encrypted")),
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
                    "section",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fields",
                        to="practice.formsection",
                    ),
                ),
                (
                    "version",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fields",
                        to="practice.formversion",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "version", "key"),
                        name="one_question_per_key",
                        violation_error_message="Another question has this short name.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="version", name="practice_formfield_version_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="section", name="practice_formfield_section_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete", name="practice_formfield_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormChoice",
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
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.CharField(max_length=120)),
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
                    "field",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="practice.formfield",
                    ),
                ),
                (
                    "version",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="practice.formversion",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "field", "label"),
                        name="one_choice_per_label",
                        violation_error_message="Two answers are the same.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="version", name="practice_formchoice_version_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="field", name="practice_formchoice_field_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_formchoice_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicLink",
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
                    "label",
                    models.CharField(help_text="Where it goes, like: poster at the desk", max_length=80),
                ),
                ("secret_hash", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "most_uses",
                    models.PositiveIntegerField(blank=True, help_text="Empty: until it expires", null=True),
                ),
                ("uses", models.PositiveIntegerField(default=0, help_text="How often the form was sent")),
                ("last_sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "form",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="practice.publicform",
                    ),
                ),
                (
                    "made_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_links",
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
                        help_text="About what",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.recordref",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "form", "-created_at"], name="links_of_a_form")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most_uses", None), ("uses__lte", models.F("most_uses")), _connector="OR"
                        ),
                        name="link_used_no_more_than_meant",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="form", name="practice_publiclink_form_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="ref", name="practice_publiclink_ref_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="made_by", name="practice_publiclink_made_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_publiclink_tenant",
                        revoked="",
                        secrets="secret_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormSubmission",
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
                (
                    "nonce",
                    models.CharField(
                        help_text="Of the page it was typed on: sent twice is once", max_length=32
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To review"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "note",
                    models.CharField(blank=True, default="", help_text="Why it was rejected", max_length=500),
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
                    "result",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        help_text="What it became",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.recordref",
                    ),
                ),
                (
                    "reviewed_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "version",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="practice.formversion",
                    ),
                ),
                (
                    "form",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="practice.publicform",
                    ),
                ),
                (
                    "link",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="practice.publiclink",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["practice", "state", "-sent_at"], name="submission_by_state")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "number"), name="one_submission_per_number"),
                    models.UniqueConstraint(
                        fields=("practice", "link", "nonce"), name="one_submission_per_page"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="form", name="practice_formsubmission_form_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="version", name="practice_formsubmission_version_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="link", name="practice_formsubmission_link_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="reviewed_by", name="practice_formsubmission_reviewed_by_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="result", name="practice_formsubmission_result_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_formsubmission_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormAnswer",
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
                ("text", models.TextField(blank=True, default="")),
                ("day", models.DateField(blank=True, null=True)),
                ("number", models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True)),
                ("yes", models.BooleanField(blank=True, null=True)),
                ("sealed", practice.encrypted.EncryptedField(blank=True, default="")),
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
                    "choice",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.formchoice",
                    ),
                ),
                (
                    "field",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practice.formfield"
                    ),
                ),
                (
                    "submission",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="practice.formsubmission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "submission", "field"), name="one_answer_per_question"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="submission", name="practice_formanswer_submission_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="field", name="practice_formanswer_field_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="choice", name="practice_formanswer_choice_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete", name="practice_formanswer_tenant", revoked="", secrets="sealed"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicLinkEvent",
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
                ("kind", models.CharField(choices=[("opened", "Opened"), ("sent", "Sent")], max_length=6)),
                (
                    "link",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="practice.publiclink",
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
                        deferred=False, field="link", name="practice_publiclinkevent_link_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="practice_publiclinkevent_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicRate",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField()),
                ("asked", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["began_at"], name="public_rate_by_age")],
            },
        ),
        migrations.CreateModel(
            name="QuarantinedFile",
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
                    "name",
                    models.CharField(
                        help_text="As its sender called it, cleaned; only ever shown", max_length=200
                    ),
                ),
                ("size", models.PositiveIntegerField(help_text="Bytes")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "sealed",
                    practice.encrypted.EncryptedField(
                        blank=True, default="", help_text="Base64 of the bytes; empty when it is settled"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "In quarantine"),
                            ("accepted", "Accepted"),
                            ("refused", "Not taken"),
                            ("destroyed", "Destroyed"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", help_text="Why it was not taken", max_length=300
                    ),
                ),
                (
                    "attachment",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.attachment",
                    ),
                ),
                (
                    "field",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practice.formfield"
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
                    "submission",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="practice.formsubmission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("sealed", ""), _connector="OR"),
                        name="settled_files_keep_no_bytes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            ("attachment__isnull", False),
                            _connector="OR",
                        ),
                        name="accepted_files_are_attached",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="submission", name="practice_quarantinedfile_submission_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="field", name="practice_quarantinedfile_field_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="attachment", name="practice_quarantinedfile_attachment_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_quarantinedfile_tenant",
                        revoked="",
                        secrets="sealed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalLimit",
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
                ("kind", models.CharField(max_length=60)),
                ("step", models.PositiveSmallIntegerField(default=1, help_text="1 decides first")),
                (
                    "above",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        help_text="The step is needed for larger amounts only; 0 for every amount",
                        max_digits=12,
                    ),
                ),
                (
                    "up_to",
                    models.DecimalField(
                        blank=True, decimal_places=2, help_text="Empty: any amount", max_digits=12, null=True
                    ),
                ),
                ("effective_from", models.DateField()),
                ("effective_to", models.DateField(blank=True, help_text="The last day", null=True)),
                (
                    "ended_on",
                    models.DateField(
                        blank=True,
                        help_text="Taken back: out of force from this day on, whatever the last day says",
                        null=True,
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("practice", "kind", "step", "role", "effective_from"),
                        name="one_limit_per_role_and_day",
                        violation_error_message="This role has a limit for this step from that day already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("step__gte", 1), ("step__lte", 5)),
                        name="limit_step_is_1_to_5",
                        violation_error_message="Enter a step from 1 to 5.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("above__gte", 0),
                            models.Q(("up_to", None), ("up_to__gt", models.F("above")), _connector="OR"),
                        ),
                        name="limit_spans_amounts",
                        violation_error_message="Enter an amount above the lower one, or leave it empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_to", None),
                            ("effective_to__gte", models.F("effective_from")),
                            _connector="OR",
                        ),
                        name="limit_ends_after_it_begins",
                        violation_error_message="The last day cannot be before the first.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="role", name="practice_approvallimit_role_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_approvallimit_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.RunSQL(form_sql.FIX, form_sql.UNFIX),
    ]
