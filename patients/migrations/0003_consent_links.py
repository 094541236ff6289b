"""Consents signed by drawing, and from outside by a link."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kit.ids
import practice.tenancy

PROTECT = django.db.models.deletion.PROTECT


def same(field):
    """The key of a link to something of its practice."""
    return practice.tenancy.SamePractice(
        deferred=False, field=field, name=f"patients_consentlink_{field}_same"
    )


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_words"), ("practice", "0003_consent_secrets")]

    operations = [
        migrations.AddField(
            "patientconsent",
            "drawing",
            models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="SVG path data, 600 by 200",
                verbose_name="drawn signature",
            ),
        ),
        migrations.AlterField(
            "patientconsent",
            "how",
            models.CharField(
                blank=True,
                choices=[
                    ("typed", "On screen, name typed"),
                    ("paper", "On paper"),
                    ("link", "From outside, by link"),
                ],
                default="",
                max_length=5,
            ),
        ),
        migrations.CreateModel(
            name="ConsentLink",
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
                        on_delete=PROTECT,
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
                    "patient",
                    practice.tenancy.TenantForeignKey(
                        on_delete=PROTECT, related_name="consent_links", to="patients.patient"
                    ),
                ),
                (
                    "version",
                    practice.tenancy.TenantForeignKey(
                        on_delete=PROTECT,
                        related_name="links",
                        to="patients.consentversion",
                        verbose_name="consent",
                    ),
                ),
                (
                    "representative",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=PROTECT,
                        related_name="+",
                        to="patients.representative",
                        verbose_name="who signs for the patient",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("text", "Text message"),
                            ("email", "E-mail"),
                            ("hand", "Address or code shown"),
                        ],
                        max_length=5,
                        verbose_name="sent by",
                    ),
                ),
                ("address", models.CharField(blank=True, default="", max_length=254, verbose_name="to")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("going", "On its way"),
                            ("open", "Can be signed"),
                            ("signed", "Signed"),
                            ("failed", "Not sent"),
                            ("shut", "Shut"),
                            ("revoked", "Revoked"),
                        ],
                        default="going",
                        max_length=7,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                (
                    "recipient",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="may go to"),
                ),
                (
                    "covers",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="what may go"),
                ),
                ("holds_until", models.DateField(blank=True, null=True)),
                ("secret_hash", models.CharField(blank=True, default="", max_length=64)),
                ("expires_at", models.DateTimeField(verbose_name="opens until")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="handed over")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="first opened")),
                ("wrong", models.PositiveSmallIntegerField(default=0, verbose_name="wrong dates of birth")),
                (
                    "consent",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=PROTECT,
                        related_name="links",
                        to="patients.patientconsent",
                        verbose_name="signature",
                    ),
                ),
                (
                    "made_by",
                    practice.tenancy.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="practice.membership",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["practice", "patient"], name="consent_links_of_patient"),
                    models.Index(fields=["practice", "expires_at", "id"], name="consent_links_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("consent__isnull", False), ("state", "signed"))
                        | models.Q(models.Q(("state", "signed"), _negated=True), ("consent", None)),
                        name="a_signed_link_has_its_signature",
                    ),
                    same("patient"),
                    same("version"),
                    same("representative"),
                    same("consent"),
                    same("made_by"),
                    practice.tenancy.TenantTable(
                        audit="insert,update,delete",
                        name="patients_consentlink_tenant",
                        revoked="",
                        secrets="secret_hash",
                    ),
                ],
            },
        ),
    ]
