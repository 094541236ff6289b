"""A link to sign is signed or declined: its consent says which. Words only, no column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0003_consent_links")]

    operations = [
        migrations.AlterField(
            "consentlink",
            "state",
            models.CharField(
                choices=[
                    ("going", "On its way"),
                    ("open", "Can be signed"),
                    ("signed", "Answered"),
                    ("failed", "Not sent"),
                    ("shut", "Shut"),
                    ("revoked", "Revoked"),
                ],
                default="going",
                max_length=7,
            ),
        ),
    ]
