"""What the virus scanner said of a file, and a word under each key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practice", "0007_custody")]

    operations = [
        migrations.AddField(
            "attachment",
            "scan",
            models.CharField(
                max_length=11,
                choices=[("not_scanned", "Not scanned"), ("clean", "Nothing found")],
                default="not_scanned",
                help_text="What the virus scanner said, if any",
            ),
        ),
        migrations.CreateModel(
            name="KeyWord",
            fields=[
                ("kind", models.CharField(max_length=5, primary_key=True, serialize=False)),
                ("sealed", models.TextField()),
            ],
        ),
    ]
