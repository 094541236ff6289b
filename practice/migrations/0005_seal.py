"""The seal over everything that is append-only, and the trail of people."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practice", "0004_sessions")]

    operations: list[object] = []
