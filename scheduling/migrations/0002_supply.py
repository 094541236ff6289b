"""Supply: visit types in full, templates in versions, exceptions, held time, displaced visits, one site at a time."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy

# Weekly hours become one published version a resource; stretches of a single day become extra sessions.
HOURS_BECOME_VERSIONS = """
INSERT INTO scheduling_scheduletemplate
  (practice_id, resource_id, version, name, state, valid_from, cycle_weeks, anchor_date, published_at)
SELECT practice_id, resource_id, 1, '', 'published', min(valid_from), 1, min(valid_from), now()
FROM scheduling_templateblock WHERE valid_to IS NULL GROUP BY practice_id, resource_id;
UPDATE scheduling_templateblock b SET template_id = t.id FROM scheduling_scheduletemplate t
WHERE t.practice_id = b.practice_id AND t.resource_id = b.resource_id AND b.valid_to IS NULL;
INSERT INTO scheduling_scheduleexception
  (practice_id, resource_id, kind, starts_on, ends_on, starts_at, ends_at, reason, source)
SELECT practice_id, resource_id, 'extra', valid_from, valid_from, starts_at, ends_at,
       COALESCE(NULLIF(label, ''), 'Extra session'), 'manual'
FROM scheduling_templateblock
WHERE template_id IS NULL AND valid_to = valid_from AND kind = 'open'
  AND extract(isodow FROM valid_from)::int - 1 = weekday;
UPDATE scheduling_availabilityblock a SET capacity = r.capacity,
  releases_at = CASE WHEN a.kind = 'held' THEN a.local_day::timestamp AT TIME ZONE l.timezone END
FROM scheduling_resource r JOIN practice_location l ON l.practice_id = r.practice_id AND l.id = r.location_id
WHERE r.practice_id = a.practice_id AND r.id = a.resource_id;
UPDATE scheduling_availabilityblock SET template_id = NULL;
DELETE FROM scheduling_templateblock WHERE template_id IS NULL;
UPDATE scheduling_resourcebooking b SET provider_id = r.provider_id FROM scheduling_resource r
WHERE r.practice_id = b.practice_id AND r.id = b.resource_id AND r.kind = 'provider' AND b.active
  AND b.starts_at > now() AND NOT EXISTS (
    SELECT 1 FROM scheduling_resourcebooking o JOIN scheduling_resource s
      ON s.practice_id = o.practice_id AND s.id = o.resource_id
    WHERE o.practice_id = b.practice_id AND o.active AND s.provider_id = r.provider_id AND o.resource_id <> r.id
      AND o.during && b.during);
SET CONSTRAINTS ALL IMMEDIATE;
"""
# Practices that stand already: their default roles get what new ones have.
PERMISSIONS = """
INSERT INTO practice_rolepermission (practice_id, role_id, permission)
SELECT r.practice_id, r.id, p.permission FROM practice_role r,
  (VALUES ('scheduling.book_outside', 'owner manager front_desk physician'),
          ('scheduling.view_access', 'owner manager physician')) p (permission, roles)
WHERE r.code = ANY (string_to_array(p.roles, ' ')) ON CONFLICT DO NOTHING;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0019_checklists"),
        ("scheduling", "0001_initial"),
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScheduleTemplate",
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
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "name",
                    models.CharField(blank=True, default="", help_text="Such as Summer hours", max_length=60),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Replaced")],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="in force from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True, help_text="Empty: until further notice", null=True, verbose_name="until"
                    ),
                ),
                (
                    "cycle_weeks",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="1: every week is the same. 2: two weeks take turns",
                        verbose_name="weeks that alternate",
                    ),
                ),
                ("anchor_date", models.DateField(help_text="A day of the cycle's first week")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "based_on",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="scheduling.scheduletemplate",
                    ),
                ),
                (
                    "published_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "resource",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="templates",
                        to="scheduling.resource",
                        verbose_name="provider or resource",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["practice", "resource", "-version"], name="templates_newest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="a_template_ends_after_it_begins",
                        violation_error_message="Enter a last day that is not before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cycle_weeks__range", (1, 8))),
                        name="a_cycle_has_weeks",
                        violation_error_message="Enter 1 to 8 weeks.",
                    ),
                    models.UniqueConstraint(
                        fields=("practice", "resource", "version"), name="one_template_per_version"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "published")),
                        expressions=[
                            ("practice", "="),
                            ("resource", "="),
                            (
                                models.Func(
                                    "valid_from",
                                    "valid_to",
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_template_in_force",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="resource", name="scheduling_scheduletemplate_resource_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="based_on", name="scheduling_scheduletemplate_based_on_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False,
                        field="published_by",
                        name="scheduling_scheduletemplate_published_by_same",
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="scheduling_scheduletemplate_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScheduleException",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("closed", "Closed"),
                            ("extra", "Open in addition"),
                            ("retime", "These hours instead"),
                        ],
                        default="closed",
                        max_length=6,
                        verbose_name="what",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                (
                    "starts_at",
                    models.TimeField(
                        blank=True,
                        help_text="Local time. Empty: the whole day (closed only)",
                        null=True,
                        verbose_name="from",
                    ),
                ),
                ("ends_at", models.TimeField(blank=True, null=True, verbose_name="to")),
                (
                    "reason",
                    models.CharField(help_text="Shown in the day view: no patient’s name", max_length=120),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("leave", "Leave"), ("holiday", "Holiday"), ("manual", "Other")],
                        default="manual",
                        max_length=8,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "location",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        help_text="Everybody and everything there",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="practice.location",
                    ),
                ),
                (
                    "resource",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        help_text="Or choose a location, for everybody there",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="scheduling.resource",
                        verbose_name="provider or resource",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["practice", "-starts_on", "id"], name="exceptions_by_day"),
                    models.Index(fields=["practice", "resource", "ends_on"], name="exceptions_of_resource"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("location__isnull", False), ("resource", None)),
                            models.Q(("location", None), ("resource__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_exception_is_of_one_thing",
                        violation_error_message="Choose a provider or resource, or a location.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="an_exception_ends_after_it_begins",
                        violation_error_message="Enter a last day that is not before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_at", None), ("kind", "closed"), ("starts_at", None)),
                            models.Q(("ends_at__gt", models.F("starts_at")), ("starts_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_exception_has_its_hours",
                        violation_error_message="Enter from and to, the second after the first.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="resource", name="scheduling_scheduleexception_resource_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="location", name="scheduling_scheduleexception_location_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="scheduling_scheduleexception_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderTypeRule",
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
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Empty: as the type says", null=True
                    ),
                ),
                (
                    "buffer_before",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: as the type says",
                        null=True,
                        verbose_name="minutes before",
                    ),
                ),
                (
                    "buffer_after",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: as the type says",
                        null=True,
                        verbose_name="minutes after",
                    ),
                ),
                (
                    "max_per_day",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Empty: as many as fit", null=True, verbose_name="most in a day"
                    ),
                ),
                ("is_offered", models.BooleanField(default=True, verbose_name="takes these visits")),
                (
                    "provider",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="type_rules",
                        to="staff.provider",
                    ),
                ),
                (
                    "type",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="scheduling.appointmenttype",
                        verbose_name="visit type",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "provider", "type"),
                        name="one_rule_per_provider_and_type",
                        violation_error_message="This provider has a rule for this visit type already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes", None), ("minutes__range", (5, 600)), _connector="OR"),
                        name="a_providers_visit_takes_minutes",
                        violation_error_message="Enter 5 to 600 minutes, or nothing.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="provider", name="scheduling_providertyperule_provider_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="type", name="scheduling_providertyperule_type_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="scheduling_providertyperule_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderTypeSite",
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
                    "location",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="practice.location"
                    ),
                ),
                (
                    "rule",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sites",
                        to="scheduling.providertyperule",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "rule", "location"), name="one_row_per_rule_and_site"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="rule", name="scheduling_providertypesite_rule_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="location", name="scheduling_providertypesite_location_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="scheduling_providertypesite_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TypeNeed",
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
                    "kind",
                    models.CharField(
                        choices=[("room", "Room"), ("device", "Device")], default="room", max_length=8
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Only resources of this group, such as Ultrasound. Empty: any of this kind",
                        max_length=40,
                    ),
                ),
                (
                    "count",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="0: none any more", verbose_name="how many"
                    ),
                ),
                (
                    "type",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs",
                        to="scheduling.appointmenttype",
                        verbose_name="visit type",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "group"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "type", "kind", "group"),
                        name="one_need_per_kind_and_group",
                        violation_error_message="This visit type asks for that already. Change the number there.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("count__range", (0, 9))),
                        name="a_need_is_a_few",
                        violation_error_message="Enter 0 to 9.",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="type", name="scheduling_typeneed_type_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="scheduling_typeneed_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Displacement",
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
                ("cause", models.CharField(max_length=160)),
                ("was_at", models.DateTimeField(help_text="The visit's time when this was found")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be settled"),
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                            ("kept", "Kept at its time"),
                            ("covered", "Inside the hours again"),
                            ("over", "Its day has come"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                (
                    "appointment",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="displacements",
                        to="scheduling.appointment",
                        verbose_name="visit",
                    ),
                ),
                (
                    "settled_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
                (
                    "exception",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="scheduling.scheduleexception",
                    ),
                ),
                (
                    "template",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="scheduling.scheduletemplate",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "state", "was_at"], name="displaced_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("practice", "appointment"),
                        name="displaced_once_at_a_time",
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="appointment", name="scheduling_displacement_appointment_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="template", name="scheduling_displacement_template_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="exception", name="scheduling_displacement_exception_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="settled_by", name="scheduling_displacement_settled_by_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="scheduling_displacement_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="templateblock",
            name="template",
            field=practice.tenancy.TenantForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="blocks",
                to="scheduling.scheduletemplate",
            ),
        ),
        migrations.AddField(
            model_name="appointmenttype",
            name="align_minutes",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (5, "Every 5 minutes"),
                    (10, "Every 10 minutes"),
                    (15, "On the quarter hour"),
                    (20, "Every 20 minutes"),
                    (30, "On the half hour"),
                    (60, "On the hour"),
                ],
                help_text="When it may begin. Empty: every step of the booking grid from the start of open time",
                null=True,
                verbose_name="starts",
            ),
        ),
        migrations.AddField(
            model_name="appointmenttype",
            name="bookable_online",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Offered to patients themselves",
                verbose_name="bookable from outside",
            ),
        ),
        migrations.AddField(
            model_name="appointmenttype",
            name="buffer_before",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="Preparation that nobody else can be booked into",
                verbose_name="minutes before",
            ),
        ),
        migrations.AddField(
            model_name="availabilityblock",
            name="capacity",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="availabilityblock",
            name="releases_at",
            field=models.DateTimeField(
                blank=True, help_text="From when held time takes everything", null=True
            ),
        ),
        migrations.AddField(
            model_name="availabilityblock",
            name="shifted",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Its wall-clock time does not exist that day (spring): it is an hour later",
            ),
        ),
        migrations.AddField(
            model_name="availabilityblock",
            name="source",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="scheduling.templateblock",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="group",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="What a visit type may ask for by name, such as Ultrasound",
                max_length=40,
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="has_hours",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="A room or device without hours can be taken whenever it is not closed",
                verbose_name="has hours of its own",
            ),
        ),
        migrations.AddField(
            model_name="resourcebooking",
            name="provider",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                help_text="Whose resource it is: nobody is at two sites at once",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="staff.provider",
            ),
        ),
        migrations.AddField(
            model_name="templateblock",
            name="capacity",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="Visits at one time. Empty: as the resource", null=True
            ),
        ),
        migrations.AddField(
            model_name="templateblock",
            name="cycle_week",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="Which week of the cycle. Empty: every week", null=True
            ),
        ),
        migrations.AddField(
            model_name="templateblock",
            name="release_hours_before",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Held time opens for everything so many hours before. Empty: when its day begins",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="availabilityblock",
            name="exception",
            field=practice.tenancy.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="scheduling.scheduleexception",
            ),
        ),
        migrations.RunSQL(HOURS_BECOME_VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(PERMISSIONS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="availabilityblock",
            name="scheduling_availabilityblock_template_same",
        ),
        migrations.RemoveConstraint(
            model_name="templateblock",
            name="scheduling_templateblock_resource_same",
        ),
        migrations.RemoveIndex(
            model_name="availabilityblock",
            name="availability_of_day",
        ),
        migrations.RemoveIndex(
            model_name="templateblock",
            name="template_of_resource",
        ),
        migrations.RemoveField(
            model_name="availabilityblock",
            name="template",
        ),
        migrations.RemoveField(
            model_name="templateblock",
            name="resource",
        ),
        migrations.RemoveField(
            model_name="templateblock",
            name="valid_from",
        ),
        migrations.RemoveField(
            model_name="templateblock",
            name="valid_to",
        ),
        migrations.AlterField(
            model_name="appointmenttype",
            name="buffer_after",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="Minutes of cleaning or notes", verbose_name="minutes after"
            ),
        ),
        migrations.AlterField(
            model_name="appointmenttype",
            name="is_new_patient",
            field=models.BooleanField(default=False, verbose_name="for new patients"),
        ),
        migrations.AlterField(
            model_name="appointmenttype",
            name="minutes",
            field=models.PositiveSmallIntegerField(
                default=20,
                help_text="How long it takes, unless a provider has a rule of their own",
                verbose_name="minutes",
            ),
        ),
        migrations.AlterField(
            model_name="appointmenttype",
            name="tone",
            field=models.CharField(
                choices=[
                    ("plain", "Plain"),
                    ("info", "Blue"),
                    ("ok", "Green"),
                    ("accent", "Teal"),
                    ("warn", "Amber"),
                ],
                default="info",
                max_length=8,
                verbose_name="color",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="capacity",
            field=models.PositiveSmallIntegerField(default=1, help_text="Visits at one time"),
        ),
        migrations.AlterField(
            model_name="resource",
            name="overbook_max",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="Visits above that, with a permission and a reason",
                verbose_name="overbooked at most",
            ),
        ),
        migrations.AlterField(
            model_name="resourcebooking",
            name="starts_at",
            field=models.DateTimeField(help_text="Including the buffer before the visit"),
        ),
        migrations.AddConstraint(
            model_name="appointmenttype",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (5, 600))),
                name="a_visit_takes_minutes",
                violation_error_message="Enter 5 to 600 minutes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__range", (1, 50))),
                name="a_resource_takes_somebody",
                violation_error_message="Enter 1 to 50 visits at one time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resourcebooking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("active", True), ("provider__isnull", False)),
                expressions=[("practice", "="), ("provider", "="), ("resource", "<>"), ("during", "&&")],
                name="no_provider_at_two_sites",
            ),
        ),
        migrations.AddConstraint(
            model_name="resourcebooking",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="provider", name="scheduling_resourcebooking_provider_same"
            ),
        ),
        migrations.AlterConstraint(
            model_name="appointmenttype",
            name="one_type_per_code",
            constraint=models.UniqueConstraint(
                fields=("practice", "code"),
                name="one_type_per_code",
                violation_error_message="There is a visit type with this code.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="resource",
            name="one_resource_per_provider_and_site",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "provider")),
                fields=("practice", "provider", "location"),
                name="one_resource_per_provider_and_site",
                violation_error_message="This provider can be booked at this location already.",
            ),
        ),
        migrations.AddIndex(
            model_name="availabilityblock",
            index=models.Index(
                fields=["practice", "resource", "local_day", "starts_at"], name="availability_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="availabilityblock",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="source", name="scheduling_availabilityblock_source_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="availabilityblock",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="exception", name="scheduling_availabilityblock_exception_same"
            ),
        ),
        migrations.AddIndex(
            model_name="templateblock",
            index=models.Index(fields=["practice", "template", "weekday"], name="blocks_of_template"),
        ),
        migrations.AddConstraint(
            model_name="templateblock",
            constraint=practice.tenancy.SamePractice(
                deferred=False, field="template", name="scheduling_templateblock_template_same"
            ),
        ),
        migrations.AlterField(
            model_name="templateblock",
            name="template",
            field=practice.tenancy.TenantForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="blocks",
                to="scheduling.scheduletemplate",
            ),
        ),
        migrations.CreateModel(
            name="TemplateBlockType",
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
                    "block",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="types",
                        to="scheduling.templateblock",
                    ),
                ),
                (
                    "type",
                    practice.tenancy.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="scheduling.appointmenttype",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "block", "type"), name="one_row_per_block_and_type"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="block", name="scheduling_templateblocktype_block_same"
                    ),
                    practice.tenancy.SamePractice(
                        deferred=False, field="type", name="scheduling_templateblocktype_type_same"
                    ),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="scheduling_templateblocktype_tenant",
                        revoked="",
                        secrets="",
                    ),
                ],
            },
        ),
    ]
