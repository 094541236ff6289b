"""What a practice may take with it, and how it is destroyed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practice", "0006_displays")]

    operations: list[object] = []
