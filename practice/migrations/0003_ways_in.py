"""Ways into a practice: invitations, one look-up for every secret, what a role demands."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy
from practice import sql


class Migration(migrations.Migration):
    dependencies = [("practice", "0002_functions")]

    operations = [
        migrations.RenameField("tokenlookup", "token_hash", "secret_hash"),
        migrations.RenameField("tokenlookup", "token_id", "row_id"),
        migrations.AlterField("tokenlookup", "row_id", models.UUIDField()),
        migrations.AddField(
            "tokenlookup",
            "kind",
            models.CharField(
                choices=[("token", "API token"), ("invitation", "Invitation"), ("display", "Wall display")],
                default="token",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            "tokenlookup", models.Index(fields=["practice", "row_id"], name="secrets_of_a_row")
        ),
        migrations.AddField(
            "user",
            "session_epoch",
            models.PositiveIntegerField(
                default=0, editable=False, help_text="One more ends every session of this person"
            ),
        ),
        migrations.AddField(
            "role",
            "requires_mfa",
            models.BooleanField(
                db_default=False, default=False, help_text="Its holders sign in with a second factor"
            ),
        ),
        migrations.RunSQL(sql.ROLES_WITH_A_SECOND_FACTOR, migrations.RunSQL.noop),
        migrations.AddField(
            "membership",
            "end_reason",
            models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            "practiceprofile",
            "setup_dismissed_at",
            models.DateTimeField(
                blank=True, editable=False, help_text="When somebody put the guided set-up away", null=True
            ),
        ),
        migrations.RemoveField("apitoken", "last_used_at"),
        migrations.AddField(
            "apitoken",
            "successor",
            practice.tenancy.TenantForeignKey(
                blank=True,
                help_text="The token that replaced it; it lives on for some hours, so that its client can change over",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="practice.apitoken",
            ),
        ),
        migrations.AddConstraint(
            "apitoken",
            practice.tenancy.SamePractice(
                deferred=False, field="successor", name="practice_apitoken_successor_same"
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
                ),
                ("email", models.EmailField(help_text="In lower case", max_length=254)),
                ("name", models.CharField(blank=True, default="", max_length=120)),
                (
                    "invited_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        related_name="+",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="practice.membership",
                    ),
                ),
                (
                    "secret_hash",
                    models.CharField(blank=True, default="", help_text="Empty until mailed", max_length=64),
                ),
                (
                    "sends",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How often it was asked to be mailed"
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "membership",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        help_text="Who came in by it",
                        related_name="+",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="practice.membership",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "-created_at"], name="invitation_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        fields=("practice", "email"),
                        name="one_open_invitation_per_email",
                        violation_error_message="This address is invited already. Send that invitation again.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="invited_by", name="practice_invitation_invited_by_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="membership", name="practice_invitation_membership_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_invitation_tenant",
                        revoked="",
                        secrets="secret_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvitationRole",
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
                    "invitation",
                    practice.tenancy.TenantForeignKey(
                        related_name="role_links",
                        on_delete=django.db.models.deletion.CASCADE,
                        to="practice.invitation",
                    ),
                ),
                (
                    "role",
                    practice.tenancy.TenantForeignKey(
                        related_name="+", on_delete=django.db.models.deletion.CASCADE, to="practice.role"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "invitation", "role"), name="one_role_link_per_invitation"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="invitation", name="practice_invitationrole_invitation_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="role", name="practice_invitationrole_role_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_invitationrole_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvitationLocation",
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
                    "invitation",
                    practice.tenancy.TenantForeignKey(
                        related_name="location_links",
                        on_delete=django.db.models.deletion.CASCADE,
                        to="practice.invitation",
                    ),
                ),
                (
                    "location",
                    practice.tenancy.TenantForeignKey(
                        related_name="+", on_delete=django.db.models.deletion.CASCADE, to="practice.location"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "invitation", "location"), name="one_site_link_per_invitation"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="invitation", name="practice_invitationlocation_invitation_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="location", name="practice_invitationlocation_location_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_invitationlocation_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LastUse",
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
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
                ),
                ("row_id", models.UUIDField(help_text="Of the membership, token or display")),
                ("used_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "row_id"), name="one_last_use_per_row"),
                    practice.tenancy.TenantTable(
                        audit="", name="practice_lastuse_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
        migrations.RunSQL(sql.LIVE_MEMBERSHIP, "DROP FUNCTION has_live_membership(uuid)"),
        migrations.RunSQL(sql.GLOBAL_RIGHTS, sql.GLOBAL_RIGHTS_BACK),
    ]
