"""Imports are the tenant's: every room brings sheets in, and a run is a run (practice 0015, docs/adr/0014)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("interop", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="ImportRefusal"),
        migrations.DeleteModel(name="ImportFile"),
        migrations.DeleteModel(name="ImportedRecord"),
        migrations.DeleteModel(name="ImportRun"),
    ]
