"""Journal lines in the order of their list: made beside running work, as an index of a table that may be large is."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("finance", "0002_books_balance")]

    operations = [
        AddIndexConcurrently(
            "journalline", models.Index(fields=["practice", "dated_on", "id"], name="line_by_day")
        ),
    ]
