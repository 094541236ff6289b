"""Tell the planner about rows that were just loaded in bulk."""

from __future__ import annotations

from typing import Any

from django.db import connection


def refresh(*models: Any) -> None:
    """ANALYZE the tables of these models, inside the caller's transaction: it sees its own new rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_statistics(%s)", [[model._meta.db_table for model in models]])
