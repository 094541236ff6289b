"""The index by which holds that have run out are found."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index on a table in use is made beside it

    dependencies = [("scheduling", "0020_wait")]

    operations = [
        AddIndexConcurrently(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("status", "held")),
                fields=["practice", "hold_expires_at"],
                name="holds_by_expiry",
            ),
        ),
    ]
