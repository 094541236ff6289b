"""The words patients are found by, kept by triggers."""

from django.db import migrations

from patients import search_sql


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        migrations.RunSQL(search_sql.MAKE, search_sql.UNMAKE),
    ]
