"""The seal over everything that is append-only, and the trail of people."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
from practice import seal_sql, sql
from practice.tenancy import (
    UUID7,
    CurrentTransaction,
    PracticeField,
    SamePractice,
    Setting,
    TenantForeignKey,
    TenantTable,
    TransactionIdField,
    sealed_sql,
)

PROTECT = django.db.models.deletion.PROTECT
NOW = django.db.models.functions.datetime.Now()
UNTOUCHED = "insert, update, delete"


def row_id():
    return (
        "id",
        models.UUIDField(
            db_default=UUID7(), default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False
        ),
    )


def of_practice(**extra):
    return (
        "practice",
        PracticeField(
            db_index=False,
            editable=False,
            on_delete=PROTECT,
            related_name="+",
            to="practice.practice",
            **extra,
        ),
    )


def link(to, related):
    return TenantForeignKey(on_delete=PROTECT, related_name=related, to=f"practice.{to}")


def guarded(table, *, revoked=UNTOUCHED, audit=""):
    return TenantTable(audit=audit, name=f"{table}_tenant", revoked=revoked, secrets="")


def secure_what_stands(apps, schema_editor):
    """Tables that were made before this rule get its index and policy; on a new database all have them."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name, columns FROM seal_covers() WHERE tenant")
        for table, columns in cursor.fetchall():
            cursor.execute(sealed_sql(table, columns=columns.split(",")))


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0004_sessions"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEpoch",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                (
                    "started_at",
                    models.DateTimeField(
                        help_text="No row of this epoch is older, none of the one before younger"
                    ),
                ),
                ("transaction", TransactionIdField()),
                ("reason", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="AuditShape",
            fields=[
                row_id(),
                of_practice(db_constraint=False),
                ("table_name", models.CharField(max_length=63)),
                (
                    "columns",
                    models.TextField(help_text="Quoted names, in the order in which they are digested"),
                ),
                ("digest", models.BinaryField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "table_name", "digest"), name="one_shape_per_columns"
                    ),
                    guarded("practice_auditshape"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                row_id(),
                of_practice(db_constraint=False),
                ("number", models.PositiveIntegerField()),
                ("epoch", models.PositiveIntegerField()),
                ("since", TransactionIdField()),
                ("upto", TransactionIdField()),
                ("rows", models.BigIntegerField()),
                ("previous", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("at", models.DateTimeField(db_default=NOW)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "number"), name="one_seal_per_number"),
                    guarded("practice_auditseal"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditSealPart",
            fields=[
                row_id(),
                of_practice(db_constraint=False),
                ("seal", link("auditseal", "parts")),
                ("table_name", models.CharField(max_length=63)),
                ("shape", link("auditshape", "+")),
                ("rows", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "seal", "table_name"), name="one_part_per_table"
                    ),
                    SamePractice(deferred=False, field="seal", name="practice_auditsealpart_seal_same"),
                    SamePractice(deferred=False, field="shape", name="practice_auditsealpart_shape_same"),
                    guarded("practice_auditsealpart"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditRetirement",
            fields=[
                row_id(),
                of_practice(db_constraint=False),
                ("part", link("auditsealpart", "retirements")),
                ("years_kept", models.PositiveSmallIntegerField()),
                ("rows", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("created_at", models.DateTimeField(db_default=NOW, editable=False)),
                ("tx", TransactionIdField(db_default=CurrentTransaction(), editable=False)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "part"), name="one_retirement_per_part"),
                    SamePractice(deferred=False, field="part", name="practice_auditretirement_part_same"),
                    guarded("practice_auditretirement"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditVerification",
            fields=[
                row_id(),
                of_practice(),
                ("created_at", models.DateTimeField(db_default=NOW, editable=False)),
                ("created_by", models.TextField(db_default=Setting("app.actor"), editable=False)),
                ("request_id", models.TextField(db_default=Setting("app.request_id"), editable=False)),
                ("tx", TransactionIdField(db_default=CurrentTransaction(), editable=False)),
                ("batches", models.BigIntegerField()),
                ("rows", models.BigIntegerField()),
                ("seconds", models.DecimalField(decimal_places=1, max_digits=8)),
                ("findings", models.PositiveIntegerField()),
                ("first_finding", models.CharField(blank=True, default="", max_length=400)),
                ("head", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "-created_at"], name="verifications_newest")],
                "constraints": [
                    guarded("practice_auditverification", revoked="update, delete", audit="update,delete")
                ],
            },
        ),
        migrations.AddField("auditglobal", "address", models.GenericIPAddressField(null=True)),
        migrations.AddField(
            "auditglobal",
            "detail",
            models.CharField(db_default="", help_text="Kind of factor, or a keyed hash", max_length=80),
        ),
        migrations.AddField("auditglobal", "event", models.CharField(db_default="", max_length=40)),
        migrations.AddField(
            "auditglobal", "request_id", models.TextField(db_default=Setting("app.request_id"))
        ),
        migrations.AddField(
            "auditglobal", "tx", TransactionIdField(db_default=CurrentTransaction(), editable=False)
        ),
        migrations.AlterField("auditglobal", "action", models.CharField(db_default="", max_length=1)),
        migrations.AlterField(
            "auditglobal",
            "row_id",
            models.UUIDField(help_text="The person; none where nobody of that name is known", null=True),
        ),
        migrations.AddIndex(
            "auditaccess",
            models.Index(fields=["practice", "created_by", "-created_at"], name="access_by_somebody"),
        ),
        migrations.AddIndex(
            "auditaccess", models.Index(fields=["practice", "action", "-created_at"], name="access_of_a_kind")
        ),
        migrations.AddIndex(
            "auditaccesspatient",
            models.Index(fields=["practice", "access"], name="patients_of_an_access"),
        ),
        migrations.AddIndex(
            "auditchange",
            models.Index(
                condition=models.Q(("actor__gte", "token:"), ("actor__lt", "user;")),
                fields=["practice", "actor", "id"],
                name="changes_by_somebody",
            ),
        ),
        migrations.AddIndex(
            "auditchange", models.Index(fields=["practice", "table_name", "id"], name="changes_of_a_kind")
        ),
        migrations.AddIndex("auditglobal", models.Index(fields=["row_id", "-id"], name="global_of_a_person")),
        migrations.AddIndex("auditglobal", models.Index(fields=["tx"], name="practice_auditglobal_tx")),
        migrations.RunSQL(sql.AUDIT_ROW, migrations.RunSQL.noop),
        migrations.RunSQL(
            seal_sql.COVERED + seal_sql.SEALING + seal_sql.EPOCHS + seal_sql.PEOPLE, seal_sql.DROP
        ),
        migrations.RunPython(secure_what_stands, migrations.RunPython.noop),
    ]
