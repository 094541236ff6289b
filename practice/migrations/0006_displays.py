"""Wall displays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practice", "0005_seal")]

    operations = [
        migrations.AddField(
            model_name="auditaccesspatient",
            name="grant_id",
            field=models.UUIDField(help_text="The break-glass grant that opened the record", null=True),
        ),
        migrations.AddIndex(
            model_name="auditaccesspatient",
            index=models.Index(
                condition=models.Q(("grant_id__isnull", False)),
                fields=["practice", "grant_id", "created_at"],
                name="access_under_a_grant",
            ),
        ),
    ]
