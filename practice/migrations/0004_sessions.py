"""Sessions: drafts, and who is signed in where."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practice", "0003_ways_in")]

    operations: list[object] = []
