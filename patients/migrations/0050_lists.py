"""Indexes of two lists: restricted records by name, coverage by its last day."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # indexes on tables in use are made beside them

    dependencies = [("patients", "0002_break_glass")]

    operations = [
        AddIndexConcurrently(
            model_name="coverage",
            index=models.Index(
                condition=models.Q(("ends_on__isnull", False)),
                fields=["practice", "ends_on"],
                name="coverage_by_its_end",
            ),
        ),
        AddIndexConcurrently(
            model_name="patient",
            index=models.Index(
                condition=models.Q(("is_restricted", True)),
                fields=["practice", "last_name_key", "first_name_key"],
                name="restricted_by_name",
            ),
        ),
    ]
