"""Dated rules, the practice's own calendar, formats of numbers."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy

# Own values move over; where two overlapped, the later one counted, so the earlier one now ends before it.
MOVE = """
INSERT INTO practice_rulevalue (id, practice_id, created_at, updated_at, code, value, jurisdiction, effective_from,
  effective_to, reason, source)
SELECT id, practice_id, created_at, updated_at, code, value, '', effective_from,
  least(effective_to, lead(effective_from) OVER later - 1), coalesce(nullif(note, ''), 'Not said'), ''
FROM practice_parameter WHERE effective_to IS NULL OR effective_to >= effective_from
WINDOW later AS (PARTITION BY practice_id, code ORDER BY effective_from)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0010_files"),
    ]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Holiday",
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
                ("day", models.DateField()),
                ("name", models.CharField(max_length=80)),
                (
                    "status",
                    models.CharField(
                        choices=[("closed", "Closed"), ("open", "Open")],
                        default="closed",
                        help_text="Open: you work although it is a weekend or a federal holiday",
                        max_length=6,
                        verbose_name="open or closed",
                    ),
                ),
                (
                    "location",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        help_text="Empty: every location",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.location",
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
                    models.UniqueConstraint(
                        fields=("practice", "day", "location"),
                        name="one_word_on_a_day",
                        nulls_distinct=False,
                        violation_error_message="This day is on the list already",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="location", name="practice_holiday_location_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete", name="practice_holiday_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
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
                ("code", models.CharField(max_length=60)),
                (
                    "prefix",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Up to six letters that stand in front",
                        max_length=6,
                    ),
                ),
                (
                    "yearly",
                    models.BooleanField(
                        default=False,
                        help_text="The year stands in the number, and each year begins at 1",
                        verbose_name="begins again each year",
                    ),
                ),
                (
                    "width",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="Shorter numbers are filled up with zeros", verbose_name="digits"
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
                    models.UniqueConstraint(fields=("practice", "code"), name="one_format_per_series"),
                    models.UniqueConstraint(
                        condition=models.Q(("prefix", ""), _negated=True),
                        fields=("practice", "prefix"),
                        name="one_series_per_prefix",
                        violation_error_message="Another series has these letters",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("prefix__regex", "^[A-Z]{0,6}$")),
                        name="prefix_is_letters",
                        violation_error_message="Letters A to Z only",
                    ),
                    models.CheckConstraint(condition=models.Q(("width__range", (1, 8))), name="width_1_to_8"),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="practice_numberseries_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleCheck",
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
                ("code", models.CharField(max_length=80)),
                ("value", models.CharField(max_length=80)),
                ("jurisdiction", models.CharField(blank=True, default="", max_length=2)),
                ("effective_from", models.DateField()),
                ("is_own", models.BooleanField(default=False)),
                ("checked_on", models.DateField()),
                ("found_in", models.CharField(help_text="Where they looked", max_length=200)),
                (
                    "checked_by",
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
                "indexes": [
                    models.Index(fields=["practice", "code", "checked_on"], name="rule_checks_by_code")
                ],
                "constraints": [
                    practice.tenancy.SamePractice(
                        deferred=False, field="checked_by", name="practice_rulecheck_checked_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="update,delete",
                        name="practice_rulecheck_tenant",
                        revoked="update, delete",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleValue",
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
                ("code", models.CharField(max_length=80)),
                ("value", models.CharField(help_text="As practice.rules.units writes it", max_length=80)),
                (
                    "jurisdiction",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="A state's two letters; empty: everywhere",
                        max_length=2,
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="from")),
                ("effective_to", models.DateField(blank=True, null=True, verbose_name="until")),
                ("reason", models.CharField(max_length=200)),
                (
                    "source",
                    models.CharField(
                        blank=True, default="", help_text="Law, contract or policy", max_length=200
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
                    "set_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("practice", "="),
                            ("code", "="),
                            ("jurisdiction", "="),
                            (
                                models.Func(
                                    "effective_from",
                                    "effective_to",
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_rule_value_a_day",
                        violation_error_message="There is a value of yours for some of these days already",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_to", None),
                            ("effective_to__gte", models.F("effective_from")),
                            _connector="OR",
                        ),
                        name="rule_value_ends_after_it_begins",
                        violation_error_message="The last day comes before the first",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="set_by", name="practice_rulevalue_set_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete", name="practice_rulevalue_tenant", revoked="", secrets=""
                    ),
                ],
            },
        ),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Parameter"),  # 0.1 is not released: no older code reads the table
    ]
