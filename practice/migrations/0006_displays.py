"""Wall displays."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practice", "0005_seal")]

    operations: list[object] = []
