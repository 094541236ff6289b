"""Break-glass grants for restricted patients."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations: list[object] = []
