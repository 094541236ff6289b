"""The secrets of links to sign."""

from django.db import migrations, models

KINDS = [
    ("token", "API token"),
    ("invitation", "Invitation"),
    ("display", "Wall display"),
    ("link", "Public link"),
    ("letter", "Letter online"),
    ("visit", "Answer to a reminder"),
    ("calendar", "Calendar feed"),
    ("consent", "Consent to sign"),
]


class Migration(migrations.Migration):
    dependencies = [("practice", "0002_functions")]

    operations = [
        migrations.AlterField(
            "tokenlookup", "kind", models.CharField(choices=KINDS, default="token", max_length=12)
        )
    ]
